package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FaultKindsTest
{
    private final FaultKinds kinds = new FaultKinds();

    @Test
    void shouldCallEachKindNewOnce()
    {
        assertTrue(kinds.isNew(at(new IllegalStateException("1"), 1)));
        assertFalse(kinds.isNew(at(new IllegalStateException("2"), 1)));
        assertTrue(kinds.isNew(at(new IllegalStateException("1"), 2)));
        assertTrue(kinds.isNew(at(new IllegalArgumentException("1"), 1)));
        assertTrue(kinds.isNew(at(new IllegalArgumentException("1"), 0)));
        assertFalse(kinds.isNew(at(new IllegalArgumentException("2"), 0)));
    }

    @Test
    void shouldCallNoneNewBeyondItsLimit()
    {
        for (int line = 1; line <= 100; line++)
        {
            assertTrue(kinds.isNew(at(new IllegalStateException(), line)));
        }
        assertFalse(kinds.isNew(at(new IllegalStateException(), 101)));
    }

    /** As if thrown in a line; in none given 0, which is what the JVM makes of a fault that is thrown very often. */
    private static Throwable at(final Throwable fault, final int line)
    {
        fault.setStackTrace(line == 0 ? new StackTraceElement[0] :
            new StackTraceElement[]{new StackTraceElement("Stage", "onEvent", "Stage.java", line)});
        return fault;
    }
}
