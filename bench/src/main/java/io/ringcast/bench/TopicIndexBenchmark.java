package io.ringcast.bench;

import io.ringcast.bench.fixture.SampleTexts;
import io.ringcast.bench.fixture.SubscribedMatcher;
import io.ringcast.session.MatchedAction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.ArrayList;
import java.util.List;

/**
 * Step 5: a log finds the one filter that it matches among many; its address and topics are read from the text first.
 * Confined to the thread that measures.
 */
public class TopicIndexBenchmark extends RelayBenchmark
{
    private static final int LOGS = 1024;

    /** How many filters there are. */
    @Param({"10", "100", "1000", "10000", "100000"})
    public int filters;

    private SubscribedMatcher distinct;
    private final List<byte[]> distinctLogs = new ArrayList<>();
    private int next;

    /** Subscribes to the filters and makes a log for each, at most {@value #LOGS}, spread over all of them. */
    @Setup
    public void setUp()
    {
        distinct = new SubscribedMatcher();
        for (int i = 0; i < filters; i++)
        {
            distinct.subscribe("{\"address\":\"" + SampleTexts.address(i) + "\"}");
        }
        for (int i = 0; i < Math.min(filters, LOGS); i++)
        {
            final int filter = (int)((long)i * filters / Math.min(filters, LOGS));
            distinctLogs.add(SampleTexts.ascii(SampleTexts.log(
                SampleTexts.address(filter), SampleTexts.topic(0), SampleTexts.topic(filter))));
        }
    }

    /**
     * Each filter has an address of its own.
     *
     * @return the one publication.
     */
    @Benchmark
    public MatchedAction distinctAddresses()
    {
        next = next + 1 == distinctLogs.size() ? 0 : next + 1;
        return distinct.match(distinctLogs.get(next));
    }
}
