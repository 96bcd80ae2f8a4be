package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A branch that the chain visits shortly, told by one upstream whole and by another a little later. Confined to the
 * test's thread.
 */
class LogVisitsTest extends TwoLaneLogs
{
    private static final long BEHIND_NS = DEADLINE_NS / 10;
    private static final long STAY_NS = DEADLINE_NS * 2;

    @BeforeEach
    void followTheChain()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        for (int number = 1; number <= 4; number++)
        {
            publish(number, 0xa);
            log(0, number, 0xa, 0);
            laneHead(1, number, 0xa);
            log(1, number, 0xa, 0);
            pass(STAY_NS);
        }
        toldTexts.clear();
    }

    @Test
    void shouldTellAllOfAVisitThatOneUpstreamHasYetToTell()
    {
        visitByTheFirst(0);
        pass(BEHIND_NS);
        follow();

        assertEquals(VISIT, toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_VISITS_CUT));
    }

    @Test
    void shouldWaitForWhatTheFirstHasLostUntilTheOtherHasGoneOn()
    {
        visitByTheFirst(1);
        pass(BEHIND_NS);
        assertEquals(List.of("+5b:0"), toldTexts);
        follow();

        assertEquals(VISIT, toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_VISITS_CUT));
    }

    @Test
    void shouldNotWaitForLongerThanTheDeadlineAndSayWhatIsMissing()
    {
        visitByTheFirst(1);
        pass(DEADLINE_NS * 2);
        assertEquals(List.of("+5b:0", "-5b:0", "+5c:0"), toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_VISITS_CUT), "nobody knows that anything is");
        follow();

        assertEquals(List.of("+5b:0", "-5b:0", "+5c:0"), toldTexts);
        assertEquals(2, counters.get(RelayCounter.LOG_VISITS_CUT));
        assertEquals(3, counters.get(RelayCounter.LOGS_LATE));
    }

    @Test
    void shouldWaitForNobodyGivenThatTheBranchStoodForLong()
    {
        publish(5, 0xb);
        log(0, 5, 0xb, 0);
        laneHead(1, 5, 0xb);
        pass(STAY_NS);
        publish(5, 0xc);
        log(0, 5, 0xc, 0);

        assertEquals(List.of("+5b:0", "-5b:0", "+5c:0"), toldTexts);
    }

    /** What the other says of the branch is of the first time: it has yet to come to where the chain went on. */
    @Test
    void shouldWaitForWhoIsBehindGivenThatTheChainHasComeBack()
    {
        comeBackByTheFirst();
        pass(BEHIND_NS);
        assertEquals(List.of("+5b:0"), toldTexts);
        laneHead(1, 5, 0xb);
        pass(BEHIND_NS);
        assertEquals(List.of("+5b:0"), toldTexts);
        logs(1, 5, 2);
        laneHead(1, 5, 0xc);
        log(1, 5, 0xc, 0);
        laneHead(1, 5, 0xb);
        logs(1, 5, 2);

        assertEquals(BACK, toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_VISITS_CUT));
    }

    @Test
    void shouldSayWhatIsMissingOfAVisitThoughTheChainHasComeBack()
    {
        comeBackByTheFirst();
        pass(DEADLINE_NS * 2);
        assertEquals(List.of("+5b:0", "-5b:0", "+5c:0", "-5c:0", "+5b:0"), toldTexts);
        assertEquals(0, counters.get(RelayCounter.LOG_VISITS_CUT), "nobody knows that anything is");
        laneHead(1, 5, 0xb);
        logs(1, 5, 2);

        assertEquals(List.of("+5b:0", "-5b:0", "+5c:0", "-5c:0", "+5b:0", "+5b:1"), toldTexts);
        assertEquals(1, counters.get(RelayCounter.LOG_VISITS_CUT));
        assertEquals(1, counters.get(RelayCounter.LOGS_LATE));
    }

    private static final List<String> BACK =
        List.of("+5b:0", "+5b:1", "-5b:1", "-5b:0", "+5c:0", "-5c:0", "+5b:0", "+5b:1");

    /** It tells one of two logs of the branch each time. */
    private void comeBackByTheFirst()
    {
        publish(5, 0xb);
        logs(0, 5, 1);
        publish(5, 0xc);
        log(0, 5, 0xc, 0);
        publish(5, 0xb);
        logs(0, 5, 1);
    }

    private static final List<String> VISIT =
        List.of("+5b:0", "+5b:1", "+6b:0", "+6b:1", "-6b:1", "-6b:0", "-5b:1", "-5b:0", "+5c:0");

    /** The first upstream tells two blocks, with so many logs each lost at the end, and the one that takes over. */
    private void visitByTheFirst(final int lost)
    {
        publish(5, 0xb);
        logs(0, 5, 2 - lost);
        publish(6, 0xb);
        logs(0, 6, lost == 0 ? 2 : 0);
        publish(5, 0xc);
        log(0, 5, 0xc, 0);
    }

    private void follow()
    {
        laneHead(1, 5, 0xb);
        logs(1, 5, 2);
        laneHead(1, 6, 0xb);
        logs(1, 6, 2);
        laneHead(1, 5, 0xc);
        log(1, 5, 0xc, 0);
    }

    private void logs(final int lane, final long number, final int count)
    {
        for (int index = 0; index < count; index++)
        {
            log(lane, number, 0xb, index);
        }
    }

    private void publish(final long number, final long branch)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = branch << 8 | number;
        laneHead(0, number, branch);
        arbiter.onHead(head, nowNs);
        arbiter.onTime(nowNs);
    }

    private void laneHead(final int lane, final long number, final long branch)
    {
        arbiter.onLaneHead(lane, true, new long[]{branch << 8 | number, 0, 0, 0}, number);
        arbiter.onTime(nowNs);
    }

    private void log(final int lane, final long number, final long branch, final int index)
    {
        final byte[] text = SimBlock.text(String.format(
            "{\"blockNumber\":\"0x%x\",\"blockHash\":\"0x%016x%048d\",\"logIndex\":\"0x%x\"}",
            number, branch << 8 | number, 0, index));
        arbiter.onLog(lane, text, 0, text.length, nowNs);
    }
}
