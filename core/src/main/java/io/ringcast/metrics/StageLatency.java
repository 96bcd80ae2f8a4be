package io.ringcast.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How long after it was read a text had passed one stage of the pipeline, in buckets.
 * Single writer: the thread that runs the stage; readable from any thread, each number by itself.
 *
 * <p>One text in {@value #SAMPLED} is looked at: the clock is read for no other.
 */
public final class StageLatency
{
    /** One slot of so many is measured; a power of two. */
    public static final int SAMPLED = 8;

    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    /** Upper bounds: 1, 2, 5 steps from 1 us to 1 s. */
    private static final long[] BOUNDS_NS =
    {
        1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
        10_000_000, 20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000
    };
    private static final int SUM = BOUNDS_NS.length + 1;

    private final String stage;
    /** A count for each bound, one for what is above all of them, and the sum in nanoseconds. */
    private final long[] values = new long[SUM + 1];

    /**
     * Begins with nothing.
     *
     * @param stage what the stage is called.
     */
    public StageLatency(final String stage)
    {
        this.stage = stage;
    }

    /**
     * Tells whether a slot is one of those that are measured.
     *
     * @param sequence the slot's number in the ring.
     * @return true for one of {@value #SAMPLED}.
     */
    public static boolean isSampled(final long sequence)
    {
        return (sequence & SAMPLED - 1) == 0;
    }

    /**
     * Notes a text.
     *
     * @param latencyNs how long after it was read it had passed the stage, in nanoseconds; below 0 counts as 0.
     */
    public void record(final long latencyNs)
    {
        final long positiveNs = Math.max(0, latencyNs);
        int bucket = 0;
        while (bucket < BOUNDS_NS.length && positiveNs > BOUNDS_NS[bucket])
        {
            bucket++;
        }
        VALUES.setOpaque(values, bucket, values[bucket] + 1);
        VALUES.setOpaque(values, SUM, values[SUM] + positiveNs);
    }

    /**
     * Names the stage.
     *
     * @return what it is called.
     */
    public String stage()
    {
        return stage;
    }

    /**
     * Tells how many buckets have an upper bound; one more has none.
     *
     * @return the number.
     */
    public static int boundCount()
    {
        return BOUNDS_NS.length;
    }

    /**
     * Tells the upper bound of a bucket.
     *
     * @param bucket from 0 to {@link #boundCount()} - 1.
     * @return the longest time that counts for it, in nanoseconds.
     */
    public static long boundNs(final int bucket)
    {
        return BOUNDS_NS[bucket];
    }

    /**
     * Reads a bucket.
     *
     * @param bucket from 0 to {@link #boundCount()}; the last holds what is above all bounds.
     * @return how many texts it has.
     */
    public long count(final int bucket)
    {
        return (long)VALUES.getOpaque(values, bucket);
    }

    /**
     * Reads the sum.
     *
     * @return of all times, in nanoseconds.
     */
    public long sumNs()
    {
        return (long)VALUES.getOpaque(values, SUM);
    }
}
