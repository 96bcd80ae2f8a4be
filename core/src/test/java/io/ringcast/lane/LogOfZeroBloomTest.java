package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chain whose heads say that there are no logs, and that has some. Confined to the test's thread. */
class LogOfZeroBloomTest extends TwoLaneLogs
{
    private static final long LONGEST_NS = DEADLINE_NS * LaneRules.LONGEST_REPAIR_DEADLINES;

    @BeforeEach
    void tellALogBehindAHole()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        head(8);
        head(9);
        log(1);
        assertEquals(List.of(), toldIndexes);
        assertEquals(List.of("9"), askedBlocks);
    }

    @Test
    void shouldAskNoMoreGivenThatWhatWasMissingIsPushed()
    {
        log(0);
        assertEquals(List.of(0, 1), toldIndexes);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> pass(2 * LONGEST_NS));
        forgetAsked();
        pass(2 * LONGEST_NS);

        assertEquals(List.of(), askedBlocks);
        assertEquals(0, counters.get(RelayCounter.LOG_GAPS));
    }

    @Test
    void shouldWaitForWhatIsMissingGivenThatAnUpstreamGoes()
    {
        arbiter.onLaneDown(1, nowNs);
        assertEquals(List.of(), toldIndexes);
        log(0);

        assertEquals(List.of(0, 1), toldIndexes);
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.hasBloom = true;
        head.isBloomZero = true;
        arbiter.onHead(head, nowNs);
        for (int lane = 0; lane < 2; lane++)
        {
            arbiter.onLaneHead(lane, true, head.hash, number);
        }
        arbiter.onTime(nowNs);
    }

    private void log(final int index)
    {
        final byte[] text = SimBlock.text("{\"blockNumber\":\"0x9\",\"blockHash\":\"0x" + "0".repeat(15) + "9" +
            "0".repeat(48) + "\",\"logIndex\":\"0x" + index + "\"}");
        assertTrue(arbiter.onLog(0, text, 0, text.length, nowNs));
    }
}
