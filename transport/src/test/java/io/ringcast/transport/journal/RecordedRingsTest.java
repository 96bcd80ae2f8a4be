package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

/** Whose turn it is to poll: one thread's at a time, and nobody's once all is recorded. */
class RecordedRingsTest
{
    private final RecordedRings rings = new RecordedRings();

    @Test
    void shouldLetNobodyTakeOverGivenThatAllIsRecordedToItsEnd()
    {
        assertTrue(rings.tryEnd());

        assertTrue(rings.haveEnded());
        assertFalse(rings.tryTake());
        rings.takeOver();
        assertFalse(rings.isTaken());
        assertTrue(rings.tryEnd());
        assertEquals(0, rings.poll());
        assertEquals(0, rings.polls());
    }

    @Test
    void shouldEndNothingGivenAThreadThatHasTakenOver()
    {
        rings.takeOver();

        assertTrue(rings.tryEnd(), "whoever recorded has nothing more to do");
        assertTrue(rings.isTaken());
        assertFalse(rings.haveEnded());
    }

    /** What is thrown ends the thread that polls, and another one is to take its place. */
    @Test
    void shouldLetAnotherTakeOverGivenAPollThatThrows()
    {
        rings.add(null);

        assertThrows(NullPointerException.class, rings::poll);

        assertTrue(rings.tryTake());
    }

    @Test
    void shouldLetAnotherTakeOverGivenWhatCouldNotBeCounted()
    {
        assertThrows(
            NullPointerException.class, () -> rings.tryCount(null, RelayCounter.JOURNAL_HOLDS));

        assertTrue(rings.tryTake());
    }
}
