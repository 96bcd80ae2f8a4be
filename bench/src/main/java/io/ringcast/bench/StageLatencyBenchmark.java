package io.ringcast.bench;

import io.ringcast.metrics.StageLatency;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * What {@code ringcast_stage_seconds} takes of each text: the three stages each look whether it is one that is
 * measured, and for one in {@link StageLatency#SAMPLED} read the clock and note what it says.
 * Confined to the thread that measures.
 *
 * <p>An operation is a text and not a measured one, so the figure is what the pipeline thread pays on average. A later
 * text has its bucket further behind.
 */
public class StageLatencyBenchmark extends RelayBenchmark
{
    /** How long ago a text was read. */
    @Param({"20000", "1000000"})
    public long latencyNs;

    private final StageLatency[] stages =
        {new StageLatency("correlate"), new StageLatency("match"), new StageLatency("encode")};
    private long sequence;
    private long readAtNs = System.nanoTime();

    /**
     * One text, past the three stages.
     *
     * @return when it was read.
     */
    @Benchmark
    public long passText()
    {
        for (final StageLatency stage : stages)
        {
            if (StageLatency.isSampled(sequence))
            {
                final long nowNs = System.nanoTime();
                stage.record(nowNs - readAtNs);
                readAtNs = nowNs - latencyNs;
            }
        }
        sequence++;
        return readAtNs;
    }
}
