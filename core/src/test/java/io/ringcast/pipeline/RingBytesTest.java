package io.ringcast.pipeline;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The ring is bounded in bytes as well as in slots. */
final class RingBytesTest
{
    private final RingBytes budget = new RingBytes(100);

    @Test
    void shouldRefuseWhatDoesNotFitAndTakeItWhenThereIsRoomAgain()
    {
        assertTrue(budget.tryTake(60, 1));
        assertFalse(budget.tryTake(60, 1));
        assertEquals(60, budget.usedBytes());

        budget.give(60);

        assertTrue(budget.tryTake(60, 1));
    }

    @Test
    void shouldLetOneTextInHoweverLarge()
    {
        assertTrue(budget.tryTake(1_000, 1));
        assertFalse(budget.tryTake(1, 1));
    }

    @Test
    void shouldLeaveRoomForUpstreamsGivenClientsThatFillTheirs()
    {
        assertTrue(budget.tryTake(100, 1));
        assertFalse(budget.tryTake(50, 1));
        assertTrue(budget.tryTake(50, 2));
    }
}
