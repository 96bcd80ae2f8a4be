package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Logs that come too late to be published: each is told once, when as many lanes as the quorum have told it. Those that
 * were not published in time since too few had told them are among them.
 * Confined to the thread that runs match. Bounded: the oldest is forgotten, and counted if too few had told it.
 */
final class LateLogs
{
    private static final int REMEMBERED = 1_024;

    private final int quorum;
    private final CounterSet counters;
    private final LogSink sink;
    /** Null until there is one, as the next ones. */
    private SeenItems items;
    /** Bit i of a log's is set if lane i has told it. */
    private int[] saidMasks;
    private boolean[] isCounted;

    LateLogs(final int quorum, final CounterSet counters, final LogSink sink)
    {
        this.quorum = quorum;
        this.counters = counters;
        this.sink = sink;
    }

    /**
     * Lanes tell a log of a block that the chain has passed, or went on without.
     *
     * @param lanes bit i is set if lane i tells it.
     * @return true if enough lanes have told it: it has been told then.
     */
    boolean tryTell(
        final LogBlock block, final int logIndex, final int lanes, final byte[] bytes, final int offset,
        final int length)
    {
        final int place = placeOf(block, logIndex);
        final int before = saidMasks[place];
        saidMasks[place] |= lanes;
        if (isEnough(saidMasks[place]) && !isEnough(before))
        {
            sink.onLate(block.number, bytes, offset, length);
        }
        return isEnough(saidMasks[place]);
    }

    /** The same for a log that a block holds; for those lanes that have told it. */
    boolean tryTell(final LogBlock block, final int place)
    {
        return tryTell(
            block, block.indexes[place], block.votes(place), block.bytes, block.offsets[place], block.lengths[place]);
    }

    /** A log is given up that too few lanes have told, and counted as that: another one may tell it yet. */
    void onUnconfirmed(final LogBlock block, final int place)
    {
        counters.increment(RelayCounter.ITEMS_UNCONFIRMED);
        final int late = placeOf(block, block.indexes[place]);
        isCounted[late] = true;
        tryTell(block, place);
    }

    private int placeOf(final LogBlock block, final int logIndex)
    {
        if (items == null)
        {
            items = new SeenItems(REMEMBERED);
            saidMasks = new int[REMEMBERED];
            isCounted = new boolean[REMEMBERED];
        }
        final long lowBits = block.hash[1] ^ logIndex;
        final int known = items.placeOf(block.hash[0], lowBits);
        return known >= 0 ? known : addNew(block.hash[0], lowBits);
    }

    private int addNew(final long highBits, final long lowBits)
    {
        final int place = items.addNew(highBits, lowBits);
        if (saidMasks[place] != 0 && !isEnough(saidMasks[place]) && !isCounted[place])
        {
            counters.increment(RelayCounter.ITEMS_UNCONFIRMED);
        }
        saidMasks[place] = 0;
        isCounted[place] = false;
        return place;
    }

    private boolean isEnough(final int saidMask)
    {
        return Integer.bitCount(saidMask) >= quorum;
    }
}
