package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Sends the calls for what is missing, and counts them.
 * Confined to the thread that runs match.
 */
final class FetchSender
{
    private final LaneCalls calls;
    private final CounterSet counters;

    FetchSender(final LaneCalls calls, final CounterSet counters)
    {
        this.calls = calls;
        this.counters = counters;
    }

    long send(final int laneIndex, final String call)
    {
        counters.increment(RelayCounter.REPAIR_FETCHES);
        return calls.fetch(laneIndex, call);
    }
}
