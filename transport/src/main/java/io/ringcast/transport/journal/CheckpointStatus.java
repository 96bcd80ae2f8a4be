package io.ringcast.transport.journal;

import io.ringcast.metrics.CounterSet;

/**
 * What there is to tell of a network's checkpoints.
 * Written by the journal's thread before the start, then by the one that makes checkpoints; read by any.
 */
public final class CheckpointStatus
{
    private final CounterSet counters = new CounterSet();
    private volatile long madeAtMs;

    /**
     * Gives the counters of the thread that makes checkpoints.
     *
     * @return a set.
     */
    public CounterSet counters()
    {
        return counters;
    }

    /**
     * When the last one was made.
     *
     * @return milliseconds since 1970, or 0 if there is none.
     */
    public long madeAtMs()
    {
        return madeAtMs;
    }

    void onMade(final long atMs)
    {
        madeAtMs = atMs;
    }
}
