package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;

/** An upstream answers what another was asked, whose id it has guessed: that is nobody's answer. */
class AnswerOfAnotherLaneTest extends LaneWatchBed
{
    private static final int ASKED = 0;
    private static final int FORGER = 1;

    @Test
    void shouldCountNoVoteOfAPolledLaneForWhatAnotherAnswers()
    {
        start(2, 2);
        refuse();
        answer(last(), block(block));
        assertTrue(status(ASKED).isHeadsPolled());
        passUntilAsked();
        assertEquals(ASKED, last().laneIndex());
        final int before = published;
        say(FORGER, block + 1);
        answerAs(FORGER, last(), block(block + 1));
        assertEquals(before, published, "one of two that have to agree has told it");

        answer(last(), block(block + 1));
        assertEquals(before + 1, published);
    }

    @Test
    void shouldNotPollWhoHasNotAnsweredItself()
    {
        start(2);
        refuse();
        answerAs(FORGER, last(), block(block));

        assertFalse(status(ASKED).isHeadsPolled());
        assertTrue(arbiter.isAnyAskedInstead());
    }

    @Test
    void shouldNotResetASilentLaneForAHeadThatAnotherShows()
    {
        start(2);
        pass(SILENT_NS);
        final Call asked = calls.stream().filter(call -> call.laneIndex() == ASKED).findFirst().orElseThrow();
        answerAs(FORGER, asked, block(block + 1));
        pass(2 * PUSH_NS);

        assertEquals(List.of(), resets);
    }

    @Test
    void shouldNotResetALaneBehindForAHeadThatAnotherShows()
    {
        start(2);
        calls.clear();
        final int told = block;
        while (calls.isEmpty())
        {
            pass(GAP_NS);
            say(FORGER, ++block);
            say(ASKED, told + (block - told) / 2);
        }
        answerAs(FORGER, last(), block(block));
        for (int i = 0; i < 10; i++)
        {
            pass(GAP_NS);
            say(FORGER, ++block);
            say(ASKED, told + (block - told) / 2);
        }

        assertEquals(List.of(), resets);
    }

    private void refuse()
    {
        arbiter.onLaneDown(ASKED, nowNs);
        arbiter.onLaneLost(ASKED, nowNs);
        arbiter.onLaneUp(ASKED, nowNs);
        arbiter.onLaneRefused(ASKED, nowNs);
    }
}
