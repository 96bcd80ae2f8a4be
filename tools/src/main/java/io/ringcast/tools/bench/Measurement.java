package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadResult;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one round of one subject gave.
 * Immutable.
 *
 * @param result        of the load; null for idle connections.
 * @param cpuUs         the subject's CPU time per delivery or answer.
 * @param compilerUs    how much of it a JVM's compilers took.
 * @param instructions  the subject's instructions per delivery or answer; NaN where the machine has no counters.
 * @param rssBytes      its resident memory at the end.
 * @param bytesPerIdle  resident memory per idle connection; 0 for a load.
 */
record Measurement(LoadResult result, double cpuUs, double compilerUs, double instructions, long rssBytes,
    double bytesPerIdle)
{
    double cpuUsWithoutCompiler()
    {
        return cpuUs - compilerUs;
    }

    static double median(final List<Measurement> rounds, final ToDoubleFunction<Measurement> value)
    {
        final double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN :
            sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median over the rounds of what so many percent of the deliveries took at most. */
    static double latencyUs(final List<Measurement> rounds, final double percentile)
    {
        return median(rounds, each -> each.result().latencyNs().getValueAtPercentile(percentile) / 1000.0);
    }

    /** Deliveries lost, doubled, reordered and so on, over all rounds. */
    static long faults(final List<Measurement> rounds)
    {
        return rounds.stream().map(each -> each.result().counts()).mapToLong(counts ->
            Arrays.stream(new long[]{counts.lost(), counts.duplicates(), counts.reordered(), counts.strays(),
                counts.errors(), counts.closed()}).sum()).sum();
    }
}
