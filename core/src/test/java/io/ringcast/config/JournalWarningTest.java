package io.ringcast.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** What a journal promises for a killed process holds under any settings; who is overruled by that is told so. */
class JournalWarningTest
{
    private final JournalConfig.Builder journal = JournalConfig.builder().dir(Path.of("journal"));

    @Test
    void shouldGoByPushBackMsByDefault()
    {
        assertNull(journal.build().warning());
        assertEquals(journal.build().pushBackMs(), journal.build().limitMs());
    }

    /** What it takes to notice is less than that eighth. */
    @Test
    void shouldGiveTheJournalUpAnEighthBeforeTheSyncIntervalWhateverPushBackMsSays()
    {
        assertNull(journal.set(JournalConfig.PUSH_BACK_MS, 875).build().warning());
        final JournalConfig config = journal.set(JournalConfig.PUSH_BACK_MS, 876).build();
        assertEquals(875, config.limitMs());
        assertEquals(
            "journal.pushBackMs=876: 875 holds, an eighth less than syncIntervalMs=1000, " +
                "since a kill may lose nothing that was delivered longer before",
            config.warning());
        assertNull(journal.dir(null).build().warning());
    }

    /** Then nothing is delivered that a kill loses, however long the disk takes. */
    @Test
    void shouldGoByPushBackMsGivenThatItIsToHold()
    {
        final JournalConfig config =
            journal.set(JournalConfig.PUSH_BACK_MS, 60_000).whenBehind(JournalPolicy.HOLD).build();

        assertNull(config.warning());
        assertEquals(60_000, config.limitMs());
    }

    /** An eighth of the shortest interval is more than two looks. */
    @Test
    void shouldLeaveTimeToLookGivenTheShortestInterval()
    {
        final JournalConfig config = journal.set(JournalConfig.SYNC_INTERVAL_MS, JournalConfig.SYNC_INTERVAL_MS.min())
            .build();

        assertEquals(175, config.limitMs());
    }
}
