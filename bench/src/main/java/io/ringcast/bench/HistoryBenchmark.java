package io.ringcast.bench;

import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.bench.fixture.SubscribedMatcher;
import io.ringcast.config.DeliveryConfig;
import io.ringcast.session.MatchedAction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Step 5 with and without a history: what it costs each item that it can be sent again.
 * Confined to the thread that measures.
 */
public class HistoryBenchmark extends RelayBenchmark
{
    /** How much is kept of each feed; 0 for nothing, the other one is the default. */
    @Param({"0", "67108864"})
    public int historyBytes;

    private final byte[] log =
        SampleTexts.ascii(SampleTexts.log(SampleTexts.address(0), SampleTexts.topic(0), SampleTexts.topic(1)));
    private SubscribedMatcher matcher;

    /** Subscribes to one filter. */
    @Setup
    public void setUp()
    {
        matcher = new SubscribedMatcher(DeliveryConfig.builder().historyBytes(historyBytes).build());
        matcher.subscribe("{\"address\":\"" + SampleTexts.address(0) + "\"}");
    }

    /**
     * A log of 700 bytes.
     *
     * @return its publication.
     */
    @Benchmark
    public MatchedAction log()
    {
        return matcher.match(log);
    }
}
