package io.ringcast.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

import java.util.stream.Collectors;

/**
 * What came out for one benchmark with one set of parameters.
 * Immutable.
 *
 * @param benchmark    class and method, {@code DecoderBenchmark.ringcast}.
 * @param params       {@code name=value}, separated by a space; empty if it has none.
 * @param nsPerOp      the mean time of an operation in nanoseconds.
 * @param errorNs      half the width of the 99.9 % confidence interval; not a number if there are too few samples.
 * @param cpuNsPerOp   for how much of it the thread had a processor; not a number if it was not measured.
 * @param cpuErrorNs   half the width of its 99.9 % confidence interval.
 * @param bytesPerOp   what an operation allocates, in bytes; not a number if it was not measured.
 */
public record MicroRow(
    String benchmark, String params, double nsPerOp, double errorNs, double cpuNsPerOp, double cpuErrorNs,
    double bytesPerOp)
{
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static MicroRow of(final RunResult result)
    {
        final Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        final Result<?> cpuTime = result.getSecondaryResults().get(CpuTimeProfiler.LABEL);
        return new MicroRow(
            name(result.getParams()), params(result.getParams()),
            result.getPrimaryResult().getScore(), result.getPrimaryResult().getScoreError(),
            cpuTime == null ? Double.NaN : cpuTime.getScore(), cpuTime == null ? Double.NaN : cpuTime.getScoreError(),
            allocated == null ? Double.NaN : allocated.getScore());
    }

    static String name(final BenchmarkParams params)
    {
        final String name = params.getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    static String params(final BenchmarkParams params)
    {
        return params.getParamsKeys().stream()
            .map(key -> key + "=" + params.getParam(key))
            .collect(Collectors.joining(" "));
    }
}
