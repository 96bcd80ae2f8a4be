package io.ringcast.bench;

import io.ringcast.bench.fixture.ArbitratedChain;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What merging costs for each item that is published, the others' copies of it included. Confined to one thread.
 *
 * <p>A call tells a thousand items, and before the first one so many are told that everything is compiled and every
 * ring has gone round: on a busy machine the warm-up's seconds are mostly other people's. So compilation is not left to
 * the background ({@code -Xbatch}), where it would wait for a core. From there on the state is the same after each
 * call, and nothing is set back in between. The figure is the CPU time.
 */
@State(Scope.Thread)
@Fork(value = 1, jvmArgsAppend = {
    "-Xms1g", "-Xmx1g", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
    "-Dio.netty.leakDetection.level=disabled", "-Xbatch"})
public class ArbitrationBenchmark extends RelayBenchmark
{
    private static final int LOGS = 99;
    private static final int ITEMS = 1_000;
    private static final int BLOCKS = ITEMS / (LOGS + 1);
    /** Heads are kept in a few thousand places, logs of a few hundred blocks. */
    private static final int FIRST_HEADS = 20_000;
    private static final int FIRST_BLOCKS = 1_000;

    /** How many upstreams tell each item. */
    @Param({"1", "2", "3"})
    public int lanes;

    private ArbitratedChain heads;
    private ArbitratedChain blocks;

    /** For JMH. */
    public ArbitrationBenchmark()
    {
    }

    /** Begins the chains, and goes on until they are as they stay. */
    @Setup
    public void setUp()
    {
        heads = new ArbitratedChain(lanes, 0);
        blocks = new ArbitratedChain(lanes, LOGS);
        tell(heads, FIRST_HEADS);
        tell(blocks, FIRST_BLOCKS);
    }

    /**
     * A thousand heads.
     *
     * @return how many were published so far.
     */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long head()
    {
        return tell(heads, ITEMS);
    }

    /**
     * Ten blocks of a head and 99 logs each.
     *
     * @return how many items were published so far.
     */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long itemOfABlock()
    {
        return tell(blocks, BLOCKS);
    }

    private static long tell(final ArbitratedChain chain, final int count)
    {
        long published = 0;
        for (int i = 0; i < count; i++)
        {
            published = chain.tellBlock();
        }
        return published;
    }
}
