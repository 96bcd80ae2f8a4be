package io.ringcast.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.concurrent.TimeUnit;

/** Confined to the test thread. */
final class PollPaceTest
{
    private final PollPace pace = new PollPace(50, 5_000);

    @Test
    void shouldWaitASecondWhenNothingIsKnown()
    {
        assertEquals(1_000, intervalMs());
        pace.onBlock(7, 70);
        assertEquals(1_000, intervalMs());
    }

    @ParameterizedTest
    @CsvSource({"2, 1000", "1, 500", "12, 5000", "0, 50", "10, 5000", "9, 4500"})
    void shouldWaitHalfABlockWhenBlocksComeEvenly(final long secondsPerBlock, final long expectedMs)
    {
        for (int i = 0; i < 500; i++)
        {
            pace.onBlock(i, i * secondsPerBlock);
        }

        assertEquals(expectedMs, intervalMs());
    }

    @Test
    void shouldKnowThePaceWhenOnlyOneBlockFarBackIsKnown()
    {
        pace.onBlock(900, 0);
        pace.onBlock(1_000, 25);

        assertEquals(125, intervalMs());
    }

    @Test
    void shouldFollowWhenTheChainBecomesFaster()
    {
        for (int i = 0; i < 200; i++)
        {
            pace.onBlock(i, i * 2L);
        }
        for (int i = 200; i < 300; i++)
        {
            pace.onBlock(i, 398);
        }

        assertEquals(50, intervalMs());
    }

    @Test
    void shouldForgetAbandonedBlocksWhenTheChainIsReorganised()
    {
        pace.onBlock(1, 10);
        pace.onBlock(2, 1_000);
        pace.onBlock(3, 1_000);
        pace.onBlock(2, 12);

        assertEquals(1_000, intervalMs());
    }

    @Test
    void shouldStayBoundedWhenTimestampsRunBackwards()
    {
        pace.onBlock(1, 1_000);
        pace.onBlock(2, 10);

        assertEquals(50, intervalMs());
    }

    @Test
    void shouldWaitLongerAfterEachFailureAndNoLongerAfterASuccess()
    {
        pace.onFailure();
        assertEquals(2_000, intervalMs());
        pace.onFailure();
        assertEquals(4_000, intervalMs());
        for (int i = 0; i < 1_000; i++)
        {
            pace.onFailure();
        }
        assertEquals(30_000, intervalMs());
        pace.onSuccess();
        assertEquals(1_000, intervalMs());
    }

    private long intervalMs()
    {
        return TimeUnit.NANOSECONDS.toMillis(pace.intervalNs());
    }
}
