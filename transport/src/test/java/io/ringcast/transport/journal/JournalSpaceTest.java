package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** What is deleted, and when, with a disk that the test lets answer: who waited for it would wait for good. */
class JournalSpaceTest implements JournalSpace.Recordings
{
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int SEGMENTS = 32;
    private static final long RUN = 7;
    private static final long CHECKPOINT = 8;
    private static final RunStart START = new RunStart("test", 1, 1, 1, "00", "", RunStart.NOTHING, 0, 0);

    @TempDir
    private Path dir;
    private final List<FutureTask<Void>> disk = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private JournalDirectory directory;
    private JournalSpace space;

    /** How far the archive has written. */
    private static final class Written extends CountersReader
    {
        private long bytes;

        Written(final long bytes)
        {
            super(new UnsafeBuffer(new byte[CountersReader.METADATA_LENGTH]),
                new UnsafeBuffer(new byte[CountersReader.COUNTER_LENGTH]));
            this.bytes = bytes;
        }

        @Override
        public long getCounterValue(final int counterId)
        {
            return bytes;
        }
    }

    @BeforeEach
    void open()
    {
        directory = JournalDirectory.open(dir, true);
        space = new JournalSpace(
            this, directory, new ArrayList<>(), this::delete, SEGMENT_BYTES, (long)SEGMENTS * SEGMENT_BYTES);
    }

    @AfterEach
    void close()
    {
        directory.close();
    }

    private Future<Void> delete(final Callable<Void> deletion)
    {
        disk.add(new FutureTask<>(deletion));
        return disk.get(disk.size() - 1);
    }

    private void letDiskAnswer()
    {
        disk.forEach(FutureTask::run);
        disk.clear();
    }

    @Override
    public void purge(final long recordingId)
    {
        deleted.add(Long.toString(recordingId));
    }

    @Override
    public void purgeBefore(final long recordingId, final long newStart)
    {
        deleted.add(recordingId + "<" + newStart / SEGMENT_BYTES);
    }

    /** A slow disk deletes late: a run may begin a file meanwhile, and nobody is to wait. */
    @Test
    void shouldMakeRoomBeforeACheckpointBeginsAFile() throws IOException
    {
        final Written written = new Written(files(29.5));
        final KeptChain chain = chain("a", RUN, written);
        addCheckpoint(chain, CHECKPOINT, files(20));
        final CheckpointRecording making = making();
        space.purge();
        assertEquals(List.of(), disk, "as much as may be");

        making.put(new UnsafeBuffer(new byte[100]));
        assertEquals(0, making.poll(1), "into no file for which there is no room yet");
        space.purge();
        assertEquals(1, disk.size());
        written.bytes = files(30.5);
        space.purge();
        assertTrue(making.isToBeAllowed());

        letDiskAnswer();
        space.purge();
        assertEquals(List.of("7<1"), deleted);
        assertTrue(making.isToBeAllowed(), "that file is the run's by now");
        letDiskAnswer();
        space.purge();

        assertEquals(List.of("7<1", "7<2"), deleted);
        assertFalse(making.isToBeAllowed());
        assertEquals(SEGMENT_BYTES, making.allowedBytes());
        assertFalse(making.hasFailed());
    }

    @Test
    void shouldGiveUpTheCheckpointGivenThatNothingCanBeSpared() throws IOException
    {
        final KeptChain chain = chain("a", RUN, new Written(files(30.5)));
        final CheckpointRecording making = making();
        making.put(new UnsafeBuffer(new byte[100]));

        space.purge();

        assertTrue(making.hasFailed());
        assertFalse(chain.isBroken(), "what the run takes fits");
        assertEquals(List.of(), disk);
    }

    private CheckpointRecording making()
    {
        final CheckpointRecording making =
            new CheckpointRecording(new OpenRecording(null, CHECKPOINT + 100, new Written(0), 0), 0);
        space.setMaking(making);
        return making;
    }

    private KeptChain chain(final String networkName, final long run, final Written written)
    {
        final KeptChain chain = new KeptChain(networkName,
            new RecordedRing(new OpenRecording(null, run, written, 0), null, new CounterSet()), START, List.of());
        space.add(chain);
        return chain;
    }

    private void addCheckpoint(final KeptChain chain, final long number, final long position)
    {
        space.add(chain, new StoredCheckpoint(
            new StoredRecording(number, chain.networkName(), 0, 0, 1000, SEGMENT_BYTES, SEGMENT_BYTES,
            StoredRecording.CHECKPOINT_STREAM), new CheckpointStart(chain.runId(), position, 1, START)));
    }

    private static long files(final double count)
    {
        return (long)(count * SEGMENT_BYTES);
    }
}
