package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom the relay asks where logs belong that came before the first head. Confined to the test's thread. */
class EarlyLogsOfLeftOutLaneTest extends TwoLaneLogs
{
    @Test
    void shouldAskTheOtherGivenThatOneIsLeftOut()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        arbiter.setLeftOut(1);
        final byte[] log = SimBlock.text("{\"blockNumber\":\"0x6\",\"blockHash\":\"0x" + String.format("%064x", 6) +
            "\",\"logIndex\":\"0x0\"}");
        arbiter.onLog(1, log, 0, log.length, nowNs);

        final Head head = new Head();
        head.number = 9;
        head.hash[0] = 9;
        head.parentHash[0] = 8;
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);

        assertEquals(List.of(1), askedLanes);
    }
}
