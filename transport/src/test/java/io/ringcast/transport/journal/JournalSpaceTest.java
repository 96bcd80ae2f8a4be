package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.archive.status.RecordingPos;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.RelayConfig;
import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.pipeline.ThreadingMode;
import io.ringcast.transport.LoggedLines;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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
    private static final long MAKING = 9;
    private static final RunStart START = new RunStart("test", 1, 1, 1, "00", "", RunStart.NOTHING, 0);

    @RegisterExtension
    private final LoggedLines logged = new LoggedLines(JournalSpace.class);
    @TempDir
    private Path dir;
    private final List<RelayPipeline> pipelines = new ArrayList<>();
    private final List<FutureTask<Void>> disk = new ArrayList<>();
    private final List<String> deleted = new ArrayList<>();
    private JournalDirectory directory;
    private JournalSpace space;

    /** How far the archive has written. */
    private static final class Written extends CountersReader
    {
        private long bytes;

        Written(final long recordingId, final long bytes)
        {
            super(new UnsafeBuffer(new byte[CountersReader.METADATA_LENGTH]),
                new UnsafeBuffer(new byte[CountersReader.COUNTER_LENGTH]));
            this.bytes = bytes;
            final UnsafeBuffer active = (UnsafeBuffer)metaDataBuffer();
            active.putInt(0, CountersReader.RECORD_ALLOCATED);
            active.putInt(CountersReader.TYPE_ID_OFFSET, RecordingPos.RECORDING_POSITION_TYPE_ID);
            active.putLong(CountersReader.KEY_OFFSET, recordingId);
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
        pipelines.forEach(RelayPipeline::close);
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
        final Written written = new Written(RUN, files(29.5));
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
        assertNull(making.fault());
    }

    @Test
    void shouldGiveUpTheCheckpointGivenThatNothingCanBeSpared() throws IOException
    {
        final KeptChain chain = chain("a", RUN, new Written(RUN, files(30.5)));
        final CheckpointRecording making = making();
        making.put(new UnsafeBuffer(new byte[100]));

        space.purge();

        assertNotNull(making.fault());
        assertFalse(chain.isBroken(), "what the run takes fits");
        assertEquals(List.of(), disk);
    }

    /** Its network begins anew at the next start, whatever there is of it. */
    @Test
    void shouldTakeAllFromABrokenRunBeforeAnotherIsGivenUp() throws IOException
    {
        final KeptChain whole = chain("a", RUN, new Written(RUN, files(15.5)));
        final KeptChain broken = chain("b", RUN + 1, new Written(RUN + 1, files(16.5)));
        addCheckpoint(broken, CHECKPOINT + 1, files(1));
        broken.ring().fail("a slot could not be recorded");
        broken.ring().poll();

        purgeAll();

        assertEquals(List.of("9", "8<2"), deleted);
        assertFalse(whole.isBroken());
        assertEquals(List.of(), logged.texts());
    }

    /** The first would come first for ever where they take longer than it takes until the next is due. */
    @Test
    void shouldHaveACheckpointMadeOfTheLongest()
    {
        chain("a", RUN, new Written(RUN, files(5)));
        final KeptChain longest = chain("b", RUN + 1, new Written(RUN + 1, files(7)));
        chain("c", RUN + 2, new Written(RUN + 2, files(6)));

        assertSame(longest, new CheckpointDesk(null, space, (long)SEGMENTS * SEGMENT_BYTES).longestDue());
    }

    private void purgeAll() throws IOException
    {
        space.purge();
        while (!disk.isEmpty())
        {
            letDiskAnswer();
            space.purge();
        }
    }

    private CheckpointRecording making()
    {
        final CheckpointRecording making =
            new CheckpointRecording(new OpenRecording(null, MAKING, new Written(MAKING, 0), 0), 0);
        space.setMaking(making);
        return making;
    }

    private KeptChain chain(final String networkName, final long run, final Written written)
    {
        final OpenRecording recording = new OpenRecording(null, run, written, 0);
        final RelayConfig config = RelayConfig.builder().upstream("ws://127.0.0.1:1").ringSlots(JournalBed.RING_SLOTS)
            .journal(JournalBed.config(dir, JournalPolicy.BREAK, JournalBed.PATIENT_MS)).build();
        final RecordingSink sink = new RecordingSink(number -> { });
        sink.open(recording, new CounterSet());
        final RelayPipeline pipeline = new PipelineParts(config, config.networks().get(0), ThreadingMode.INVOKER,
            new CounterSet[]{new CounterSet()}, UnpooledByteBufAllocator.DEFAULT, error -> { },
            PipelineParts.newSeed()).journal(sink).build();
        pipelines.add(pipeline);
        final KeptChain chain = new KeptChain(
            networkName, new RecordedRing(recording, pipeline.journal(), new CounterSet()), START, List.of());
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
