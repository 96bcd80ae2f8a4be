package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A visit to a block was cut short, and the chain comes back to it for good. Confined to the test's thread. */
class LogGapAfterVisitTest extends TwoLaneLogs
{
    private static final long VISITED = 0xa;
    private static final long OTHER = 0xb;

    @Test
    void shouldDeclareWhatIsPassedOverThen()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        head(8, VISITED);
        head(9, VISITED);
        log(0, 9, 1);
        head(9, OTHER);
        assertEquals(1, counters.get(RelayCounter.LOG_VISITS_CUT));
        head(9, VISITED);
        log(0, 9, 0);
        log(1, 9, 0);
        log(1, 9, 1);
        head(10, VISITED);
        log(0, 10, 0);
        log(1, 10, 0);
        assertEquals(List.of("+9a:0", "+9a:1", "+10a:0"), toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
        log(1, 9, 2);
        log(1, 9, 3);

        assertEquals(1, counters.get(RelayCounter.LOG_GAPS));
        assertEquals(1, counters.get(RelayCounter.LOG_VISITS_CUT));
    }

    private void head(final long number, final long branch)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = branch << 8 | number;
        arbiter.onHead(head, nowNs);
        for (int lane = 0; lane < 2; lane++)
        {
            arbiter.onLaneHead(lane, true, head.hash, number);
        }
        arbiter.onTime(nowNs);
    }

    private void log(final int lane, final long number, final int index)
    {
        final byte[] text = SimBlock.text(String.format(
            "{\"blockNumber\":\"0x%x\",\"blockHash\":\"0x%016x%048d\",\"logIndex\":\"0x%x\"}",
            number, VISITED << 8 | number, 0, index));
        arbiter.onLog(lane, text, 0, text.length, nowNs);
    }
}
