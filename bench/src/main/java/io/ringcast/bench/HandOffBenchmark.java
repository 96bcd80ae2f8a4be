package io.ringcast.bench;

import io.ringcast.bench.fixture.SubscribedPipeline;
import io.ringcast.pipeline.ThreadingMode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Steps 2 to 7: a small item is decoded, passes the ring and its stages, and is handed to one subscriber.
 * Confined to the thread that measures, which stands for the only I/O loop.
 *
 * <p>In COMPACT that thread runs the stages itself, as an I/O loop does. In SHARED and DEDICATED it wakes the pipeline,
 * whose threads sleep on a lock between items, and then spins until they wake it: the figure holds the wake-up of the
 * pipeline, but not that of a sleeping I/O loop.
 */
public class HandOffBenchmark extends RelayBenchmark
{
    /** Which threads run the stages. */
    @Param({"COMPACT", "SHARED", "DEDICATED"})
    public ThreadingMode mode;

    private SubscribedPipeline pipeline;

    /** Starts the pipeline and subscribes. */
    @Setup
    public void setUp()
    {
        pipeline = new SubscribedPipeline(mode);
    }

    /** Stops the pipeline's threads. */
    @TearDown
    public void tearDown()
    {
        pipeline.close();
    }

    /**
     * One head of a growing chain, from its text to its subscriber.
     *
     * @return how many items were delivered so far.
     */
    @Benchmark
    public long deliverItem()
    {
        return pipeline.deliverHead();
    }
}
