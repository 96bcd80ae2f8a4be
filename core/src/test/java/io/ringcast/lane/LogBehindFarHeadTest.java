package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heads go on behind a gap, which an upstream that is alone can make as wide as it likes. */
class LogBehindFarHeadTest extends TwoLaneLogs
{
    private static final int BEGIN = 9;
    private static final long FAR = 1L << 60;

    @ParameterizedTest
    @ValueSource(longs = {BEGIN + 2, BEGIN + 300, BEGIN + 1_023, BEGIN + 1_024, BEGIN + 1_025, 100_000, FAR})
    void shouldTellTheLogsBehindTheGap(final long number)
    {
        begin();
        log(BEGIN, 0);
        head(number);
        log(number, 0);
        head(number + 1);
        // The next one ends the wait for more of the last.
        log(number + 1, 0);

        assertEquals(List.of((long)BEGIN, number, number + 1), toldHashes);
        assertWhole(number);
    }

    /** They are kept no longer, or still are and go first. */
    @ParameterizedTest
    @ValueSource(longs = {BEGIN + 2, BEGIN + 200, BEGIN + 1_000, 100_000, FAR})
    void shouldTellTheLogsBehindTheGapGivenThatOthersWaitBeforeIt(final long number)
    {
        begin();
        log(BEGIN, 1);
        head(number);
        log(number, 0);
        pass(2 * DEADLINE_NS * LaneRules.LONGEST_REPAIR_DEADLINES);

        assertEquals(number, toldHashes.get(toldHashes.size() - 1));
        assertTrue(number - BEGIN < 1_024 ? toldHashes.equals(List.of((long)BEGIN, number)) : toldHashes.size() == 1,
            toldHashes::toString);
    }

    @Test
    void shouldGoOnWhereTheChainIsBegunAnew()
    {
        begin();
        head(FAR);
        log(FAR, 0);
        head(BEGIN + 1);
        log(BEGIN + 1, 0);
        head(BEGIN + 2);
        log(BEGIN + 2, 0);

        assertEquals(List.of("+" + FAR + Long.toHexString(FAR >>> 8) + ":0", "-" + FAR + Long.toHexString(FAR >>> 8) +
            ":0", "+100:0", "+110:0"), toldTexts);
        assertWhole(BEGIN + 1);
    }

    @Test
    void shouldKnowUpToWhereAllIsToldAtOnce()
    {
        begin();
        head(FAR);

        assertWhole(FAR - 1);
    }

    private void assertWhole(final long number)
    {
        assertEquals(number, assertTimeoutPreemptively(Duration.ofSeconds(5), arbiter::wholeNumber));
    }

    private void begin()
    {
        arbiter.onLaneLive(0, nowNs);
        head(BEGIN - 1);
        head(BEGIN);
    }

    private void head(final long number)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = number;
        head.hasBloom = true;
        arbiter.onHead(head, nowNs);
        arbiter.onLaneHead(0, true, head.hash, number);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> arbiter.onTime(nowNs));
    }

    private void log(final long number, final int index)
    {
        final byte[] text = SimBlock.text("{\"blockNumber\":\"0x" + Long.toHexString(number) +
            "\",\"blockHash\":\"0x" + String.format("%016x", number) + "0".repeat(48) + "\",\"logIndex\":\"0x" +
            index + "\"}");
        assertTrue(arbiter.onLog(0, text, 0, text.length, nowNs));
    }
}
