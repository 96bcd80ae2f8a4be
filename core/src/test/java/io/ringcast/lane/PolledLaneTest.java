package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

/** An upstream that does not push, whatever is done, is asked. */
class PolledLaneTest extends LaneWatchBed
{
    PolledLaneTest()
    {
        start(1);
    }

    @Test
    void shouldPollWhenAResetHasNotMadeItPush()
    {
        beSilentTwice();

        assertEquals(List.of(0), resets);
        assertTrue(status(0).isHeadsPolled());
        assertEquals(LaneMark.SILENT, status(0).mark());
        assertEquals(1, counters.get(RelayCounter.HEAD_LANES_SILENT));
        final int before = published;
        for (int i = 0; i < 20; i++)
        {
            answer(last(), block(++block));
            assertTrue(passUntilAsked() <= GAP_NS);
        }
        assertEquals(before + 20, published);
        assertEquals(List.of(0), resets);
    }

    @Test
    void shouldFetchWhatLiesBetweenTwoPolls()
    {
        beSilentTwice();
        answer(last(), block(block + 2));
        final int before = published;
        answer(last(), block(block + 1));

        assertEquals(before + 2, published);
    }

    @Test
    void shouldPublishNothingWhenAPollBringsNothingNew()
    {
        beSilentTwice();
        answer(last(), block(++block));
        final int before = published;
        passUntilAsked();
        answer(last(), block(block));

        assertEquals(before, published);
        assertEquals(0, counters.get(RelayCounter.ITEMS_DUPLICATE));
    }

    @Test
    void shouldPollMoreSeldomWhileItFails()
    {
        beSilentTwice();
        answer(last(), block(block));
        final long usualNs = passUntilAsked();
        for (int failures = 1; failures <= 4; failures++)
        {
            arbiter.onFetched(0, last().id(), true, bytes("{\"code\":-32005}"), 0, 15, nowNs);
            final long pauseNs = passUntilAsked();
            assertTrue(pauseNs > (usualNs - TICK_NS << failures) - TICK_NS && pauseNs <= usualNs << failures);
        }
    }

    @Test
    void shouldPollNoMoreWhenItPushesAgain()
    {
        beSilentTwice();
        answer(last(), block(++block));
        say(0, ++block);
        calls.clear();
        for (int i = 0; i < 10; i++)
        {
            pass(GAP_NS);
            say(0, ++block);
        }

        assertEquals(List.of(), calls);
        assertFalse(status(0).isHeadsPolled());
        assertEquals(LaneMark.NONE, status(0).mark());
    }

    @Test
    void shouldResetWhenItDoesNotEvenAnswerAPoll()
    {
        beSilentTwice();
        pass(ANSWER_NS);

        assertEquals(List.of(0, 0), resets);
    }

    /** Behind this it is polled, and the first question is asked. */
    private void beSilentTwice()
    {
        pass(SILENT_NS);
        answer(last(), block(block + 1));
        pass(PUSH_NS);
        assertEquals(List.of(0), resets);
        reconnect(0);
        answer(last(), block(++block));
        passUntilAsked();
        answer(last(), block(block + 2));
        pass(PUSH_NS);
    }
}
