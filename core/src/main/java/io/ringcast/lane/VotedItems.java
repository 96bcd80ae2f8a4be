package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Holds items back until enough upstreams have brought them, by a hash of 128 bits.
 * Confined to the thread that runs match. Bounded: the oldest is forgotten, and counted if too few had brought it;
 * nothing is allocated after the start.
 *
 * <p>Of an item that is held only the hash is kept: it is published with the bytes of who makes it enough.
 */
public final class VotedItems
{
    private final SeenItems items;
    private final int[] saidMasks;
    private final int quorum;
    private final CounterSet counters;

    /**
     * Creates it empty.
     *
     * @param capacity how many items it remembers, a power of two.
     * @param quorum   how many upstreams have to bring an item.
     * @param counters the counters of the thread that runs match.
     */
    public VotedItems(final int capacity, final int quorum, final CounterSet counters)
    {
        items = new SeenItems(capacity);
        saidMasks = new int[capacity];
        this.quorum = quorum;
        this.counters = counters;
    }

    /**
     * Notes who brings an item.
     *
     * @param highBits  one half of its hash.
     * @param lowBits   the other half.
     * @param laneIndex who brings it.
     * @return true if it is the upstream that makes it enough, so that it is to be published.
     */
    public boolean tryConfirm(final long highBits, final long lowBits, final int laneIndex)
    {
        final int place = items.placeOf(highBits, lowBits);
        if (place < 0)
        {
            return tryConfirm(items.addNew(highBits, lowBits), 0, laneIndex);
        }
        return tryConfirm(place, saidMasks[place], laneIndex);
    }

    /**
     * Takes back that an item was brought: it may come again.
     *
     * @param highBits one half of its hash.
     * @param lowBits  the other half.
     */
    void forgive(final long highBits, final long lowBits)
    {
        final int place = items.placeOf(highBits, lowBits);
        if (place >= 0)
        {
            saidMasks[place] = 0;
        }
    }

    private boolean tryConfirm(final int place, final int saidBefore, final int laneIndex)
    {
        if (saidBefore == 0 && isShortOf(saidMasks[place]))
        {
            counters.increment(RelayCounter.ITEMS_UNCONFIRMED);
        }
        final int said = saidBefore | 1 << laneIndex;
        saidMasks[place] = said;
        final boolean isDuplicate = said == saidBefore || Integer.bitCount(said) > quorum;
        if (isDuplicate)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        return !isDuplicate && Integer.bitCount(said) == quorum;
    }

    private boolean isShortOf(final int saidMask)
    {
        return saidMask != 0 && Integer.bitCount(saidMask) < quorum;
    }
}
