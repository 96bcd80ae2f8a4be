package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Only a text that is long in coming, and comes, is one behind which others wait. */
class LongTextTest
{
    private static final long MS = 1_000_000L;

    private long nowNs = Long.MAX_VALUE - 2_000 * MS;
    private final LongText text = new LongText(nowNs);

    @Test
    void shouldBeNoticedTwiceASecondWhileItComes()
    {
        assertEquals(8, noticed(4_000, 1_024, false));
    }

    @Test
    void shouldNotBeNoticedGivenThatTextsAreComplete()
    {
        assertEquals(0, noticed(4_000, 65_536, true));
    }

    @Test
    void shouldNotBeNoticedGivenThatHardlyAnythingComes()
    {
        assertEquals(0, noticed(4_000, 100, false));
    }

    /** How often it is noticed while bytes come each 10 ms. */
    private int noticed(final int lengthMs, final int lengthBytes, final boolean isComplete)
    {
        int noticed = 0;
        for (int ms = 0; ms < lengthMs; ms += 10)
        {
            nowNs += 10 * MS;
            noticed += text.isArriving(lengthBytes, nowNs) ? 1 : 0;
            if (isComplete)
            {
                text.onEnd(nowNs);
            }
        }
        return noticed;
    }
}
