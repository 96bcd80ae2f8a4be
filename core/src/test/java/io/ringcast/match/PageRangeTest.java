package io.ringcast.match;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The length of a page follows what upstreams bear and what comes back. */
class PageRangeTest
{
    private final PageRange range = new PageRange();

    @Test
    void shouldDoubleGivenShortAnswersUpToTheBound()
    {
        for (int i = 0; i < 20; i++)
        {
            range.onAnswered(range.blocks(), 2);
        }

        assertEquals(PageRange.LIMIT_BLOCKS, range.blocks());
    }

    @Test
    void shouldStayGivenAGoodAnswerOrAShortOneToLessThanWasPlanned()
    {
        range.onAnswered(range.blocks(), PageRange.SHORT_BYTES);
        range.onAnswered(range.blocks() - 1, 2);

        assertEquals(PageRange.FIRST_BLOCKS, range.blocks());
    }

    @Test
    void shouldHalveGivenALongAnswerDownToOneBlock()
    {
        for (int i = 0; i < 20; i++)
        {
            range.onAnswered(range.blocks(), PageRange.LONG_BYTES + 1);
        }

        assertEquals(1, range.blocks());
    }

    @Test
    void shouldNotAskSoonAgainForWhatHasFailed()
    {
        while (range.blocks() < 256)
        {
            range.onAnswered(range.blocks(), 2);
        }
        range.onFailed(256);
        assertEquals(128, range.blocks());

        for (int i = 0; i < 31; i++)
        {
            range.onAnswered(range.blocks(), 2);
            assertEquals(128, range.blocks());
        }

        range.onAnswered(range.blocks(), 2);
        assertEquals(256, range.blocks());
        for (int i = 0; i < 32; i++)
        {
            assertEquals(256, range.blocks());
            range.onAnswered(range.blocks(), 2);
        }
        assertEquals(512, range.blocks());
    }
}
