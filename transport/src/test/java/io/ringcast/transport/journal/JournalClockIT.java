package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.journal.RunStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The stages' clock goes on where that of the last run was, also when the machine was started anew. */
@Timeout(60)
class JournalClockIT
{
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);

    @TempDir
    private Path dir;

    @Test
    void shouldGoOnWhereTheLastClockWasGivenAnotherBoot() throws IOException
    {
        JournalBed.started(dir).close();
        try (JournalDirectory directory = JournalDirectory.open(dir, false);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            final RecordedFrames frames = new RecordedFrames(directory.archive());
            final List<StoredRecording> recordings = new ArrayList<>(archive.recordings());
            final RunStart last = new RunStarts(frames).of(recordings.get(0));
            final PastRuns past =
                new PastRuns(archive, frames, directory, recordings, Checkpoints.of(frames, directory, recordings));

            final long anHourLaterMs = last.startedAtMs() + HOUR_MS;
            final long anHourLaterNs = last.startedAtNs() + TimeUnit.MILLISECONDS.toNanos(HOUR_MS);
            assertEquals(0, past.clockOffsetNs(anHourLaterMs, anHourLaterNs));
            assertEquals(0, past.clockOffsetNs(anHourLaterMs, anHourLaterNs + TimeUnit.SECONDS.toNanos(3)), "a drift");
            assertEquals(anHourLaterNs - 7, past.clockOffsetNs(anHourLaterMs, 7), "a machine that was just started");
            assertEquals(-TimeUnit.DAYS.toNanos(1),
                past.clockOffsetNs(anHourLaterMs, anHourLaterNs + TimeUnit.DAYS.toNanos(1)), "one that runs for long");
        }
    }

    /** As when the system's clock was set back before a start of the machine. */
    @Test
    void shouldNotGoBackBehindTheLastSlot()
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            bed.setNowNs(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * HOUR_MS));
            bed.pass(1);
        }
        try (JournalBed bed = JournalBed.started(dir))
        {
            final long offsetNs = bed.clockOffsetNs;
            assertTrue(offsetNs > TimeUnit.MILLISECONDS.toNanos(HOUR_MS), () -> offsetNs + " ns");
            assertEquals(offsetNs, bed.journal.clockOffsetNs(), "one for all networks");
        }
    }

    @Test
    void shouldNeedNoneGivenAnEmptyJournal()
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertEquals(0, bed.clockOffsetNs);
        }
    }
}
