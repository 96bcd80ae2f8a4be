package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;

import java.util.List;

import org.junit.jupiter.api.Test;

/** An upstream that accepts {@code newHeads} and pushes none is found out by what it answers, and loses nothing. */
class FirstPushesTest extends LaneWatchBed
{
    private static final long GRACE_NS = 3_000 * MS;
    private static final long INTERVAL_NS = 2_000 * MS;
    private static final long SLOW_GAP_NS = 12_000 * MS;

    @Test
    void shouldPollOneThatHasGoneOnByTwoBlocksWithoutAPush()
    {
        accept();
        assertEquals(INTERVAL_NS, passUntilAsked() + TICK_NS);
        answer(last(), block(block + 2));
        pass(PUSH_NS - TICK_NS);
        assertFalse(status(0).isHeadsPolled());

        pass(TICK_NS);
        assertTrue(status(0).isHeadsPolled());
        assertFalse(status(0).isLeftOut());
        assertEquals(LaneMark.SILENT, status(0).mark());
        answer(last(), block(block + 2));
        answer(last(), block(block + 1));

        assertEquals(List.of("8", "9"), output);
        assertEquals(List.of(), resets);
        assertEquals(1, counters.get(RelayCounter.HEAD_LANES_SILENT));
    }

    @Test
    void shouldPollOneThatHasGoneOnByABlockForAWhile()
    {
        accept();
        passUntilAsked();
        answer(last(), block(block + 1));
        passAndAnswer(GRACE_NS - TICK_NS, block + 1);
        assertFalse(status(0).isHeadsPolled());

        passAndAnswer(2 * TICK_NS, block + 1);
        assertTrue(status(0).isHeadsPolled());
        assertEquals(List.of("8"), output);
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldNotMarkOneThatPushesLaterThanItAnswers()
    {
        accept();
        for (int i = 0; i < 20; i++)
        {
            passUntilAsked();
            answer(last(), block(block + 1));
            pass(GRACE_NS - TICK_NS);
            say(0, ++block);
            assertEquals(LaneMark.NONE, status(0).mark());
            reconnect(0);
            answer(last(), block(block));
        }

        assertEquals(20, published);
        assertEquals(0, counters.get(RelayCounter.HEAD_LANES_SILENT));
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldAskEverMoreSeldomWhileTheChainStandsStill()
    {
        accept();
        final int asked = calls.size();
        passAndAnswer(60_000 * MS, block);
        final int inAMinute = calls.size() - asked;
        assertTrue(inAMinute <= 16, () -> "asked " + inAMinute + " times");
        passAndAnswer(60_000 * MS, block);

        assertEquals(6, calls.size() - asked - inAMinute, 1);
        assertEquals(LaneMark.NONE, status(0).mark());
        assertEquals(List.of(), resets);

        say(0, ++block);
        final int before = calls.size();
        pass(SILENT_NS - TICK_NS);
        assertEquals(before, calls.size(), "it has pushed");
    }

    @Test
    void shouldAskNobodyWhoseChainOthersKnowToStandWhereItIs()
    {
        startSlow();
        reconnect(0);
        answer(last(), block(block));
        calls.clear();
        pass(SLOW_GAP_NS - TICK_NS);
        assertEquals(List.of(), calls);

        say(1, ++block);
        passUntilAsked();
        answer(last(), block(block));
        calls.clear();
        pass(GRACE_NS);

        assertTrue(status(0).isHeadsPolled());
        assertEquals(1, calls.size());
        assertEquals(List.of(), resets);
    }

    @Test
    void shouldResetOneThatAnswersAndIsStuckWhileOthersGoOn()
    {
        start(2);
        reconnect(0);
        final int stuck = block;
        answer(last(), block(stuck));
        for (int i = 0; i < 2 * SILENT_NS / GAP_NS && resets.isEmpty(); i++)
        {
            passAndAnswer(GAP_NS, stuck);
            say(1, ++block);
        }

        assertEquals(List.of(0), resets);
        assertTrue(status(0).isLeftOut());
    }

    @Test
    void shouldResetOneThatDoesNotAnswer()
    {
        create(1);
        pass(2 * SILENT_NS);

        assertEquals(0, resets.get(0));
    }

    private void accept()
    {
        block = 7;
        create(1);
        pass(TICK_NS);
        answer(last(), block(block));
    }

    private void startSlow()
    {
        create(2);
        for (int i = 0; i < 12; i++)
        {
            say(0, ++block);
            say(1, block);
            pass(SLOW_GAP_NS);
        }
    }

    /** Time passes, and whoever is asked has that block. */
    private void passAndAnswer(final long passedNs, final int number)
    {
        for (long left = passedNs; left > 0; left -= TICK_NS)
        {
            final int asked = calls.size();
            pass(TICK_NS);
            for (final Call call : List.copyOf(calls.subList(asked, calls.size())))
            {
                answer(call, block(number));
            }
        }
    }
}
