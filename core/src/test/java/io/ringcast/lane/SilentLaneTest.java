package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A chain that stands still is no reason to give up a connection; an upstream that is silent on its own account is. */
class SilentLaneTest extends LaneWatchBed
{
    SilentLaneTest()
    {
        start(1);
    }

    @Test
    void shouldAskInPlaceOfResettingWhenTheChainStandsStill()
    {
        for (int i = 1; i <= 30; i++)
        {
            pass(SILENT_NS);
            assertEquals(i, calls.size());
            assertEquals("\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]", last().text());
            answer(last(), block(block));
        }

        assertEquals(List.of(), resets);
        assertEquals(0, counters.get(RelayCounter.LANES_STALE));
    }

    @Test
    void shouldNotAskWhileHeadsCome()
    {
        for (int i = 0; i < 100; i++)
        {
            pass(GAP_NS);
            say(0, ++block);
        }

        assertEquals(List.of(), calls);
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldNotAskWhileHeadsComeThatCannotBeRead()
    {
        final byte[] odd = "{\"slot\":7}".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 30; i++)
        {
            pass(SILENT_NS / 2);
            assertFalse(arbiter.onHead(0, odd, 0, odd.length, nowNs));
        }

        assertEquals(List.of(), calls);
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldResetWhenItDoesNotAnswerInTime()
    {
        pass(SILENT_NS);
        pass(ANSWER_NS - TICK_NS);
        assertEquals(List.of(), resets);

        pass(TICK_NS);

        assertEquals(List.of(0), resets);
        assertEquals(1, counters.get(RelayCounter.LANES_STALE));
    }

    @Test
    void shouldWaitTwiceAsLongWhenAResetHasNotHelped()
    {
        pass(SILENT_NS + ANSWER_NS);
        assertEquals(List.of(0), resets);

        pass(2 * SILENT_NS - TICK_NS);
        assertEquals(1, calls.size());
        pass(TICK_NS);
        assertEquals(2, calls.size());
        pass(ANSWER_NS);

        assertEquals(List.of(0, 0), resets);
    }

    @Test
    void shouldResetWhenItShowsAHeadThatItHasNotPushed()
    {
        pass(SILENT_NS);
        answer(last(), block(block + 1));
        pass(PUSH_NS - TICK_NS);
        assertEquals(List.of(), resets);

        pass(TICK_NS);

        assertEquals(List.of(0), resets);
    }

    @Test
    void shouldNotResetWhenThePushComesBehindTheAnswer()
    {
        pass(SILENT_NS);
        answer(last(), block(block + 1));
        pass(PUSH_NS - TICK_NS);
        say(0, ++block);
        pass(SILENT_NS - TICK_NS);

        assertEquals(List.of(), resets);
        assertEquals(1, calls.size());
        assertEquals(block, published);
    }

    @Test
    void shouldForgetTheQuestionWhenAHeadComesBeforeTheAnswer()
    {
        pass(SILENT_NS);
        final Call asked = last();
        say(0, ++block);
        answer(asked, block(block - 1));
        pass(ANSWER_NS);

        assertEquals(List.of(), resets);
    }

    @Test
    void shouldNotBlameItForAPauseOfTheRelay()
    {
        pass(TICK_NS);
        nowNs += 100 * SILENT_NS;
        pass(SILENT_NS - 3 * TICK_NS);

        assertEquals(List.of(), calls);
    }

    @Test
    void shouldAskAsSoonAsEverGivenThatItWasHeardBetweenAPauseOfTheRelayAndTheTick()
    {
        pass(TICK_NS);
        nowNs += 100 * SILENT_NS;
        say(0, ++block);
        pass(SILENT_NS + TICK_NS);

        assertEquals(1, calls.size());
    }

    @Test
    void shouldNotResetWhenItAnswersWithAnError()
    {
        pass(SILENT_NS);
        arbiter.onFetched(last().laneIndex(), last().id(), true, bytes("{\"code\":-32005}"), 0, 15, nowNs);
        pass(ANSWER_NS);

        assertEquals(List.of(), resets);
    }
}
