package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom the relay asks for what is missing, and how long it waits. Confined to the test's thread. */
class HeadDeadlineTest extends HeadArbiterBed
{
    @Test
    void shouldAskEachLaneForWhatIsMissingUntilTheDeadline()
    {
        say(0, 'a', 1);
        say(1, 'a', 4);
        assertEquals(List.of(1, 1), asked);
        for (long step = 0; step < LaneRules.ATTEMPTS_PER_DEADLINE - 1; step++)
        {
            nowNs += DEADLINE_NS / LaneRules.ATTEMPTS_PER_DEADLINE;
            arbiter.onTime(nowNs);
        }

        assertEquals(List.of(1, 1, 0, 2), asked.subList(0, 4));
    }

    @Test
    void shouldTakeTheAnswerOfWhomItAskedFirstThoughItHasAskedOthersSince()
    {
        say(0, 'a', 1);
        say(1, 'a', 3);
        final long firstCall = lastCallId;
        pass(2 * TICK_NS);
        assertTrue(lastCallId > firstCall);
        answer(1, firstCall, 'a', 2);

        assertEquals(List.of("a1", "a2", "a3"), output);
    }

    @Test
    void shouldNotDeclareAGapBecauseOfAPauseInWhichItDidNothing()
    {
        say(0, 'a', 1);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneDown(2, nowNs);
        say(0, 'a', 3);
        final long call = lastCallId;
        nowNs += 100 * DEADLINE_NS;
        arbiter.onTime(nowNs);
        answer(0, call, 'a', 2);

        assertEquals(List.of("a1", "a2", "a3"), output);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
    }

    @Test
    void shouldHavePatienceAfterAReconnectUntilSomethingIsPushed()
    {
        reconnectAndTellNewest(20);
        pass(10 * DEADLINE_NS);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));

        say(0, 'a', 21);
        pass(DEADLINE_NS - TICK_NS);
        assertEquals(0, counters.get(RelayCounter.HEAD_GAPS));
        pass(TICK_NS);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(List.of("a1", "a20", "a21"), output);
    }

    @Test
    void shouldNotWaitForEverAfterAReconnect()
    {
        reconnectAndTellNewest(20);
        pass(LaneRules.LONGEST_REPAIR_DEADLINES * DEADLINE_NS);

        assertEquals(List.of("a1", "a20"), output);
    }

    @Test
    void shouldTellWhatWasFetchedAsLateGivenThatItsGapWasDeclared()
    {
        say(0, 'a', 1);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneDown(1, nowNs);
        asked.clear();
        say(2, 'a', 4);
        final long call = lastCallId;
        expire();
        assertEquals(List.of("a1", "a4"), output);
        assertEquals(List.of(), late);

        answer(2, call, 'a', 2);
        answer(2, call, 'a', 2);
        answer(2, call - 1, 'a', 3);
        say(2, 'a', 2);

        assertEquals(List.of("2", "3"), late);
        assertEquals(List.of("a1", "a4"), output);
    }

    private void reconnectAndTellNewest(final int number)
    {
        say(0, 'a', 1);
        for (int lane = 0; lane < LANES; lane++)
        {
            arbiter.onLaneDown(lane, nowNs);
        }
        calls.clear();
        arbiter.onLaneLive(0, nowNs);
        assertTrue(calls.get(0).contains("latest"), calls.toString());
        answer(0, lastCallId, 'a', number);
    }
}
