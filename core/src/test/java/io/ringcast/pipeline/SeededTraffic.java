package io.ringcast.pipeline;

import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Traffic that a seed decides, and that shows by itself whether the law that it is about was kept. */
interface SeededTraffic extends AutoCloseable
{
    /** Does one thing at random. */
    void step();

    /** Lets everything come to rest, and fails if somebody did not get what is due. */
    void finish();

    /**
     * Tells what the run has come across, since one that met nothing proves nothing.
     *
     * @return how often, by the ordinals of the traffic's own kinds.
     */
    long[] seen();

    @Override
    void close();

    /**
     * Runs one traffic for each seed; a failure names its seed.
     *
     * @param seeds which.
     * @param steps how many steps each takes.
     * @param start starts the traffic of a seed.
     * @return what all have come across together.
     */
    static long[] run(final LongStream seeds, final int steps, final LongFunction<SeededTraffic> start)
    {
        return seeds.mapToObj(seed -> run(seed, steps, start)).reduce(SeededTraffic::sum).orElseThrow();
    }

    private static long[] run(final long seed, final int steps, final LongFunction<SeededTraffic> start)
    {
        try (SeededTraffic traffic = start.apply(seed))
        {
            for (int i = 0; i < steps; i++)
            {
                traffic.step();
            }
            traffic.finish();
            return traffic.seen();
        }
        catch (final Throwable e)
        {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static long[] sum(final long[] one, final long[] other)
    {
        final long[] sum = one.clone();
        for (int i = 0; i < sum.length; i++)
        {
            sum[i] += other[i];
        }
        return sum;
    }
}
