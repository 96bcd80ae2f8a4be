package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringcast.config.JournalConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a start goes on with, wherever the last process ended while it made a checkpoint, and whatever is damaged. */
@Timeout(120)
class CheckpointStartIT
{
    /** What is recorded behind the last checkpoint. */
    private static final long TAIL_BYTES = 300_000;
    private static final long DUE_BYTES = JournalConfig.MAX_BYTES.min() / 4 + (1 << 20);

    @TempDir
    private Path dir;
    @TempDir
    private Path copy;
    private String epoch;

    @ParameterizedTest
    @EnumSource(Checkpointer.Step.class)
    void shouldGoOnGivenAProcessThatEndedBehindAStep(final Checkpointer.Step step) throws IOException
    {
        record(dir, 1, done ->
        {
            if (done == step)
            {
                copy();
            }
        });

        final boolean counts = step.compareTo(Checkpointer.Step.MARKED) >= 0;
        assertGoesOn(copy, counts ? 1L : null);
        assertEquals(counts ? List.of(1L) : List.of(), checkpoints(copy), "what does not count is gone");
        // And once more, with all that is left of before.
        assertGoesOn(copy, counts ? 1L : null);
    }

    @Test
    void shouldBeginWithTheNewestGivenSeveralStarts() throws IOException
    {
        final long slots = record(dir, 2, step -> { });
        assertEquals(List.of(1L, 2L), checkpoints(dir));

        assertEquals(slots, assertGoesOn(dir, 2L));
        record(dir, 1, step -> { });
        assertGoesOn(dir, 5L);
    }

    @Test
    void shouldBeginWithAnOlderOneGivenADamagedOne() throws IOException
    {
        final long slots = record(dir, 2, step -> { });
        damage(dir, 2, length(2) / 2);

        assertEquals(slots, assertGoesOn(dir, 1L));
    }

    @Test
    void shouldBeginWithAnOlderOneGivenADamagedBeginning() throws IOException
    {
        final long slots = record(dir, 2, step -> { });
        damage(dir, 2, 40);

        assertEquals(slots, assertGoesOn(dir, 1L));
    }

    @Test
    void shouldReplayAllGivenDamagedOnes() throws IOException
    {
        final long slots = record(dir, 2, step -> { });
        damage(dir, 1, length(1) - 30);
        damage(dir, 2, 100);

        assertEquals(slots, assertGoesOn(dir, null));
    }

    @Test
    void shouldBeginAnewGivenDamagedOnesAndNoBeginning() throws IOException
    {
        record(dir, 2, step -> { });
        damage(dir, 1, length(1) / 2);
        damage(dir, 2, length(2) / 2);
        Files.delete(file(dir, 0, 0));

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
            assertNotEquals(epoch, bed.epoch(), "no number may mean two items");
            assertEquals(2, bed.count(RelayCounter.JOURNAL_CHECKPOINT_FAILURES));
        }
    }

    /** The archive was not told, and the mark of the run is good. */
    @Test
    void shouldGoOnGivenFilesThatWereDeletedBefore() throws IOException
    {
        final long slots = record(dir, 2, step -> { });
        for (int file = 0; file < 16; file++)
        {
            Files.delete(file(dir, 0, file));
        }

        assertEquals(slots, assertGoesOn(dir, 2L));
    }

    /** As a process leaves it that is killed in between: the run is not taken for one that has not begun. */
    @Test
    void shouldGoOnGivenFilesThatWereDeletedBehindTheMark() throws IOException
    {
        final AtomicInteger made = new AtomicInteger();
        record(dir, 2, step ->
        {
            if (step == Checkpointer.Step.COUNTED && made.incrementAndGet() == 2)
            {
                copy();
            }
        });
        try (JournalDirectory directory = JournalDirectory.open(copy, false))
        {
            assertEquals(0, directory.syncedPosition(0));
        }
        for (int file = 0; file < 16; file++)
        {
            Files.delete(file(copy, 0, file));
        }

        assertGoesOn(copy, 2L);
        assertGoesOn(copy, 2L);
    }

    /** What was given behind the checkpoint is lost, so its numbers would be given again. */
    @Test
    void shouldBeginAnewGivenDamageBehindTheCheckpoint() throws IOException
    {
        record(dir, 1, step -> { });
        damage(dir, 0, length(0) - TAIL_BYTES / 2);

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past);
            assertNotEquals(epoch, bed.epoch());
            assertEquals(1, bed.count(RelayCounter.JOURNAL_DAMAGES));
        }
    }

    /** A mark without all of what it is about, as a disk may have it that has lied. */
    @Test
    void shouldGoOnWithoutGivenAMarkedOneThatIsTorn() throws IOException
    {
        final long slots = record(dir, 1, step -> { });
        final Path file = file(dir, 1, 0);
        Files.write(file, new byte[0]);

        assertEquals(slots, assertGoesOn(dir, null));
    }

    /** Records so much that checkpoints are made of it; how many slots there are. */
    private long record(final Path journal, final int count, final Consumer<Checkpointer.Step> onStep)
    {
        try (JournalBed bed = JournalBed.started(journal, PipelineShadow::new, onStep))
        {
            epoch = bed.epoch();
            for (int i = 0; i < count; i++)
            {
                final long made = bed.count(RelayCounter.JOURNAL_CHECKPOINTS);
                bed.passBytes(DUE_BYTES);
                JournalBed.await("the checkpoint", () -> bed.journal.isAtRest());
                assertEquals(made + 1, bed.count(RelayCounter.JOURNAL_CHECKPOINTS));
            }
            bed.passBytes(TAIL_BYTES);
            return bed.restoredSlots + bed.count(RelayCounter.JOURNAL_SLOTS);
        }
    }

    private long assertGoesOn(final Path journal, final Long checkpoint) throws IOException
    {
        try (JournalBed bed = JournalBed.started(journal))
        {
            assertNotNull(bed.past);
            assertEquals(epoch, bed.epoch());
            final StoredCheckpoint found = bed.past.chain().checkpoint();
            assertEquals(checkpoint, found == null ? null : found.number());
            bed.pass(10);
            bed.awaitRecorded();
            return bed.restoredSlots;
        }
    }

    private long length(final long recordingId)
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, false);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            return archive.recordings().get((int)recordingId).stopPosition();
        }
    }

    private static List<Long> checkpoints(final Path journal)
    {
        try (JournalDirectory directory = JournalDirectory.open(journal, false);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), 1 << 20))
        {
            return archive.recordings().stream()
                .filter(StoredRecording::isCheckpoint).map(StoredRecording::recordingId).toList();
        }
    }

    private static Path file(final Path journal, final long recordingId, final long index)
    {
        return journal.resolve("archive").resolve(recordingId + "-" + (index << 20) + ".rec");
    }

    private static void damage(final Path journal, final long recordingId, final long position) throws IOException
    {
        final Path file = file(journal, recordingId, position >> 20);
        final byte[] bytes = Files.readAllBytes(file);
        bytes[(int)(position & (1 << 20) - 1)] ^= 1;
        Files.write(file, bytes);
    }

    /** As a process leaves it that is killed: the marks first, since what they say is there is there. */
    private void copy()
    {
        try (Stream<Path> found = Files.walk(dir))
        {
            final List<Path> files = new ArrayList<>(found.filter(Files::isRegularFile).toList());
            files.sort(Comparator.comparing(file -> file.getParent().equals(dir) ? 0 : 1));
            for (final Path file : files)
            {
                final Path target = copy.resolve(dir.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
