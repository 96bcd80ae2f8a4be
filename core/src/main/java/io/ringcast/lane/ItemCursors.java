package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Merges items that have no meaning to the relay, but come in the same order from each upstream.
 * Confined to the thread that runs match. Bounded: a lane that is more than the log behind goes on where it begins.
 *
 * <p>The output is a log of hashes, and each lane has a cursor into it: an item that the log has at or behind the
 * cursor moves the cursor and is a duplicate, any other is new. So an item that comes twice from each lane is published
 * twice.
 *
 * <p>With a quorum an item is held in the log until so many lanes have brought it, and is published with the bytes of
 * the one that makes it enough, in the order in which that happens. What leaves the log before is counted.
 */
public final class ItemCursors
{
    private static final int CAPACITY = 1_024;
    /** How far a lane may be behind the others when it begins. */
    private static final int RECENT = 16;
    private static final int MASK = CAPACITY - 1;

    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final int[] saidMasks = new int[CAPACITY];
    private final long[] cursors;
    private final int quorum;
    private final CounterSet counters;
    private long end;

    /**
     * Creates it with nothing published.
     *
     * @param laneCount how many lanes there are.
     * @param quorum    how many of them have to bring an item.
     * @param counters  the counters of the thread that runs match.
     */
    public ItemCursors(final int laneCount, final int quorum, final CounterSet counters)
    {
        cursors = new long[laneCount];
        this.quorum = quorum;
        this.counters = counters;
    }

    /**
     * Takes an item.
     *
     * @param laneIndex who brings it.
     * @param hash      its hash.
     * @return true if it is to be published: it is new, or the lane makes it enough.
     */
    public boolean tryAppend(final int laneIndex, final ItemHash hash)
    {
        for (long i = Math.max(cursors[laneIndex], begin()); i < end; i++)
        {
            if (isAt(i, hash))
            {
                cursors[laneIndex] = i + 1;
                return tryConfirm((int)(i & MASK), laneIndex);
            }
        }
        // What waits for the lane is not told anew by it, even if it has told later ones before.
        for (long i = begin(); quorum > 1 && i < cursors[laneIndex]; i++)
        {
            final int said = saidMasks[(int)(i & MASK)];
            if (Integer.bitCount(said) < quorum && (said >>> laneIndex & 1) == 0 && isAt(i, hash))
            {
                return tryConfirm((int)(i & MASK), laneIndex);
            }
        }
        return append(laneIndex, hash);
    }

    private boolean append(final int laneIndex, final ItemHash hash)
    {
        final int place = (int)(end & MASK);
        if (end >= CAPACITY && Integer.bitCount(saidMasks[place]) < quorum)
        {
            counters.increment(RelayCounter.ITEMS_UNCONFIRMED);
        }
        high[place] = hash.high;
        low[place] = hash.low;
        saidMasks[place] = 1 << laneIndex;
        end++;
        cursors[laneIndex] = end;
        return quorum == 1;
    }

    private boolean tryConfirm(final int place, final int laneIndex)
    {
        final int before = saidMasks[place];
        saidMasks[place] |= 1 << laneIndex;
        final int lanes = Integer.bitCount(saidMasks[place]);
        final boolean isEnough = saidMasks[place] != before && lanes == quorum;
        if (!isEnough && (lanes > quorum || saidMasks[place] == before || quorum == 1))
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        return isEnough;
    }

    private boolean isAt(final long index, final ItemHash hash)
    {
        return high[(int)(index & MASK)] == hash.high && low[(int)(index & MASK)] == hash.low;
    }

    private long begin()
    {
        return Math.max(0, end - CAPACITY);
    }

    /**
     * A lane begins anew, and with how things stand: if that was told lately, it is not told again.
     *
     * @param laneIndex which lane.
     */
    public void rewind(final int laneIndex)
    {
        cursors[laneIndex] = Math.max(0, end - RECENT);
    }

    /**
     * A lane begins anew: what was published long before it came is not told again by it.
     *
     * @param laneIndex which lane.
     */
    public void onLaneLive(final int laneIndex)
    {
        cursors[laneIndex] = Math.max(cursors[laneIndex], end - RECENT);
    }
}
