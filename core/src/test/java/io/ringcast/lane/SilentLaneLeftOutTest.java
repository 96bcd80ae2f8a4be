package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;

import java.util.List;

import org.junit.jupiter.api.Test;

/** An upstream that is silent is left out until it tells something; if there is no other, it is used. */
class SilentLaneLeftOutTest extends LaneWatchBed
{
    private static final int HOLE = 2;
    private static final long ATTEMPT_NS = TICK_NS;

    @Test
    void shouldLeaveItOutUntilItPushes()
    {
        start(2);
        beSilentBesideOthers(2);
        assertTrue(status(0).isLeftOut());
        assertFalse(status(1).isLeftOut());

        reconnect(0);
        answer(last(), block(block));
        assertTrue(status(0).isLeftOut(), "it was asked, and has pushed nothing");

        say(0, block);
        assertFalse(status(0).isLeftOut());
    }

    @Test
    void shouldLeaveOneOutThatIsPolledOnlyWhileItDoesNotAnswer()
    {
        start(1);
        pass(SILENT_NS);
        answer(last(), block(block + 1));
        pass(PUSH_NS);
        assertTrue(status(0).isLeftOut());
        reconnect(0);
        answer(last(), block(++block));
        passUntilAsked();
        answer(last(), block(block + 2));
        pass(PUSH_NS);
        assertTrue(status(0).isHeadsPolled());
        assertFalse(status(0).isLeftOut());

        pass(ANSWER_NS);
        assertTrue(status(0).isLeftOut(), "it does not even answer");
        reconnect(0);
        passUntilAsked();
        answer(last(), block(++block));
        assertFalse(status(0).isLeftOut());
    }

    @Test
    void shouldAskOthersFirstForWhatIsMissing()
    {
        start(3);
        beSilentBesideOthers(3);
        reconnect(0);
        answer(last(), block(block));
        calls.clear();

        say(1, block + HOLE);
        pass(2 * ATTEMPT_NS);
        assertEquals(List.of(1, 2, 0), asked());
    }

    @Test
    void shouldAskItWhenNoOtherAnswers()
    {
        start(2);
        beSilentBesideOthers(2);
        reconnect(0);
        answer(last(), block(block));
        calls.clear();

        say(1, block + HOLE);
        pass(ATTEMPT_NS);
        assertEquals(List.of(1, 0), asked());
        answer(last(), block(block + 1));
        assertEquals(block + HOLE, published);
    }

    /** Both stand still, and one of them is dead: that it once agreed says nothing of what the other tells now. */
    @Test
    void shouldNotBelieveItAgainstOneThatGoesOn()
    {
        start(2);
        pass(SILENT_NS);
        answer(calls.get(1), block(block));
        pass(ANSWER_NS);
        assertEquals(List.of(0), resets);
        reconnect(0);

        say(1, block + HOLE);
        pass(20 * GAP_NS);

        assertEquals(block + 1, published);
        assertEquals(1, counters.get(RelayCounter.HEAD_GAPS));
        assertEquals(0, counters.get(RelayCounter.LANES_LEFT_OUT));
    }

    @Test
    void shouldNotCountItAsOneThatMayAgree()
    {
        start(3, 2);
        beSilentBesideOthers(3);
        reconnect(0);
        arbiter.onLaneDown(2, nowNs);
        say(1, ++block);
        pass(2 * GAP_NS);
        assertEquals(List.of("lost 1"), quorums);

        say(0, block);
        pass(TICK_NS);
        assertEquals(List.of("lost 1", "met 2"), quorums);
    }

    private void beSilentBesideOthers(final int laneCount)
    {
        for (int i = 0; i < STALE_GAPS; i++)
        {
            pass(GAP_NS);
            block++;
            for (int lane = 1; lane < laneCount; lane++)
            {
                say(lane, block);
            }
        }
        assertEquals(List.of(0), resets);
    }

    private List<Integer> asked()
    {
        return calls.stream().map(Call::laneIndex).toList();
    }
}
