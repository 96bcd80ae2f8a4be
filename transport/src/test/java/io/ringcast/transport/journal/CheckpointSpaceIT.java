package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What a run was given may be more than the journal holds: checkpoints stand for what was before. */
@Timeout(120)
class CheckpointSpaceIT
{
    private static final long MAX_BYTES = JournalConfig.MAX_BYTES.min();
    private static final int IMAGE_BYTES = 3_000_000;

    @RegisterExtension
    private final LoggedLines logged = new LoggedLines(JournalSpace.class);
    @TempDir
    private Path dir;

    /** Takes the slots of a run. Confined to the test's thread. */
    private static final class Taker implements RecordReader.Listener
    {
        private final OpaqueShadow stages;

        Taker(final OpaqueShadow stages)
        {
            this.stages = stages;
        }

        @Override
        public void onRun(final RunStart start)
        {
            // Known.
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            stages.onSlot(slot);
        }

        @Override
        public void onEnd(final long slots)
        {
            assertEquals(slots, stages.nextSlot());
        }
    }

    @Test
    void shouldStayReadableGivenARunOfSeveralTimesItsBytes() throws IOException
    {
        final OpaqueShadow all = new OpaqueShadow(IMAGE_BYTES);
        try (JournalBed bed = JournalBed.started(dir, parts -> new OpaqueShadow(IMAGE_BYTES), step -> { }))
        {
            passInSteps(bed, 3 * MAX_BYTES);
            assertTrue(bed.count(RelayCounter.JOURNAL_PURGED_BYTES) > MAX_BYTES);
            assertTrue(bed.count(RelayCounter.JOURNAL_CHECKPOINTS) > 2);
            assertEquals(IMAGE_BYTES, bed.count(RelayCounter.JOURNAL_CHECKPOINT_BYTES) /
                bed.count(RelayCounter.JOURNAL_CHECKPOINTS));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS));
        }
        assertEquals(List.of(), logged.texts());
        assertTrue(bytes() <= MAX_BYTES, () -> bytes() + " bytes");

        final List<JournalReader.Run> runs = runs();
        assertEquals(1, runs.size(), "checkpoints are no runs");
        assertTrue(runs.get(0).isWhole(), runs.get(0).fault());
        assertNotNull(runs.get(0).checkpoint());
        try (JournalReader reader = JournalReader.open(dir))
        {
            assertEquals(-1, reader.read(runs.get(0), (first, image) ->
            {
                all.readImage(image);
                assertEquals(runs.get(0).checkpoint().nextSlot(), all.nextSlot());
            }, slot -> { }, new Taker(all)));
        }
    }

    /** What was said without checkpoints is said still. */
    @Test
    void shouldSayWhatIsLostGivenAStateThatDoesNotFit()
    {
        try (JournalBed bed =
            JournalBed.started(dir, parts -> new OpaqueShadow((int)(2 * MAX_BYTES)), step -> { }))
        {
            passInSteps(bed, 2 * MAX_BYTES);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_CHECKPOINTS));
            assertTrue(bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES) > 0);
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS), "what is recorded goes on");
        }
        assertEquals(1, logged.texts().stream().filter(line -> line.contains("no checkpoint could be made in time"))
            .count(), () -> logged.texts().toString());
        assertFalse(runs().get(0).isWhole());
        assertNull(runs().get(0).checkpoint());
    }

    /** Neither before a checkpoint is begun nor amid it is what the journal itself needs taken. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20})
    void shouldMakeNoCheckpointGivenADiskThatIsAlmostFull(final int looksBefore) throws IOException
    {
        final AtomicInteger looks = new AtomicInteger();
        try (JournalBed bed = new JournalBed(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS, UnaryOperator.identity(),
            parts -> new OpaqueShadow(IMAGE_BYTES), step -> { }))
        {
            bed.journal.start(wanted ->
            {
                if (looks.getAndIncrement() == looksBefore)
                {
                    throw new IOException("only 17 bytes are free on the disk");
                }
            });
            passInSteps(bed, MAX_BYTES / 2);

            assertEquals(1, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES));
            assertEquals(0, bed.count(RelayCounter.JOURNAL_BREAKS), "what is recorded goes on");
            assertEquals(1, bed.count(RelayCounter.JOURNAL_CHECKPOINTS), "the next one");
        }
        assertEquals(1, storedCheckpoints(), "nothing is left of the first");
    }

    @Test
    void shouldLeaveToTheJournalWhatItNeeds() throws IOException
    {
        final long free = dir.toFile().getUsableSpace();
        final int eighth = (int)Math.min(1 << 30, free / 8);
        SpareDisk.of(dir, eighth).check(0);

        final IOException refusal = assertThrows(IOException.class, () -> SpareDisk.of(dir, eighth).check(free));
        assertTrue(refusal.getMessage().contains(" bytes are free on the disk"), refusal::getMessage);
    }

    private long storedCheckpoints() throws IOException
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, false);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            return archive.recordings().stream()
                .filter(StoredRecording::isCheckpoint).count();
        }
    }

    /** Gives the thread that makes checkpoints its time, as hours would. */
    private static void passInSteps(final JournalBed bed, final long bytes)
    {
        for (long passed = 0; passed < bytes; passed += 1 << 20)
        {
            bed.passBytes(1 << 20);
            JournalBed.await("the checkpoint", bed.journal::isAtRest);
        }
    }

    private List<JournalReader.Run> runs()
    {
        try (JournalReader reader = JournalReader.open(dir))
        {
            return reader.runs();
        }
    }

    /** What the files take; those that were not written to their end are as long, but have holes. */
    private long bytes()
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, false);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20);
            Stream<Path> files = Files.list(directory.archive()))
        {
            final List<StoredRecording> recordings = archive.recordings();
            final long known = recordings.stream().mapToLong(recording ->
                (recording.stopPosition() + (1 << 20) - 1) / (1 << 20) - recording.startPosition() / (1 << 20)).sum();
            assertTrue(files.filter(file -> file.toString().endsWith(".rec")).count() <= known,
                "files that nobody knows");
            return recordings.stream()
                .mapToLong(recording -> recording.stopPosition() - recording.startPosition()).sum();
        }
        catch (final IOException e)
        {
            throw new AssertionError(e);
        }
    }
}
