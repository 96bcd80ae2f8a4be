package io.ringcast.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Two clocks and what lies between them. */
class RelayClockTest
{
    private static final long EPOCH_NS = 1_700_000_000_000_000_000L;

    private long steadyNs = 5_000;

    /** A stamp says the same time since 1970 as before, whichever steady clock the stages go by. */
    @Test
    void shouldMeanTheSameTimeGivenASteadyClockThatGoesOnFromAnotherBoot()
    {
        final RelayClock clock = new RelayClock(() -> steadyNs, () -> EPOCH_NS + steadyNs);
        clock.setOffsetNs(1_000_000_000_000L);

        assertEquals(1_000_000_005_000L, clock.nowNs());
        assertEquals(EPOCH_NS + 5_000, clock.toEpochNs(clock.nowNs()));
        steadyNs += 40;
        assertEquals(EPOCH_NS + 5_040, clock.toEpochNs(clock.nowNs()));
    }
}
