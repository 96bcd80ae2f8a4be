package io.ringcast.match;

import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;

/**
 * What of a subscription's logs filter also holds for {@code eth_getLogs} of one block.
 * Any thread.
 */
final class LogsFilterText
{
    private static final byte[] ADDRESS = {'a', 'd', 'd', 'r', 'e', 's', 's'};
    private static final byte[] TOPICS = {'t', 'o', 'p', 'i', 'c', 's'};

    private LogsFilterText()
    {
    }

    /**
     * Picks the members out.
     *
     * @param feedParams {@code ["logs",{...}]}, as it is sent upstream.
     * @return an object with address and topics at most; without members if all logs are wanted.
     */
    static String of(final String feedParams)
    {
        final byte[] bytes = feedParams.getBytes(StandardCharsets.UTF_8);
        final JsonCursor params = new JsonCursor();
        final JsonCursor filter = new JsonCursor();
        final StringBuilder text = new StringBuilder("{");
        if (params.tryBegin(bytes, 0, bytes.length) && params.next() && params.next() &&
            filter.tryBegin(bytes, params.valueOffset, params.valueLength) && filter.isObject())
        {
            while (filter.next())
            {
                if ((filter.isNamed(ADDRESS) || filter.isNamed(TOPICS)) && bytes[filter.valueOffset] != 'n')
                {
                    text.append(text.length() > 1 ? ",\"" : "\"")
                        .append(new String(bytes, filter.nameOffset, filter.nameLength, StandardCharsets.UTF_8))
                        .append("\":")
                        .append(new String(bytes, filter.valueOffset, filter.valueLength, StandardCharsets.UTF_8));
                }
            }
        }
        return text.append('}').toString();
    }
}
