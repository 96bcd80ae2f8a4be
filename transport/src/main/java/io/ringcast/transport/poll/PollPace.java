package io.ringcast.transport.poll;

import java.util.concurrent.TimeUnit;

/**
 * How long to wait between polls: half the mean time between the last blocks, and longer while the upstream fails.
 * Confined to the upstream's I/O loop.
 *
 * <p>Half, because a block is then noticed a quarter of its time after it came, in the mean. The blocks' own timestamps
 * are taken, not the times at which they were seen: those are only as exact as the polling was.
 */
public final class PollPace
{
    /** Over how many blocks the mean goes. */
    public static final int SPAN_BLOCKS = 100;

    /** Before two blocks are known. */
    private static final long UNKNOWN_MS = 1_000;
    /** The longest wait after failures, unless the configuration says more. */
    private static final long LIMIT_BACK_OFF_MS = 30_000;
    private static final int MAX_DOUBLINGS = 16;

    private final long minMs;
    private final long maxMs;
    private final long[] numbers = new long[SPAN_BLOCKS + 1];
    private final long[] timestamps = new long[SPAN_BLOCKS + 1];
    private int count;
    private int failures;

    /**
     * Starts without a block.
     *
     * @param minMs the shortest wait.
     * @param maxMs the longest wait while nothing fails.
     */
    public PollPace(final long minMs, final long maxMs)
    {
        this.minMs = minMs;
        this.maxMs = maxMs;
    }

    /**
     * A block is known. One that takes the place of others makes these forgotten.
     *
     * @param number           its number.
     * @param timestampSeconds when it was made, as it says itself.
     */
    void onBlock(final long number, final long timestampSeconds)
    {
        while (count > 0 && numbers[count - 1] >= number)
        {
            count--;
        }
        if (count == numbers.length)
        {
            System.arraycopy(numbers, 1, numbers, 0, count - 1);
            System.arraycopy(timestamps, 1, timestamps, 0, count - 1);
            count--;
        }
        numbers[count] = number;
        timestamps[count] = timestampSeconds;
        count++;
    }

    void onSuccess()
    {
        failures = 0;
    }

    void onFailure()
    {
        failures++;
    }

    /** How often it has failed in a row. */
    int failures()
    {
        return failures;
    }

    /**
     * The wait from the start of one poll to that of the next.
     *
     * @return nanoseconds.
     */
    public long intervalNs()
    {
        final long paceMs = Math.max(minMs, Math.min(maxMs, meanBlockMs() / 2));
        if (failures == 0)
        {
            return TimeUnit.MILLISECONDS.toNanos(paceMs);
        }
        final long doubledMs = paceMs << Math.min(failures, MAX_DOUBLINGS);
        return TimeUnit.MILLISECONDS.toNanos(Math.min(doubledMs, Math.max(maxMs, LIMIT_BACK_OFF_MS)));
    }

    private long meanBlockMs()
    {
        if (count < 2)
        {
            return 2 * UNKNOWN_MS;
        }
        final long seconds = timestamps[count - 1] - timestamps[oldest()];
        return Math.max(0, seconds) * 1_000 / (numbers[count - 1] - numbers[oldest()]);
    }

    /** The first block known counts only while it is within the span. */
    private int oldest()
    {
        int oldest = 0;
        while (oldest < count - 2 && numbers[count - 1] - numbers[oldest] > SPAN_BLOCKS)
        {
            oldest++;
        }
        return oldest;
    }
}
