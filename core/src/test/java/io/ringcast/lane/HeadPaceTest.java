package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The pace of a chain whose heads come one by one, several at once, or not for a while. */
class HeadPaceTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MANY = 100;

    private final HeadPace pace = new HeadPace();
    private long nowNs = -SECOND_NS;

    @Test
    void shouldFollowHeadsThatComeOneByOne()
    {
        publish(1, 1);
        assertFalse(pace.isGuessed());
        publish(1, 1);
        assertTrue(pace.isGuessed());
        assertFalse(pace.isKnown());
        publish(MANY, 1);

        assertTrue(pace.isKnown());
        assertEquals(SECOND_NS, pace.meanNs());
    }

    /** Who is polled each second tells of two blocks of a chain that makes one each half. */
    @Test
    void shouldShareATimeAmongHeadsThatComeAtOnce()
    {
        publish(MANY, 2);

        assertEquals(SECOND_NS / 2, pace.meanNs());
    }

    @Test
    void shouldNotTakeAHoleForASlowChain()
    {
        publish(MANY, 1);
        nowNs += MANY * SECOND_NS;
        publish(1, 1);
        assertTrue(pace.meanNs() < 2 * SECOND_NS);

        publish(MANY, 1);
        nowNs += MANY * SECOND_NS;
        publish(1, MANY);
        assertEquals(SECOND_NS, pace.meanNs(), SECOND_NS / 20.0);
    }

    /** Who was held up with the relay tells the newest head before the relay's next tick. */
    @Test
    void shouldStayWhatItIsGivenAHeadBetweenAPauseAndTheTick()
    {
        for (int pauses = 0; pauses < 4; pauses++)
        {
            publish(MANY, 1);
            nowNs += MANY * SECOND_NS;
            publish(1, 1);
            pace.forgive(MANY * SECOND_NS, nowNs + SECOND_NS / 20);
        }
        assertTrue(pace.sinceNs(nowNs + SECOND_NS) > 0);
        publish(MANY, 1);

        assertEquals(SECOND_NS, pace.meanNs(), SECOND_NS / 20.0);
    }

    /** Times are taken by several threads. */
    @Test
    void shouldHaveNoNegativePaceGivenTimesThatGoBack()
    {
        publish(MANY, 1);
        nowNs -= MANY * SECOND_NS;
        publish(MANY, 1);

        assertEquals(SECOND_NS, pace.meanNs(), SECOND_NS / 20.0);
    }

    private void publish(final int times, final int atOnce)
    {
        for (int i = 0; i < times; i++)
        {
            nowNs += SECOND_NS;
            for (int head = 0; head < atOnce; head++)
            {
                pace.onPublished(nowNs);
            }
        }
    }
}
