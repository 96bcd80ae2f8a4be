package io.ringcast.bench;

import io.ringcast.bench.fixture.OrderedMatcher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Step 5 for a subscriber that gets items as they come, and for one that gets whole blocks: what it costs each item to
 * be told later, counted and in order, the answer to the question for the block's logs included.
 * Confined to the thread that measures.
 */
public class BlockOrderBenchmark extends RelayBenchmark
{
    private static final int LOGS = 99;

    /** Whether whole blocks are wanted. */
    @Param({"false", "true"})
    public boolean ordered;

    private OrderedMatcher matcher;

    /** Subscribes. */
    @Setup
    public void setUp()
    {
        matcher = new OrderedMatcher(ordered, LOGS);
        if (matcher.tellBlock() + matcher.tellBlock() == 0)
        {
            throw new IllegalStateException("published=0, allowed=1 or more");
        }
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
        return matcher.tellBlock();
    }
}
