package io.ringcast.tools.load;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Whether the measuring instrument itself was the limit: how much of the time its loops ran, how late a task on them
 * was, and how late the sender was.
 * Immutable.
 *
 * @param cpuShares      of each client loop, 0 to 1.
 * @param lagP99Ns       99th percentile of how late a timer on a client loop was.
 * @param latenessP99Ns  99th percentile of how late the sender was; 0 if there was none.
 * @param latencyP99Ns   99th percentile of what was measured; 0 if no latency was.
 */
public record ClientVerdict(List<Double> cpuShares, long lagP99Ns, long latenessP99Ns, long latencyP99Ns)
{
    private static final double BUSY = 0.85;
    /** A timer's own slack, which is no lag. */
    private static final long SLACK_NS = 200_000;

    static ClientVerdict of(
        final List<Double> cpuShares, final Histogram lagNs, final Histogram latenessNs, final Histogram latencyNs)
    {
        return new ClientVerdict(List.copyOf(cpuShares), lagNs.getValueAtPercentile(99),
            latenessNs == null ? 0 : latenessNs.getValueAtPercentile(99), latencyNs.getValueAtPercentile(99));
    }

    private boolean isBusy()
    {
        return cpuShares.stream().anyMatch(share -> share > BUSY);
    }

    private boolean isLagging()
    {
        return latencyP99Ns > 0 && lagP99Ns > SLACK_NS && lagP99Ns > latencyP99Ns / 2;
    }

    private boolean isSenderLate()
    {
        return latencyP99Ns > 0 && latenessP99Ns > SLACK_NS && latenessP99Ns > latencyP99Ns / 4;
    }

    /**
     * Tells whether the figures are the client's rather than the subject's.
     *
     * @return true if a loop was nearly always busy, or was late itself by a good part of what was measured.
     */
    public boolean isBottleneck()
    {
        return isBusy() || isLagging() || isSenderLate();
    }

    /**
     * Says it in words.
     *
     * @return one line.
     */
    public String text()
    {
        final StringBuilder shares = new StringBuilder();
        cpuShares.forEach(share -> shares.append(String.format(Locale.ROOT, " %.0f %%", 100 * share)));
        final String figures = String.format(Locale.ROOT,
            "client loops busy%s, their timers late by p99 %,d µs, sender late by p99 %,d µs",
            shares, lagP99Ns / 1000, latenessP99Ns / 1000);
        if (!isBottleneck())
        {
            return "The client was not the bottleneck: " + figures + ".";
        }
        final String reason = isBusy() ? "a client loop had no time left; add --client-threads or cores" :
            isLagging() ? "much of the latency is the wait for the client's own turn to read" :
            "the sender could not keep its schedule, so part of the latency is its delay";
        return "The client WAS a bottleneck: " + reason + " (" + figures + ").";
    }
}
