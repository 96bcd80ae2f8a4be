package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is known to be below a block is not asked for its logs, and by no deadline. Confined to the test's thread. */
class LogOfLaggingLaneTest extends TwoLaneLogs
{
    private static final int TIP = 100;
    private static final byte[] LOGS = SimBlock.text('[' + log(0) + ',' + log(1) + ']');

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
        assertEquals(List.of(), toldIndexes);
        arbiter.onLaneDown(1, nowNs);
        forgetAsked();
        pass(50 * DEADLINE_NS);
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
        assertFalse(askedLanes.contains(0), askedLanes::toString);
    }

    @Test
    void shouldAskTheOneThatHasTheBlockWhenItIsBack()
    {
        arbiter.onLaneLive(1, nowNs);
        assertEquals(List.of(1), askedLanes);
        arbiter.onFetched(1, lastCallId, false, LOGS, 0, LOGS.length, nowNs);

        assertEquals(List.of(0, 1), toldIndexes);
    }

    @Test
    void shouldAskTheOneThatWasBehindWhenItHasCaughtUp()
    {
        arbiter.onLaneHead(0, true, hash(TIP), TIP);
        pass(DEADLINE_NS / 2);

        assertTrue(askedLanes.contains(0), askedLanes::toString);
        arbiter.onFetched(0, lastCallId, false, LOGS, 0, LOGS.length, nowNs);
        assertEquals(List.of(0, 1), toldIndexes);
    }

    @Test
    void shouldDeclareAGapGivenTheOneThatCaughtUpCanNotTell()
    {
        arbiter.onLaneHead(0, true, hash(TIP), TIP);
        pass(3 * DEADLINE_NS);

        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(List.of(1), toldIndexes);
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
