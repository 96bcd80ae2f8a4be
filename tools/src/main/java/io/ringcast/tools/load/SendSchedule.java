package io.ringcast.tools.load;

/**
 * When each item is to be sent: at a fixed rate, in bursts of one or more, whatever the subject under test does.
 * Immutable.
 *
 * <p>Latency counts from these times and not from the send that really happened. A sender that was held up, by the
 * subject or by itself, thus adds its delay to each item that it owed meanwhile, and no pause is left out of the
 * percentiles (no coordinated omission).
 *
 * @param itemsPerSecond the rate over all.
 * @param burst          items that are due at the same moment.
 */
record SendSchedule(double itemsPerSecond, int burst)
{
    private static final double NS_PER_SECOND = 1e9;

    SendSchedule
    {
        if (!(itemsPerSecond > 0) || burst < 1)
        {
            throw new IllegalArgumentException("itemsPerSecond=" + itemsPerSecond + " burst=" + burst);
        }
    }

    /** Nanoseconds from the start to when this item is due; the first sequence is 1. */
    long dueNs(final long sequence)
    {
        final long tick = (sequence - 1) / burst;
        return Math.round(tick * (burst * NS_PER_SECOND / itemsPerSecond));
    }

    /** Items that are due within so many seconds: whole bursts, one at least when there is any time. */
    long itemsIn(final double seconds)
    {
        return (long)Math.ceil(seconds * itemsPerSecond / burst) * burst;
    }
}
