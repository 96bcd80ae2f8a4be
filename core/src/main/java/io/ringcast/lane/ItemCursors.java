package io.ringcast.lane;

/**
 * Merges items that have no meaning to the relay, but come in the same order from each upstream.
 * Confined to the thread that runs match. Bounded: a lane that is more than the log behind goes on where it begins.
 *
 * <p>The output is a log of hashes, and each lane has a cursor into it: an item that the log has at or behind the
 * cursor moves the cursor and is a duplicate, any other is new. So an item that comes twice from each lane is published
 * twice.
 */
public final class ItemCursors
{
    private static final int CAPACITY = 1_024;
    /** How far a lane may be behind the others when it begins. */
    private static final int RECENT = 16;
    private static final int MASK = CAPACITY - 1;

    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final long[] cursors;
    private long end;

    /**
     * Creates it with nothing published.
     *
     * @param laneCount how many lanes there are.
     */
    public ItemCursors(final int laneCount)
    {
        cursors = new long[laneCount];
    }

    /**
     * Takes an item.
     *
     * @param laneIndex who brings it.
     * @param hash      its hash.
     * @return true if it is new, and to be published.
     */
    public boolean tryAppend(final int laneIndex, final ItemHash hash)
    {
        for (long i = Math.max(cursors[laneIndex], end - CAPACITY); i < end; i++)
        {
            if (high[(int)(i & MASK)] == hash.high && low[(int)(i & MASK)] == hash.low)
            {
                cursors[laneIndex] = i + 1;
                return false;
            }
        }
        high[(int)(end & MASK)] = hash.high;
        low[(int)(end & MASK)] = hash.low;
        end++;
        cursors[laneIndex] = end;
        return true;
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
