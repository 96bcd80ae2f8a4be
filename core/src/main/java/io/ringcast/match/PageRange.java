package io.ringcast.match;

/**
 * How many blocks are asked for with one call: as many as bring a good answer, and as the upstream bears.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A short answer doubles it, a long one and one that fails halve it. Upstreams have bounds of their own, in blocks,
 * in logs or in time, which they tell in words of their own: what failed once is not asked for again before many have
 * succeeded.
 */
final class PageRange
{
    /** Nobody knows what the blocks bring: some filters take tens of megabytes of 256 blocks. */
    static final int FIRST_BLOCKS = 4;
    static final int LIMIT_BLOCKS = 16_384;
    static final int SHORT_BYTES = 64 * 1024;
    static final int LONG_BYTES = 256 * 1024;
    private static final int SUCCESSES = 32;

    private int blocks = FIRST_BLOCKS;
    private int ceiling = LIMIT_BLOCKS;
    private int successes;

    /** How many blocks the next call is to ask for. */
    int blocks()
    {
        return blocks;
    }

    void onAnswered(final long askedBlocks, final int bytes)
    {
        if (++successes == SUCCESSES)
        {
            successes = 0;
            ceiling = Math.min(LIMIT_BLOCKS, ceiling * 2);
        }
        if (bytes > LONG_BYTES)
        {
            blocks = (int)Math.max(1, Math.min(blocks, askedBlocks / 2));
        }
        else if (bytes < SHORT_BYTES && askedBlocks == blocks)
        {
            blocks = Math.min(ceiling, blocks * 2);
        }
    }

    void onFailed(final long askedBlocks)
    {
        successes = 0;
        blocks = (int)Math.max(1, Math.min(blocks, askedBlocks / 2));
        ceiling = blocks;
    }
}
