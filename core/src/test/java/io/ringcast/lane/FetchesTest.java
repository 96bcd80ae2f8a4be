package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

/** Which answers are still waited for. Confined to the test's thread. */
class FetchesTest
{
    private static final class ReadyLane implements AskedLane
    {
        @Override
        public boolean mayHave(final long number)
        {
            return true;
        }

        @Override
        public boolean isOut()
        {
            return false;
        }
    }

    private int calls;
    private final CounterSet counters = new CounterSet();
    private final Fetches fetches = new Fetches(
        new AskedLane[]{new ReadyLane(), new ReadyLane()}, 1, new FetchSender((lane, call) -> ++calls, counters));

    /** The newest are the likeliest to come yet. */
    @Test
    void shouldForgetTheOldestOfThoseThatWereGivenUpGivenTooManyOfThem()
    {
        final int tooMany = 100;
        for (int i = 0; i < Fetches.LIMIT_LATE + tooMany; i++)
        {
            fetches.start(byHash(i), 0, 0);
            fetches.giveUp(hash(i), 0);
        }
        fetches.start(byHash(-1), 0, 0);
        final int wanted = calls;

        fetches.onTime(0);

        for (int call = 1; call <= tooMany; call++)
        {
            assertNull(fetches.take(call, 0, 0));
        }
        for (int call = tooMany + 1; call <= wanted; call++)
        {
            assertNotNull(fetches.take(call, 0, 0), "call " + call);
        }
    }

    @Test
    void shouldTakeAnAnswerOnlyFromWhoWasAsked()
    {
        fetches.start(byHash(1), 0, 0);

        assertEquals(1, counters.get(RelayCounter.REPAIR_FETCHES));
        assertNull(fetches.take(calls, 1, 0));
        assertEquals(1, fetches.take(calls, 0, 0).number);
    }

    @Test
    void shouldKnowWhatWasAskedForByNumberUntilItIsForgottenOrGivenUp()
    {
        fetches.start(Fetch.byNumber("", 7), 0, 0);
        fetches.start(Fetch.byNumber("", 8), 0, 0);
        assertFalse(fetches.wasAsked(9));
        fetches.take(calls, 0, 0);
        assertTrue(fetches.wasAsked(7) && fetches.wasAsked(8));
        fetches.forgetNumbersTo(7);
        assertTrue(!fetches.wasAsked(7) && fetches.wasAsked(8));
        fetches.forgetBlocks();
        assertFalse(fetches.wasAsked(8));

        fetches.start(Fetch.byNumber("", 9), 0, 0);
        fetches.giveUpBlocks(0);
        assertFalse(fetches.wasAsked(9));
    }

    /** Nothing comes of what was refused: it takes no room of what may come. */
    @Test
    void shouldForgetWhatNobodyOwesWhenItIsGivenUp()
    {
        fetches.start(Fetch.byNumber("", 7), 0, 0);
        fetches.tryNext(fetches.take(calls, 0, 0), 0);
        fetches.tryNext(fetches.take(calls, 1, 0), 0);
        fetches.giveUpBlocks(0);

        assertTrue(fetches.isEmpty());
    }

    private static Fetch byHash(final int number)
    {
        return Fetch.byHash("", hash(number), number);
    }

    private static long[] hash(final int number)
    {
        final long[] hash = new long[HexWords.WORDS];
        hash[0] = number;
        return hash;
    }
}
