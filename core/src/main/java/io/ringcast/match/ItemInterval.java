package io.ringcast.match;

import java.util.concurrent.TimeUnit;

/**
 * From when on a subscriber that wants at most one item of each key in an interval may have one again.
 * Confined to the pipeline thread that runs match; the time is passed in.
 */
final class ItemInterval
{
    private long dueNs;
    private boolean hasBegun;

    /** It has had an item. */
    void begin(final long nowNs, final long lengthMs)
    {
        hasBegun = true;
        dueNs = nowNs + TimeUnit.MILLISECONDS.toNanos(lengthMs);
    }

    /** Whether it may have an item; so it is before its first. */
    boolean isOver(final long nowNs)
    {
        return !hasBegun || nowNs - dueNs >= 0;
    }

    /** When it ends, in nanoseconds; only once it has begun. */
    long dueNs()
    {
        return dueNs;
    }
}
