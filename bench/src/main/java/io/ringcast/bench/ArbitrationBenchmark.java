package io.ringcast.bench;

import io.ringcast.bench.fixture.ArbitratedChain;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What merging costs for each item that is published, the others' copies of it included. Confined to one thread. */
@State(Scope.Thread)
public class ArbitrationBenchmark extends RelayBenchmark
{
    private static final int LOGS = 99;

    /** How many upstreams tell each item. */
    @Param({"1", "2", "3"})
    public int lanes;

    private ArbitratedChain heads;
    private ArbitratedChain blocks;

    /** For JMH. */
    public ArbitrationBenchmark()
    {
    }

    /** Begins the chains. */
    @Setup
    public void setUp()
    {
        heads = new ArbitratedChain(lanes, 0);
        blocks = new ArbitratedChain(lanes, LOGS);
    }

    /**
     * One head.
     *
     * @return how many were published so far.
     */
    @Benchmark
    public long head()
    {
        return heads.tellBlock();
    }

    /**
     * One block of a head and 99 logs, counted as a hundred items.
     *
     * @return how many were published so far.
     */
    @Benchmark
    @OperationsPerInvocation(LOGS + 1)
    public long itemOfABlock()
    {
        return blocks.tellBlock();
    }
}
