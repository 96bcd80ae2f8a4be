package io.ringcast.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** So much a second, whatever the clock began with. */
class RateLimitTest
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @Test
    void shouldGrantOneSecondsWorthAtOnceAndThenTheRate()
    {
        for (final long startNs : new long[]{0, -5 * SECOND_NS, Long.MAX_VALUE / 2})
        {
            final RateLimit limit = new RateLimit(10);
            for (int i = 0; i < 10; i++)
            {
                assertTrue(limit.tryTake(1, startNs));
            }
            assertFalse(limit.tryTake(1, startNs));
            assertFalse(limit.tryTake(1, startNs + SECOND_NS / 10 - 1));
            assertTrue(limit.tryTake(1, startNs + SECOND_NS / 10));
            assertFalse(limit.tryTake(1, startNs + SECOND_NS / 10));
        }
    }

    @Test
    void shouldGrantAnythingGivenNoLimit()
    {
        final RateLimit limit = new RateLimit(0);

        limit.charge(Long.MAX_VALUE, 0);
        assertTrue(limit.tryTake(Long.MAX_VALUE, 0));
    }

    @Test
    void shouldLetALargeOnePassAfterARestAndWaitForItAfterwards()
    {
        final RateLimit limit = new RateLimit(1_000);

        assertTrue(limit.tryTake(3_000, 0));
        assertFalse(limit.tryTake(1, 2 * SECOND_NS + 1));
        assertTrue(limit.tryTake(1_000, 3 * SECOND_NS));
        limit.charge(1_000_000_000_000L, 3 * SECOND_NS);
        assertFalse(limit.tryTake(1, 12 * SECOND_NS));
        assertTrue(limit.tryTake(1, 13 * SECOND_NS));
    }

    @RepeatedTest(50)
    void shouldNeverGrantMoreThanTheRateAndOneSecondsWorth(final RepetitionInfo repetition)
    {
        final Random random = new Random(repetition.getCurrentRepetition());
        final long perSecond = 1 + random.nextInt(5_000);
        final RateLimit limit = new RateLimit(perSecond);
        final long startNs = random.nextInt() * 1_000L;
        long nowNs = startNs;
        long granted = 0;
        for (int i = 0; i < 20_000; i++)
        {
            granted += limit.tryTake(1, nowNs) ? 1 : 0;
            nowNs += random.nextInt(1_000_000);
        }

        final double bound = perSecond * (1 + (nowNs - startNs) / (double)SECOND_NS) + 1;
        assertTrue(granted <= bound, granted + " of at most " + bound);
        assertEquals(granted, Math.max(granted, Math.min(20_000, (long)(bound * 0.5))), "not half of what is due");
    }
}
