package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;

import java.util.List;

import org.junit.jupiter.api.Test;

/** An upstream that refuses the feed of heads is polled, if it can be. */
class RefusingLaneTest extends LaneWatchBed
{
    RefusingLaneTest()
    {
        start(2);
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneLost(0, nowNs);
        arbiter.onLaneUp(0, nowNs);
        calls.clear();
    }

    @Test
    void shouldPollAtHalfTheChainsPaceUntilItAcceptsTheFeed()
    {
        arbiter.onLaneRefused(0, nowNs);
        answer(last(), block(block));
        assertTrue(status(0).isLive() && status(0).isHeadsPolled());
        assertFalse(status(0).isLeftOut());
        assertEquals(LaneMark.NONE, status(0).mark());
        arbiter.onLaneDown(1, nowNs);
        calls.clear();
        final int before = published;
        for (int i = 0; i < 20; i++)
        {
            assertTrue(passUntilAsked() <= GAP_NS);
            answer(last(), block(++block));
        }
        assertEquals(before + 20, published);
        assertEquals(List.of(), resets);
        assertEquals(1, counters.get(RelayCounter.HEAD_LANES_REFUSING));

        arbiter.onLaneRefused(0, nowNs);
        assertEquals(20, calls.size(), "it is asked already");
        arbiter.onLaneLive(0, nowNs);
        assertFalse(status(0).isHeadsPolled());
        say(0, ++block);
        assertEquals(before + 21, published);
    }

    @Test
    void shouldAskOnceWhatItCanNotSay()
    {
        arbiter.onLaneRefused(0, nowNs);
        arbiter.onLaneRefused(0, nowNs);
        assertEquals(1, calls.size());
        assertTrue(arbiter.isAnyAskedInstead());
        arbiter.onFetched(0, last().id(), true, bytes("{\"code\":-32601}"), 0, 15, nowNs);
        assertFalse(arbiter.isAnyAskedInstead());
        for (int i = 0; i < 100; i++)
        {
            arbiter.onLaneRefused(0, nowNs);
            pass(GAP_NS);
            say(1, ++block);
        }
        assertEquals(1, calls.size());
        assertFalse(status(0).isLive());

        arbiter.onLaneLost(0, nowNs);
        arbiter.onLaneUp(0, nowNs);
        arbiter.onLaneRefused(0, nowNs);
        assertEquals(2, calls.size(), "there may be another node by now");
    }

    @Test
    void shouldNotWaitForWhoDoesNotAnswer()
    {
        arbiter.onLaneRefused(0, nowNs);
        for (int i = 0; i < ANSWER_NS / GAP_NS; i++)
        {
            assertTrue(arbiter.isAnyAskedInstead());
            pass(GAP_NS);
            say(1, ++block);
        }
        assertFalse(arbiter.isAnyAskedInstead());
        answer(calls.get(0), block(block));

        assertFalse(status(0).isLive());
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldMakeItsConnectionAnewWhenAPollIsNotAnswered()
    {
        arbiter.onLaneRefused(0, nowNs);
        answer(last(), block(block));
        for (int i = 0; i < 2 * ANSWER_NS / GAP_NS; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }
        assertTrue(resets.contains(0), resets::toString);
        assertTrue(status(0).isLeftOut());

        arbiter.onLaneDown(0, nowNs);
        assertFalse(status(0).isLive() || status(0).isHeadsPolled());
    }

    @Test
    void shouldMeasureHowLongItsAnswersTake()
    {
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneRefused(0, nowNs);
        answer(last(), block(block + 2));
        final Call missing = last();
        assertTrue(missing.text().contains("eth_getBlockByHash"));
        pass(5 * TICK_NS);
        answer(missing, block(block + 1));

        assertEquals(5 * TICK_NS, arbiter.roundTripNs());
    }

    @Test
    void shouldNotHearWhoIsLeftOutWhileItIsPolled()
    {
        say(1, block - 5);
        assertFalse(status(1).isLeftOut(), "nobody else is there");
        arbiter.onLaneLive(0, nowNs);
        say(0, ++block);
        say(1, block);
        say(1, block - 5);
        assertTrue(status(1).isLeftOut());
        arbiter.onLaneDown(0, nowNs);
        arbiter.onLaneRefused(0, nowNs);
        answer(last(), block(block));
        pass(ANSWER_NS - GAP_NS);

        assertTrue(status(1).isLeftOut());
    }

    @Test
    void shouldBeAskedAtOnceForWhatNobodyCouldBeAskedFor()
    {
        say(1, block + 2);
        arbiter.onLaneDown(1, nowNs);
        arbiter.onLaneRefused(0, nowNs);
        calls.removeIf(call -> call.laneIndex() == 1);
        answer(last(), block(block));

        assertTrue(last().text().contains("eth_getBlockByHash"));
        assertEquals(0, last().laneIndex());
    }

    @Test
    void shouldWaitForNoAnswerOverAConnectionThatIsGone()
    {
        arbiter.onLaneRefused(0, nowNs);
        arbiter.onLaneDown(0, nowNs);

        assertFalse(arbiter.isAnyAskedInstead());
        answer(calls.get(0), block(block));
        assertFalse(status(0).isLive());
    }
}
