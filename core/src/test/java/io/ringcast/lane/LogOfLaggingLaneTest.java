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

/** Who is known to be below a block is not asked for its logs, and by no deadline. Confined to the test's thread. */
class LogOfLaggingLaneTest implements LogSink
{
    private static final long DEADLINE_NS = 1_000;
    private static final int TIP = 100;
    private static final byte[] LOGS = SimBlock.text('[' + log(0) + ',' + log(1) + ']');

    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> told = new ArrayList<>();
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
        told.add(logIndex);
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        asked.add(laneIndex);
        return ++lastCallId;
    }

    /** Lane 1 has told the second log of a block, and not the first, and goes. Lane 0 is behind. */
    @BeforeEach
    void loseTheOneThatHasTheBlock()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        arbiter.onLaneHead(1, true, hash(TIP - 1), TIP - 1);
        head(TIP - 1);
        arbiter.onLaneHead(0, true, hash(TIP / 2), TIP / 2);
        arbiter.onLaneHead(1, true, hash(TIP), TIP);
        head(TIP);
        final byte[] log = SimBlock.text(log(1));
        arbiter.onLog(1, log, 0, log.length, nowNs);
        assertEquals(List.of(), told);
        arbiter.onLaneDown(1, nowNs);
        asked.clear();
        pass(50 * DEADLINE_NS);
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
        assertFalse(asked.contains(0), asked::toString);
    }

    @Test
    void shouldAskTheOneThatHasTheBlockWhenItIsBack()
    {
        arbiter.onLaneLive(1, nowNs);
        assertEquals(List.of(1), asked);
        arbiter.onFetched(1, lastCallId, false, LOGS, 0, LOGS.length, nowNs);

        assertEquals(List.of(0, 1), told);
    }

    @Test
    void shouldAskTheOneThatWasBehindWhenItHasCaughtUp()
    {
        arbiter.onLaneHead(0, true, hash(TIP), TIP);
        pass(DEADLINE_NS / 2);

        assertTrue(asked.contains(0), asked::toString);
        arbiter.onFetched(0, lastCallId, false, LOGS, 0, LOGS.length, nowNs);
        assertEquals(List.of(0, 1), told);
    }

    @Test
    void shouldDeclareAGapGivenTheOneThatCaughtUpCanNotTell()
    {
        arbiter.onLaneHead(0, true, hash(TIP), TIP);
        pass(3 * DEADLINE_NS);

        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(List.of(1), told);
    }

    private void head(final int number)
    {
        final Head head = new Head();
        head.number = number;
        System.arraycopy(hash(number), 0, head.hash, 0, head.hash.length);
        head.hasBloom = true;
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

    private static long[] hash(final int number)
    {
        return new long[] {number, 0, 0, 0};
    }

    private static String log(final int logIndex)
    {
        return "{\"blockNumber\":\"0x" + Integer.toHexString(TIP) + "\",\"blockHash\":\"0x" +
            String.format("%016x", TIP) + "0".repeat(48) + "\",\"logIndex\":\"0x" + logIndex + "\"}";
    }
}
