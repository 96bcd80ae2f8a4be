package io.ringcast.transport.loop;

import org.HdrHistogram.Histogram;

/**
 * The time from the read of an item from its upstream to the return of the write that handed it to a socket.
 * Confined to its I/O loop.
 */
public final class LatencyHistogram
{
    private static final long MAX_NS = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final Histogram histogramNs = new Histogram(MAX_NS, DIGITS);

    public void record(final long latencyNs, final int items)
    {
        histogramNs.recordValueWithCount(Math.max(0, Math.min(latencyNs, MAX_NS)), items);
    }

    public void addTo(final Histogram target)
    {
        target.add(histogramNs);
    }

    public static Histogram empty()
    {
        return new Histogram(MAX_NS, DIGITS);
    }
}
