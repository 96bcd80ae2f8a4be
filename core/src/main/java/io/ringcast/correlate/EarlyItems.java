package io.ringcast.correlate;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Items of subscriptions that an upstream has not confirmed yet: some nodes send the first item before the answer.
 * Confined to the pipeline thread that runs correlate. Bounded in count, bytes and time; what goes over is given up and
 * counted by the caller.
 */
final class EarlyItems
{
    static final int LIMIT_ITEMS = 1024;
    static final int LIMIT_BYTES = 4 * 1024 * 1024;
    static final long LIMIT_AGE_NS = 5_000_000_000L;

    /** A held copy of an item and of the token of its subscription. */
    record EarlyItem(int laneIndex, byte[] token, byte[] item, long receivedAtNs)
    {
    }

    private final ArrayDeque<EarlyItem> items = new ArrayDeque<>();
    private long heldBytes;

    /**
     * Keeps a copy of an item.
     *
     * @return false if there is no room, and nothing is kept.
     */
    boolean tryHold(
        final int laneIndex, final byte[] bytes, final int tokenOffset, final int tokenLength,
        final int itemOffset, final int itemLength, final long nowNs)
    {
        if (items.size() == LIMIT_ITEMS || heldBytes + itemLength + tokenLength > LIMIT_BYTES)
        {
            return false;
        }
        items.add(new EarlyItem(
            laneIndex,
            Arrays.copyOfRange(bytes, tokenOffset, tokenOffset + tokenLength),
            Arrays.copyOfRange(bytes, itemOffset, itemOffset + itemLength),
            nowNs));
        heldBytes += itemLength + tokenLength;
        return true;
    }

    /**
     * Takes the oldest item of a subscription.
     *
     * @return the item, or null if there is none.
     */
    byte[] takeFirst(final int laneIndex, final byte[] token)
    {
        for (final EarlyItem early : items)
        {
            if (early.laneIndex == laneIndex && Arrays.equals(early.token, token))
            {
                remove(early);
                return early.item;
            }
        }
        return null;
    }

    /**
     * Gives up what is too old.
     *
     * @return how many items that were.
     */
    int expire(final long nowNs)
    {
        int expired = 0;
        while (!items.isEmpty() && nowNs - items.peekFirst().receivedAtNs > LIMIT_AGE_NS)
        {
            remove(items.peekFirst());
            expired++;
        }
        return expired;
    }

    /**
     * Gives up what came from one upstream, because its connection ended.
     *
     * @return how many items that were.
     */
    int forget(final int laneIndex)
    {
        final int before = items.size();
        items.removeIf(early -> early.laneIndex == laneIndex);
        heldBytes = items.stream().mapToLong(early -> early.token.length + early.item.length).sum();
        return before - items.size();
    }

    private void remove(final EarlyItem early)
    {
        items.remove(early);
        heldBytes -= early.token.length + early.item.length;
    }
}
