package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an upstream is asked that is back, and refuses. Confined to the test thread. */
class NewestHeadQuestionTest extends LaneWatchBed
{
    private static final byte[] ERROR = bytes("{\"code\":-32000,\"message\":\"not ready\"}");
    private static final int MOST_QUESTIONS = 6;

    @BeforeEach
    void reconnect()
    {
        create(1);
        say(0, ++block);
        reconnect(0);
        assertEquals(1, calls.size());
    }

    @Test
    void shouldAskAFewTimesAndEverMoreSeldomGivenThatItIsRefused()
    {
        long pauseNs = 0;
        for (int questions = 1; questions < MOST_QUESTIONS; questions++)
        {
            refuse();
            final long waitedNs = passUntilAsked();
            assertTrue(waitedNs >= pauseNs, () -> "after " + waitedNs / MS + " ms");
            pauseNs = waitedNs;
        }
        refuse();
        pass(SILENT_NS / 2);

        assertEquals(MOST_QUESTIONS, calls.size());
    }

    @Test
    void shouldTakeTheAnswerGivenThatItRefusedAtFirst()
    {
        refuse();
        passUntilAsked();
        answer(last(), block(2));

        assertEquals(2, published);
    }

    @Test
    void shouldAskAnewOverEachConnection()
    {
        for (int questions = 0; questions < MOST_QUESTIONS; questions++)
        {
            refuse();
            pass(GAP_NS * 5);
        }
        final int asked = calls.size();
        reconnect(0);

        assertEquals(asked + 1, calls.size());
    }

    private void refuse()
    {
        arbiter.onFetched(0, last().id(), true, ERROR, 0, ERROR.length, nowNs);
    }
}
