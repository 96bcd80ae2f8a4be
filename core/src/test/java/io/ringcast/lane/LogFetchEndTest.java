package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A block's logs are asked for as long as the chain leads through it, and no longer. Confined to the test's thread. */
class LogFetchEndTest implements LogSink
{
    private static final long DEADLINE_NS = 1_000;
    private static final long LONGEST_NS = DEADLINE_NS * LaneRules.LONGEST_REPAIR_DEADLINES;
    private static final byte[] ONE_LOG = SimBlock.text("[{\"blockNumber\":\"0x9\",\"blockHash\":\"0x" +
        "0".repeat(15) + "9" + "0".repeat(48) + "\",\"logIndex\":\"0x0\"}]");

    private final List<String> fetched = new ArrayList<>();
    private final List<Long> told = new ArrayList<>();
    private final CounterSet counters = new CounterSet();
    private final LogArbiter arbiter = new LogArbiter(
        new LaneRules(2, 1, DEADLINE_NS, 64, 8, 1 << 20, 1, 1, 1), "{}", () -> 0, counters, this);
    private long nowNs;
    private long lastCallId;

    @Override
    public void onLog(
        final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
        final byte[] bytes, final int offset, final int length)
    {
        told.add(hashStart);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        fetched.add(call.replaceAll(".*\"blockHash\":\"0x0*([0-9a-f]+?)0{48}\".*", "$1"));
        return ++lastCallId;
    }

    @BeforeEach
    void askForTheLogsOfAFetchedHead()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        head(8, 8);
        head(9, 9);
        assertEquals("9", fetched.get(fetched.size() - 1));
    }

    @Test
    void shouldAskOnWhileTheChainLeadsThroughTheBlock()
    {
        fetched.clear();
        pass(LONGEST_NS / 2);

        assertTrue(fetched.contains("9"), fetched::toString);
    }

    @Test
    void shouldNotAskAgainForABlockThatTheChainHasLeft()
    {
        head(9, 0xa);
        fetched.clear();
        pass(LONGEST_NS * 2);

        assertTrue(fetched.contains("a"), fetched::toString);
        assertFalse(fetched.contains("9"), fetched::toString);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS), "only the new block's are missed");
    }

    @Test
    void shouldAskAnewWhenTheChainComesBack()
    {
        head(9, 0xa);
        fetched.clear();
        head(9, 9);

        assertEquals(List.of("9"), fetched);
        arbiter.onFetched(0, lastCallId, false, ONE_LOG, 0, ONE_LOG.length, nowNs);
        assertEquals(List.of(9L), told);
    }

    private void head(final long number, final long hash)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = hash;
        head.hasBloom = true;
        // That the first one is not leaves its logs to who pushes them.
        head.isFetched = number > 8;
        arbiter.onHead(head, 0);
        arbiter.onTime(nowNs);
    }

    private void pass(final long timeNs)
    {
        for (final long untilNs = nowNs + timeNs; nowNs < untilNs; nowNs += DEADLINE_NS / 10)
        {
            arbiter.onTime(nowNs);
        }
    }
}
