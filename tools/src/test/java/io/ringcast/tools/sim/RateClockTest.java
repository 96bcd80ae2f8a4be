package io.ringcast.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class RateClockTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 7.3, 500, 20_000})
    void shouldKeepRateWhenLookedAtUnevenly(final double rate)
    {
        final RateClock clock = new RateClock(rate, 0);

        long items = 0;
        for (long nowNs = 0; nowNs < 20 * SECOND_NS; nowNs += Math.max(1, clock.untilNextNs() * 5 / 4))
        {
            items += clock.takeDue(nowNs);
        }

        assertEquals(20 * rate, items, Math.max(2, 20 * rate * 0.25));
    }

    @Test
    void shouldBeDueExactlyWhenItsOwnWaitIsOver()
    {
        final RateClock clock = new RateClock(4, 0);

        assertEquals(SECOND_NS / 4, clock.untilNextNs());
        assertEquals(0, clock.takeDue(SECOND_NS / 5));
        assertEquals(1, clock.takeDue(SECOND_NS / 4));
        assertEquals(4, clock.takeDue(SECOND_NS / 4 + 100 * SECOND_NS));
    }

    @Test
    void shouldRefuseRateWhenNoneCanBeKept()
    {
        assertThrows(IllegalArgumentException.class, () -> new RateClock(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new RateClock(Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> new RateClock(1e9, 0));
    }
}
