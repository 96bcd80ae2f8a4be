package io.ringcast.match;

import io.ringcast.frame.HexWords;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads with which block a subscription is to begin.
 * Any thread: it holds nothing.
 */
final class HistoryStart
{
    private HistoryStart()
    {
    }

    /**
     * Reads the members {@code fromBlock}, {@code toBlock} and {@code blockHash}.
     *
     * @param filter    a filter object.
     * @param elsewhere what else says where to begin, if the filter does not; may be null.
     * @return the first block's number, or {@link SubscriptionRequest#FROM_SAFE} or
     *     {@link SubscriptionRequest#FROM_FINALIZED}; {@link SubscriptionRequest#NO_HISTORY} if what is new is wanted.
     * @throws BadParams if the end is given, or the beginning is none.
     */
    static long of(final Map<?, ?> filter, final String elsewhere) throws BadParams
    {
        final Object to = filter.get("toBlock");
        if (to != null && !"latest".equals(to))
        {
            throw LogFilterReader.invalid(1, "toBlock can't be had with relay option history: it has no end");
        }
        if (filter.get("blockHash") != null)
        {
            throw LogFilterReader.invalid(1, "blockHash can't be had with relay option history");
        }
        final Object from = filter.get("fromBlock") == null ? elsewhere : filter.get("fromBlock");
        if (from == null || "latest".equals(from) || "pending".equals(from))
        {
            return SubscriptionRequest.NO_HISTORY;
        }
        if ("earliest".equals(from))
        {
            return 0;
        }
        if ("safe".equals(from) || "finalized".equals(from))
        {
            return "safe".equals(from) ? SubscriptionRequest.FROM_SAFE : SubscriptionRequest.FROM_FINALIZED;
        }
        if (from instanceof String text)
        {
            final byte[] token = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
            final long number = HexWords.quantity(token, 0, token.length);
            if (number >= 0)
            {
                return number;
            }
        }
        throw LogFilterReader.invalid(1, "fromBlock with relay option history; allowed: a block number in hex, " +
            "earliest, finalized, safe, latest or pending");
    }
}
