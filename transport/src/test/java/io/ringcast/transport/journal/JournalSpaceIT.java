package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.journal.RunStart;
import io.ringcast.transport.LoggedLines;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** What is more than the journal may take goes, and the journal's thread does not wait for a disk that is slow. */
@Timeout(60)
class JournalSpaceIT
{
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final RunStart START = new RunStart("test", 0, 0, 1, "0011223344556677", "", RunStart.NOTHING, 0);

    @RegisterExtension
    private final LoggedLines logged = new LoggedLines(JournalSpace.class);
    @TempDir
    private Path dir;
    /** What the disk has not come to yet. */
    private final List<FutureTask<Void>> asked = new ArrayList<>();

    private Future<Void> ask(final Callable<Void> deletion)
    {
        asked.add(new FutureTask<>(deletion));
        return asked.get(asked.size() - 1);
    }

    @Test
    void shouldGoOnGivenADiskThatIsLongAtDeletingAPastRun() throws IOException
    {
        record(10);
        try (SmallSpace small = new SmallSpace())
        {
            small.purge();
            small.purge();

            assertEquals(1, asked.size(), "asked for once");
            assertTrue(small.directory.isWhole(0));
            assertTrue(Files.exists(file(0, 0)));

            asked.get(0).run();
            assertFalse(small.directory.isWhole(0));
            assertFalse(Files.exists(file(0, 0)));
            small.purge();
            assertTrue(small.older.isEmpty());
            assertEquals(List.of(1L), small.archive.recordings().stream().map(StoredRecording::recordingId).toList());
        }
    }

    @Test
    void shouldGoOnGivenADiskThatIsLongAtDeletingTheOldestFiles() throws IOException
    {
        try (JournalDirectory directory = JournalDirectory.open(dir, true);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), SEGMENT_BYTES))
        {
            final OpenRecording recording = archive.record(JournalBed.NETWORK, 1_001);
            final RecordedRing ring = new RecordedRing(recording, null, null);
            final JournalSpace space =
                new JournalSpace(archive, directory, new ArrayList<>(), this::ask, SEGMENT_BYTES, 4L * SEGMENT_BYTES);
            space.add(new KeptChain(JournalBed.NETWORK, ring, START, List.of()));
            write(archive, recording, 3 * SEGMENT_BYTES + 1);

            space.purge();
            space.purge();

            assertEquals(1, asked.size(), "asked for once");
            assertTold();
            assertEquals(0, ring.startPosition());
            assertTrue(Files.exists(file(0, 0)));

            asked.get(0).run();
            space.purge();
            assertEquals(SEGMENT_BYTES, ring.startPosition());
            assertFalse(Files.exists(file(0, 0)));
            assertTrue(Files.exists(file(0, SEGMENT_BYTES)));
            assertEquals(SEGMENT_BYTES, archive.recordings().get(0).startPosition());
            assertEquals(1, asked.size());
        }
    }

    /** A run that ended long ago is missed as well. */
    @Test
    void shouldSayWhatTheNextRestartLosesGivenARunThatIsGoneOnWith() throws IOException
    {
        record(10);
        record(10);
        try (JournalDirectory directory = JournalDirectory.open(dir, true);
            EmbeddedArchive archive = new EmbeddedArchive(directory.archive(), directory.driver(), SEGMENT_BYTES))
        {
            final List<StoredRecording> older = new ArrayList<>(archive.recordings());
            final RecordedRing ring = new RecordedRing(archive.record(JournalBed.NETWORK, 1_001), null, null);
            final JournalSpace space =
                new JournalSpace(archive, directory, older, this::ask, SEGMENT_BYTES, SEGMENT_BYTES + 1);
            final RunStarts starts = new RunStarts(new RecordedFrames(directory.archive()));
            space.add(new KeptChain(
                JournalBed.NETWORK, ring, START, List.of(RunChain.find(starts, older, null, 1))));

            for (int i = 0; i < 2; i++)
            {
                space.purge();
                asked.get(i).run();
                space.purge();
            }

            assertTold();
        }
    }

    /** Once. */
    private void assertTold()
    {
        assertEquals(1, logged.texts().stream().filter(line -> line.contains(
            "at the next restart the network begins anew, and its epoch, positions, histories and sessions are lost"))
            .count(), () -> logged.texts().toString());
    }

    @Test
    void shouldFailGivenADiskThatDoesNotDelete() throws IOException
    {
        record(10);
        try (SmallSpace small = new SmallSpace())
        {
            small.purge();
            Files.delete(file(0, 0));
            Files.createDirectories(file(0, 0).resolve("stays"));

            asked.get(0).run();

            assertThrows(IOException.class, small::purge);
        }
    }

    /** The files are gone, and the archive does not know it. */
    @Test
    void shouldStartGivenAProcessThatEndedWhileItDeleted() throws IOException
    {
        record(10);
        record(10);
        Files.delete(file(0, 0));

        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNull(bed.past, "the beginning is gone");
            bed.pass(10);
            bed.awaitRecorded();
        }
        try (JournalBed bed = JournalBed.started(dir))
        {
            assertNotNull(bed.past);
        }
    }

    /** Room for little more than what is recorded now: the run before is too much. Confined to the test's thread. */
    private final class SmallSpace implements AutoCloseable
    {
        private final JournalDirectory directory;
        private final EmbeddedArchive archive;
        private final List<StoredRecording> older;
        private final RecordedRing ring;
        private final JournalSpace space;

        private SmallSpace() throws IOException
        {
            directory = JournalDirectory.open(dir, true);
            archive = new EmbeddedArchive(directory.archive(), directory.driver(), SEGMENT_BYTES);
            older = new ArrayList<>(archive.recordings());
            ring = new RecordedRing(archive.record(JournalBed.NETWORK, 1_001), null, null);
            space = new JournalSpace(
                archive, directory, older, JournalSpaceIT.this::ask, SEGMENT_BYTES, SEGMENT_BYTES + 1);
            space.add(new KeptChain(JournalBed.NETWORK, ring, START, List.of()));
        }

        private void purge() throws IOException
        {
            space.purge();
        }

        @Override
        public void close()
        {
            archive.close();
            directory.close();
        }
    }

    private Path file(final long recordingId, final long position)
    {
        return dir.resolve("archive").resolve(recordingId + "-" + position + ".rec");
    }

    private void record(final int slots)
    {
        try (JournalBed bed = JournalBed.started(dir))
        {
            bed.pass(slots);
            bed.awaitRecorded();
        }
    }

    private static void write(final EmbeddedArchive archive, final OpenRecording recording, final long lengthBytes)
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[16 * 1024]);
        while (recording.recordedPosition() < lengthBytes)
        {
            recording.publication().offer(record, 0, record.capacity());
            archive.invoke();
        }
    }
}
