package io.ringcast.lane;

/**
 * The heads that were published, in their order, as the log that each upstream has its place in.
 * Confined to the thread that runs match. Bounded: the oldest are forgotten.
 *
 * <p>The chain may come to a block more than once, so that which time an upstream means is told by what it said
 * before. What it says is looked for from its place on, and the first that is found is taken: so no place is beyond
 * where the upstream really is, provided that all that it said was published.
 */
final class LogPlaces
{
    private static final int CAPACITY = 1_024;
    private static final int MASK = CAPACITY - 1;

    private final long[] hashStarts = new long[CAPACITY];
    private final long[] hashNexts = new long[CAPACITY];
    private long end;

    void append(final long[] hash)
    {
        hashStarts[(int)(end & MASK)] = hash[0];
        hashNexts[(int)(end & MASK)] = hash[1];
        end++;
    }

    /** The place of the next head. */
    long end()
    {
        return end;
    }

    /** Finds a block at or behind a place; gives the place itself if it is not there. */
    long find(final long from, final long[] hash)
    {
        for (long place = Math.max(from, end - CAPACITY); place < end; place++)
        {
            if (hashStarts[(int)(place & MASK)] == hash[0] && hashNexts[(int)(place & MASK)] == hash[1])
            {
                return place;
            }
        }
        return from;
    }
}
