package io.ringcast.tools.load;

import com.dslplatform.json.DslJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The address and topics of the logs that the stamping node sends: such that a given filter matches all of them.
 * Immutable.
 *
 * @param address the address, or null where it changes from log to log.
 * @param topics  the topics.
 */
record LogShape(String address, List<String> topics)
{
    private static final String ADDRESS = "0xdac17f958d2ee523a2206206994597c13d831ec7";
    private static final String TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
    private static final List<String> TOPICS = List.of(TRANSFER, "0x" + "0".repeat(63) + "1",
        "0x" + "0".repeat(63) + "2");
    private static final int FIRST_ADDRESS = 0x10000;

    /**
     * Makes the shape for a plan.
     *
     * @param plan has a filter, or distinct addresses, or neither.
     * @return the shape.
     * @throws IOException if the filter is no JSON object.
     */
    static LogShape of(final LoadPlan plan) throws IOException
    {
        if (plan.distinct() > 0)
        {
            return new LogShape(null, plan.kind() == LoadKind.SHORT_LOGS ? TOPICS.subList(0, 1) : TOPICS);
        }
        if (plan.filter() == null)
        {
            return new LogShape(ADDRESS, TOPICS);
        }
        final Map<?, ?> filter = readFilter(plan.filter());
        final Object address = first(filter.get("address"));
        final List<String> topics = new ArrayList<>(TOPICS);
        if (filter.get("topics") instanceof List<?> wanted)
        {
            for (int i = 0; i < wanted.size() && i < 4; i++)
            {
                final Object topic = first(wanted.get(i));
                if (i == topics.size())
                {
                    topics.add(TOPICS.get(2));
                }
                topics.set(i, topic == null ? topics.get(i) : topic.toString());
            }
        }
        return new LogShape(address == null ? ADDRESS : address.toString(), List.copyOf(topics));
    }

    /** Reads a filter. */
    static Map<?, ?> readFilter(final String text) throws IOException
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new DslJson<>().deserialize(Map.class, new ByteArrayInputStream(bytes));
    }

    private static Object first(final Object oneOrMany)
    {
        return oneOrMany instanceof List<?> many ? many.isEmpty() ? null : many.get(0) : oneOrMany;
    }

    /** The address of one of the distinct filters. */
    static String address(final int group)
    {
        return String.format(Locale.ROOT, "0x%040x", FIRST_ADDRESS + group);
    }

    /** The filter whose address it is, or -1. */
    static int group(final Object address)
    {
        final String text = String.valueOf(address);
        final boolean isOurs = text.startsWith("0x" + "0".repeat(30));
        return isOurs ? (int)(Long.parseLong(text.substring(32), 16) - FIRST_ADDRESS) : -1;
    }
}
