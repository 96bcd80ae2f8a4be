package io.ringcast.tools.load;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Latencies of one event loop. Single writer the loop; {@link #takeInterval()} and {@link #total()} from one other
 * thread.
 */
final class LatencyRecorder
{
    private static final long HIGHEST_NS = 600_000_000_000L;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(HIGHEST_NS, DIGITS);
    private final Histogram total = empty();
    private Histogram interval;

    static Histogram empty()
    {
        return new Histogram(HIGHEST_NS, DIGITS);
    }

    void record(final long latencyNs)
    {
        recorder.recordValue(Math.max(0, Math.min(HIGHEST_NS, latencyNs)));
    }

    /** What came since the last call; lent until the next. */
    Histogram takeInterval()
    {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
        return interval;
    }

    /** All that came until now; lent. */
    Histogram total()
    {
        takeInterval();
        return total;
    }
}
