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
 * Step 5 where it is hardest: all filters share one busy address, and each differs in its second topic, as those of
 * wallets that watch transfers of one token do.
 * Confined to the thread that measures.
 */
public class BusyAddressBenchmark extends RelayBenchmark
{
    private static final int LOGS = 1024;

    /** How many filters there are. */
    @Param({"1000", "10000"})
    public int filters;

    private final List<byte[]> logs = new ArrayList<>();
    private SubscribedMatcher matcher;
    private int next;

    /** Subscribes to the filters and makes logs that match one of them each. */
    @Setup
    public void setUp()
    {
        matcher = new SubscribedMatcher();
        final String address = SampleTexts.address(0);
        final String transfer = SampleTexts.topic(0);
        for (int i = 1; i <= filters; i++)
        {
            matcher.subscribe("{\"address\":\"" + address + "\",\"topics\":[\"" + transfer + "\",\"" +
                SampleTexts.topic(i) + "\"]}");
        }
        for (int i = 1; i <= Math.min(filters, LOGS); i++)
        {
            logs.add(SampleTexts.ascii(SampleTexts.log(address, transfer, SampleTexts.topic(i))));
        }
    }

    /**
     * One log for one of the filters.
     *
     * @return the one publication.
     */
    @Benchmark
    public MatchedAction sharedAddress()
    {
        next = next + 1 == logs.size() ? 0 : next + 1;
        return matcher.match(logs.get(next));
    }
}
