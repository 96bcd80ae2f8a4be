package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Sends the calls for logs of one feed, and counts them. A class with a name, and no lambda: feeds come and go, and an
 * image of the stages holds what came later by its class.
 * Confined to the pipeline thread that runs match.
 */
final class LogFetchSender implements Fetches.Sender
{
    private final LogSink sink;
    private final CounterSet counters;

    LogFetchSender(final LogSink sink, final CounterSet counters)
    {
        this.sink = sink;
        this.counters = counters;
    }

    @Override
    public long send(final int laneIndex, final String call)
    {
        counters.increment(RelayCounter.REPAIR_FETCHES);
        return sink.fetch(laneIndex, call);
    }
}
