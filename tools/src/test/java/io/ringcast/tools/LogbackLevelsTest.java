package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Confined to the test thread. */
final class LogbackLevelsTest
{
    private final LogbackLevels levels = new LogbackLevels();

    @Test
    void shouldLogMoreWhenToldTo()
    {
        final String name = "io.ringcast.tools.levels.more";

        assertTrue(levels.trySet(name, "DEBUG"));
        assertEquals("debug", levels.get(name));
        assertTrue(LoggerFactory.getLogger(name).isDebugEnabled());

        assertTrue(levels.trySet(name, "off"));
        assertFalse(LoggerFactory.getLogger(name).isErrorEnabled());
    }

    @Test
    void shouldChangeNothingWhenThereIsNoSuchLevel()
    {
        final String name = "io.ringcast.tools.levels.none";
        levels.trySet(name, "info");

        assertFalse(levels.trySet(name, "loud"));
        assertFalse(levels.trySet(name, ""));
        assertEquals("info", levels.get(name));
    }
}
