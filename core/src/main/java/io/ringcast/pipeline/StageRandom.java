package io.ringcast.pipeline;

import java.util.random.RandomGenerator;

/**
 * The random numbers of the stages, as {@link java.util.SplittableRandom} gives them for the same seed; but its state
 * is a field that an image can hold.
 * Confined to the pipeline thread that runs correlate.
 */
final class StageRandom implements RandomGenerator
{
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    StageRandom(final long seed)
    {
        state = seed;
    }

    @Override
    public long nextLong()
    {
        state += GAMMA;
        long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
