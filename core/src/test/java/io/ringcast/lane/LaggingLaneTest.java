package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

/** An upstream that is behind is marked; its connection is made anew only if it has more than it pushes. */
class LaggingLaneTest extends LaneWatchBed
{
    private static final int AHEAD = 200;
    private static final int LAG = 10;

    LaggingLaneTest()
    {
        start(2);
    }

    @Test
    void shouldLeaveTheOneAloneThatBeganLowerAndCatchesUp()
    {
        fallBehind(AHEAD / 2);
        int own = block - AHEAD / 2;
        LaneMark mark = LaneMark.NONE;
        while (own < block)
        {
            pass(GAP_NS);
            say(1, ++block);
            say(0, own += 2);
            answerFor(0, own);
            mark = status(0).mark() == LaneMark.NONE ? mark : status(0).mark();
            assertEquals(own >= block, arbiter.hasNewest(0));
        }

        pass(TICK_NS);
        assertEquals(List.of(), resets);
        assertEquals(LaneMark.BEHIND, mark);
        assertEquals(LaneMark.NONE, status(0).mark());
        assertEquals(0, counters.get(RelayCounter.LANES_STALE));
    }

    /** It goes on at the chain's pace, for hours. */
    @Test
    void shouldAskTheOneMoreAndMoreSeldomThatStaysBehind()
    {
        fallBehind(LAG);
        final int first = calls.size();
        for (int i = 0; i < 2_000; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
            say(0, block - LAG);
            answerFor(0, block - LAG);
        }

        assertEquals(List.of(), resets);
        assertEquals(LaneMark.BEHIND, status(0).mark());
        assertEquals(block, published);
        final long asked = calls.stream().skip(first).filter(call -> call.text().contains("latest")).count();
        assertTrue(asked > 0 && asked < 20, asked + " questions");
    }

    @Test
    void shouldResetTheOneThatDoesNotAnswerAfterEverLongerPauses()
    {
        fallBehind(LAG);
        for (int i = 0; i < 2_000; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
            say(0, block - LAG);
        }

        assertTrue(resets.contains(0) && resets.size() < 20, resets::toString);
    }

    @Test
    void shouldNotResetTheOneWhosePushesComeBehindItsAnswer()
    {
        fallBehindUntilAsked();
        answer(last(), block(block));
        pass(PUSH_NS - TICK_NS);
        say(0, block);
        pass(4 * PUSH_NS);

        assertEquals(List.of(), resets);
        assertEquals(LaneMark.NONE, status(0).mark());
    }

    @Test
    void shouldResetTheOneThatTellsLateAsSoonAsEverGivenAnAnswerBetweenAPauseOfTheRelayAndTheTick()
    {
        fallBehindUntilAsked();
        nowNs += 100 * SILENT_NS;
        answer(last(), block(block));
        pass(PUSH_NS + TICK_NS);

        assertEquals(List.of(0), resets);
    }

    /** After a reconnect it shows once more what it said last, since the chain stands still: it has all there is. */
    @Test
    void shouldKnowThatTheOneHasTheNewestHeadGivenItShowsItAgain()
    {
        reconnect(0);
        assertFalse(arbiter.hasNewest(0));

        answer(last(), block(block));

        assertTrue(arbiter.hasNewest(0));
        arbiter.onLaneDown(0, nowNs);
        assertFalse(arbiter.hasNewest(0));
    }

    /** It shows after each reconnect what it said last, and has nothing else. */
    @Test
    void shouldNotResetAStuckOneForEver()
    {
        final int stuckAt = block;
        reconnect(0);
        answer(last(), block(stuckAt));
        for (int i = 0; i < 2_000; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
            answerFor(0, stuckAt);
            if (!resets.isEmpty() && status(0).resets() > 0 && i % 50 == 0)
            {
                reconnect(0);
                answerFor(0, stuckAt);
            }
        }

        assertTrue(resets.size() <= 2, resets::toString);
        assertFalse(arbiter.hasNewest(0));
    }

    /** One of two has agreed with all, and begins far below: the other one's chain stays. */
    @Test
    void shouldStayOnTheChainThatTheOtherFollowsGivenOneThatBeginsAnew()
    {
        reconnect(0);
        for (int i = 1; i <= 3; i++)
        {
            say(0, "b", i);
        }
        pass(GAP_NS);
        say(1, ++block);

        assertEquals(String.valueOf(block), output.get(output.size() - 1));
        assertEquals(block, published);
        assertFalse(status(1).isLeftOut());
        assertEquals(0, counters.get(RelayCounter.REORGS));
    }

    @Test
    void shouldFollowTheChainThatIsBegunAnewByAll()
    {
        reconnect(0);
        reconnect(1);
        for (int i = 1; i <= 4; i++)
        {
            say(0, "b", i);
            say(1, "b", i);
        }

        assertEquals("b4", output.get(output.size() - 1));
        assertFalse(status(0).isLeftOut() || status(1).isLeftOut());
    }

    /** Lane 0 was away for long, and has come back with the newest head that many blocks below the other's. */
    private void fallBehind(final int blocks)
    {
        arbiter.onLaneDown(0, nowNs);
        for (int i = 0; i < AHEAD; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }
        arbiter.onLaneLive(0, nowNs);
        answerFor(0, block - blocks);
    }

    private void fallBehindUntilAsked()
    {
        fallBehind(LAG);
        final int asked = calls.size();
        for (int i = 0; i < 4 * STALE_GAPS && calls.size() == asked; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
            say(0, block - LAG);
        }
    }

    /** Answers what the upstream was asked last, if it was asked for its newest head. */
    private void answerFor(final int laneIndex, final int number)
    {
        for (int i = calls.size() - 1; i >= 0 && i >= calls.size() - 3; i--)
        {
            if (calls.get(i).laneIndex() == laneIndex && calls.get(i).text().contains("latest"))
            {
                answer(calls.get(i), block(number));
                return;
            }
        }
    }
}
