package io.ringcast.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;

/**
 * The time that the measuring threads had a processor for, for each operation.
 * Confined to JMH's thread between the iterations.
 *
 * <p>On a machine that others use, the time by the clock is mostly theirs and differs from one iteration to the next;
 * this one does not count while the thread has to wait for a core.
 */
public final class CpuTimeProfiler implements InternalProfiler
{
    static final String LABEL = "cpu.time.norm";

    private static final String WORKER = "-jmh-worker-";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long beforeNs;

    /** For JMH. */
    public CpuTimeProfiler()
    {
    }

    @Override
    public String getDescription()
    {
        return "CPU time of the measuring threads for each operation";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmarkParams, final IterationParams iterationParams)
    {
        beforeNs = workersCpuNs();
    }

    @Override
    public Collection<ScalarResult> afterIteration(
        final BenchmarkParams benchmarkParams, final IterationParams iterationParams, final IterationResult result)
    {
        final long operations = result.getMetadata().getAllOps();
        final long usedNs = workersCpuNs() - beforeNs;
        return operations == 0 || beforeNs == 0 ? List.of() :
            List.of(new ScalarResult(LABEL, (double)usedNs / operations, "ns/op", AggregationPolicy.AVG));
    }

    /** 0 before there are any: JMH keeps its workers from one iteration to the next. */
    private long workersCpuNs()
    {
        long sumNs = 0;
        for (final ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds()))
        {
            if (thread != null && thread.getThreadName().contains(WORKER))
            {
                sumNs += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return sumNs;
    }
}
