package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** Who gives up what a journal promises for a killed process is told so, in one line. */
class JournalWarningTest
{
    private final JournalConfig.Builder journal = JournalConfig.builder().dir(Path.of("journal"));

    @Test
    void shouldPromiseByDefault()
    {
        final JournalConfig defaults = journal.build();

        assertNull(defaults.warning());
        // What it takes to notice is an eighth, or two looks of 25 ms.
        assertTrue(defaults.pushBackMs() * 9 / 8 + 50 < defaults.syncIntervalMs());
    }

    @Test
    void shouldWarnGivenThatMoreMayWaitThanASyncInterval()
    {
        assertNull(journal.set(JournalConfig.PUSH_BACK_MS, 1_000).build().warning());
        assertEquals(
            "journal.pushBackMs=1001: a kill may lose as much of what was delivered, more than syncIntervalMs=1000; " +
                "at most that keeps it within",
            journal.set(JournalConfig.PUSH_BACK_MS, 1_001).build().warning());
    }

    @Test
    void shouldWarnGivenThatItIsToHold()
    {
        assertTrue(journal.whenBehind(JournalPolicy.HOLD).build().warning().startsWith("journal.whenBehind=hold: "));
        assertNull(journal.dir(null).build().warning());
    }
}
