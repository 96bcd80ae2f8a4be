package io.ringcast.bench;

import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.bench.fixture.SubscribedMatcher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A filter comes and goes beside many others: subscribe, end of the connection, release.
 * Confined to the thread that measures.
 */
public class TopicChurnBenchmark extends RelayBenchmark
{
    /** How many other filters there are. */
    @Param({"100", "10000", "100000"})
    public int filters;

    private SubscribedMatcher matcher;
    private int next;

    /** Subscribes to the filters that stay. */
    @Setup
    public void setUp()
    {
        matcher = new SubscribedMatcher();
        for (int i = 0; i < filters; i++)
        {
            matcher.subscribe("{\"address\":\"" + SampleTexts.address(i) + "\"}");
        }
        next = filters;
    }

    /**
     * One filter's life.
     *
     * @return how many topics are left.
     */
    @Benchmark
    public int comeAndGo()
    {
        next++;
        return matcher.comeAndGo("{\"address\":\"" + SampleTexts.address(next) + "\"}");
    }
}
