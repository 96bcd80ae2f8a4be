package io.ringcast.tools.load;

import org.HdrHistogram.Histogram;

/**
 * The outcome of a run.
 * Immutable, but for the histogram, which nobody changes.
 *
 * @param plan      what was asked for.
 * @param hasStamps whether the items had stamps of ours, so that latency and loss are known.
 * @param counts    deliveries and what was wrong with them.
 * @param measured  deliveries or answers after the warm-up.
 * @param perSecond the same a second.
 * @param latencyNs from the scheduled time to the read, after the warm-up; of calls from the call.
 * @param wireBytes what the sockets brought while that was measured, TLS and compression included.
 * @param verdict   whether the client was the limit.
 * @param failure   the first thing that went wrong on a connection, or null.
 */
public record LoadResult(
    LoadPlan plan,
    boolean hasStamps,
    LoadCounts counts,
    long measured,
    double perSecond,
    Histogram latencyNs,
    long wireBytes,
    ClientVerdict verdict,
    String failure)
{
}
