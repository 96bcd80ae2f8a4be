package io.ringcast.match;

/**
 * How many bytes the histories of one network may take together.
 * Confined to the pipeline thread that runs match.
 */
final class HistoryBudget
{
    /** One feed, such as all logs, may not leave the others without a history. */
    private static final int FEED_SHARE = 4;

    private final long limitBytes;
    private long usedBytes;

    HistoryBudget(final long limitBytes)
    {
        this.limitBytes = limitBytes;
    }

    /** False if nothing is kept at all. */
    boolean isOn()
    {
        return limitBytes > 0;
    }

    /** What one feed may take at most. */
    long feedLimitBytes()
    {
        return limitBytes / FEED_SHARE;
    }

    boolean tryTake(final long bytes)
    {
        if (usedBytes + bytes > limitBytes)
        {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    void give(final long bytes)
    {
        usedBytes -= bytes;
        assert usedBytes >= 0;
    }

    long usedBytes()
    {
        return usedBytes;
    }
}
