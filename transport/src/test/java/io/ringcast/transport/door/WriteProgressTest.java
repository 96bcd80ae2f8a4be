package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WriteProgressTest
{
    private final WriteProgress progress = new WriteProgress();

    @Test
    void shouldSeeWaitingBytesBeingTaken()
    {
        progress.onQueued(1_000);
        assertFalse(progress.hasGoneOn(1_000));
        assertTrue(progress.hasGoneOn(900));
        assertTrue(progress.hasGoneOn(0));
        assertFalse(progress.hasGoneOn(0));
    }

    @Test
    void shouldSeeThatNothingIsTakenThoughMoreIsQueued()
    {
        progress.onQueued(1_000);
        progress.hasGoneOn(1_000);
        progress.onQueued(500);

        assertFalse(progress.hasGoneOn(1_500));
    }

    @Test
    void shouldSeeBytesBeingTakenThoughMoreWaitThanBefore()
    {
        progress.onQueued(1_000);
        progress.hasGoneOn(1_000);
        progress.onQueued(500);

        assertTrue(progress.hasGoneOn(1_499));
    }

    @Test
    void shouldNotTakeForLifeWhatTheKernelTakesAtOnce()
    {
        progress.onQueued(10);
        assertFalse(progress.hasGoneOn(0));
        progress.onQueued(10);
        assertFalse(progress.hasGoneOn(0));
    }
}
