package io.ringcast.match;

import java.util.List;
import java.util.Map;

/**
 * Which members of an item a subscriber may ask for by one name.
 * Immutable.
 */
final class FieldPresets
{
    private static final Map<String, List<String>> OF_HEADS = Map.of(
        "minimal", List.of("hash", "number", "parentHash", "timestamp"),
        "ethers", List.of("hash", "number", "parentHash", "timestamp"));
    /** ethers reads all of these, and throws if one is missing. */
    private static final Map<String, List<String>> OF_LOGS = Map.of(
        "minimal", List.of("address", "data", "removed", "topics"),
        "ethers", List.of(
            "address", "blockHash", "blockNumber", "data", "logIndex", "removed", "topics", "transactionHash",
            "transactionIndex"));

    private FieldPresets()
    {
    }

    /**
     * Puts the members in place of a preset's name.
     *
     * @param fields what was asked for: names, or one preset with {@code @} before it.
     * @param isLogs whether the items are logs; else they are heads.
     * @return the names in canonical order.
     */
    static List<String> expand(final List<String> fields, final boolean isLogs) throws BadParams
    {
        if (!fields.get(0).startsWith("@"))
        {
            return fields.stream().sorted().toList();
        }
        final List<String> members = (isLogs ? OF_LOGS : OF_HEADS).get(fields.get(0).substring(1));
        if (members == null)
        {
            throw new BadParams("relay option fields=" + fields.get(0).substring(1) +
                "; allowed: a list of members, ethers or minimal");
        }
        return members;
    }
}
