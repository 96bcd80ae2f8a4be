package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

/** An upstream is measured by what another one says. */
class LaneBesideOthersTest extends LaneWatchBed
{
    LaneBesideOthersTest()
    {
        start(2);
    }

    @Test
    void shouldResetAtOnceWhenTheOtherOneGoesOn()
    {
        for (int i = 0; i < STALE_GAPS; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }

        assertEquals(List.of(0), resets);
        assertEquals(List.of(), calls);
    }

    @Test
    void shouldMarkTheSilentOneUntilItPushes()
    {
        for (int i = 0; i < STALE_GAPS; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }
        assertEquals(LaneMark.SILENT, status(0).mark());
        assertEquals(LaneMark.NONE, status(1).mark());

        reconnect(0);
        say(0, block);

        assertEquals(LaneMark.NONE, status(0).mark());
    }

    @Test
    void shouldPollTheSilentOneWhenAResetHasNotHelped()
    {
        for (int i = 0; i < STALE_GAPS; i++)
        {
            pass(GAP_NS);
            say(1, ++block);
        }
        reconnect(0);
        answer(last(), block(block));
        for (int i = 0; i < 3_000 * MS / GAP_NS; i++)
        {
            final int asked = calls.size();
            pass(GAP_NS);
            say(1, ++block);
            List.copyOf(calls.subList(asked, calls.size())).forEach(call -> answer(call, block(block)));
        }

        assertTrue(status(0).isHeadsPolled());
        assertEquals(List.of(0), resets);
    }

    @Test
    void shouldMarkTheOneThatIsBehindUntilItHasCaughtUp()
    {
        final int start = block;
        for (int i = 0; i < 12 * STALE_GAPS && resets.isEmpty(); i++)
        {
            pass(GAP_NS);
            say(1, ++block);
            say(0, start + 1 + i / 3);
            if (calls.size() == 1 && i % STALE_GAPS == 0)
            {
                answer(last(), block(block));
            }
        }
        assertEquals(List.of(0), resets, "it has more than it pushes");
        assertEquals(LaneMark.BEHIND, status(0).mark());

        reconnect(0);
        say(0, block);
        pass(TICK_NS);

        assertEquals(LaneMark.NONE, status(0).mark());
    }

    @Test
    void shouldNotTakeOneForSilentOrBehindThatIsSendingSomethingLong()
    {
        for (int i = 0; i < 20 * STALE_GAPS; i++)
        {
            pass(GAP_NS);
            arbiter.onLaneBusy(0, nowNs);
            say(1, ++block);
            assertEquals(LaneMark.NONE, status(0).mark());
        }

        assertEquals(List.of(), resets);
        assertEquals(List.of(), calls);
    }

    @Test
    void shouldCountWhatItLeavesOutAlsoWhenItIsFirstWithTheNext()
    {
        for (int i = 0; i < 10; i++)
        {
            say(1, ++block);
            say(0, ++block);
            say(1, block);
        }

        assertEquals(10, status(0).missing());
        assertEquals(0, status(1).missing());
    }

    @Test
    void shouldCountWhatHadToBeFetchedSinceItLeftItOut()
    {
        block += 2;
        say(0, block);
        answer(last(), block(block - 1));

        assertEquals(block, arbiter.tipNumber());
        assertEquals(1, status(0).missing());
    }

    @Test
    void shouldResetTheOneThatDoesNotAnswerWhenBothAreSilent()
    {
        pass(SILENT_NS);
        assertEquals(2, calls.size());
        answer(calls.get(1), block(block));
        pass(ANSWER_NS);

        assertEquals(List.of(0), resets);
    }
}
