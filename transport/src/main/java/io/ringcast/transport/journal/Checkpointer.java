package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.FaultKinds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Makes checkpoints, so that a restart has little to replay and what was recorded before may be deleted.
 * A thread of its own, of low priority: it may take its time, and nobody waits for it.
 *
 * <p>It builds the network's stages once more, brings them to the last checkpoint, has them do what was recorded since,
 * and writes their state down. Then it builds them yet again from what the disk has of it, and lets it count only if
 * those write the same. Stages that run are not touched. Each step may be the last of the process: until the mark is
 * made, which comes last, nobody takes the recording for a checkpoint.
 */
final class Checkpointer implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Checkpointer.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    /** What has been done of a checkpoint. */
    enum Step
    {
        /** The stages are where it is to be made. */
        REPLAYED,
        /** The archive has all of it in its files; their names and contents may not be on the disk. */
        RECORDED,
        /** The disk has it, and what it is about. */
        FORCED,
        /** It can be read, and leads to the same state. */
        PROVEN,
        /** The next start goes on with it. */
        MARKED,
        /** It counts in this process, too: what came before may be deleted. */
        COUNTED
    }

    private final JournalTasks tasks;
    private final CheckpointDesk desk;
    private final JournalDirectory directory;
    private final RecordedFrames frames;
    private final SpareMemory memory;
    private final SpareDisk disk;
    private final Consumer<Step> onStep;
    private final BlockingQueue<CheckpointPlan> plans = new LinkedBlockingQueue<>();
    private final FaultKinds faults = new FaultKinds();
    private final Thread thread = new Thread(this::run, "ringcast-checkpoint");
    private volatile boolean isStopping;

    /**
     * Creates it.
     *
     * @param tasks     what the journal's thread is asked to do.
     * @param desk      does it there.
     * @param directory marks checkpoints.
     * @param memory    tells whether stages can be built once more.
     * @param disk      tells whether there is room for a checkpoint.
     * @param onStep    told of each step when it is done.
     */
    Checkpointer(
        final JournalTasks tasks, final CheckpointDesk desk, final JournalDirectory directory,
        final SpareMemory memory, final SpareDisk disk, final Consumer<Step> onStep)
    {
        this.tasks = tasks;
        this.desk = desk;
        this.directory = directory;
        this.memory = memory;
        this.disk = disk;
        this.onStep = onStep;
        frames = new RecordedFrames(directory.archive());
    }

    void start()
    {
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    /** Has a checkpoint made. Any thread; does not wait. */
    void make(final CheckpointPlan plan)
    {
        plans.add(plan);
    }

    /** Gives up what it does and ends. */
    @Override
    public void close()
    {
        isStopping = true;
        thread.interrupt();
        try
        {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            while (!isStopping)
            {
                tryMake(plans.take());
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void tryMake(final CheckpointPlan plan)
    {
        CheckpointRecording recording = null;
        try
        {
            memory.check();
            disk.check(expectedBytes(plan));
            final long startNs = System.nanoTime();
            final StoredCheckpoint checkpoint;
            try (ShadowStages stages = plan.shadow().stages().get())
            {
                final RunChain.End end = replay(plan, stages);
                onStep.accept(Step.REPLAYED);
                final RunChain.Link last = plan.way().links().get(plan.way().links().size() - 1);
                final CheckpointStart start = new CheckpointStart(last.recording().recordingId(), end.slotPosition(),
                    end.nextSlot(), last.start());
                recording = tasks.call(desk::begin);
                checkpoint = new StoredCheckpoint(record(start, stages, recording), start);
            }
            onStep.accept(Step.RECORDED);
            force(plan, checkpoint);
            onStep.accept(Step.FORCED);
            final long imageBytes = prove(plan, checkpoint.recording());
            onStep.accept(Step.PROVEN);
            directory.setWhole(checkpoint.number(), checkpoint.recording().stopPosition());
            onStep.accept(Step.MARKED);
            plan.shadow().status().onMade(System.currentTimeMillis());
            plan.shadow().status().counters().increment(RelayCounter.JOURNAL_CHECKPOINTS);
            plan.shadow().status().counters().add(RelayCounter.JOURNAL_CHECKPOINT_BYTES, imageBytes);
            tasks.call(() -> desk.onMade(checkpoint));
            LOGGER.info("network {}: checkpoint {} of run {} before slot {}: {} bytes in {} ms", plan.networkName(),
                checkpoint.number(), checkpoint.start().run(), checkpoint.start().nextSlot(), imageBytes,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
            onStep.accept(Step.COUNTED);
        }
        catch (final Exception | StackOverflowError | OutOfMemoryError e)
        {
            onFailed(plan, recording, e);
        }
    }

    /** About as much as the last one took. */
    private static long expectedBytes(final CheckpointPlan plan)
    {
        return plan.way().checkpoint() == null ? 0 : plan.way().checkpoint().recording().stopPosition();
    }

    /** The process goes on, and the journal as if there were no checkpoints. */
    private void onFailed(final CheckpointPlan plan, final CheckpointRecording recording, final Throwable fault)
    {
        if (isStopping)
        {
            return;
        }
        plan.shadow().status().counters().increment(RelayCounter.JOURNAL_CHECKPOINT_FAILURES);
        final boolean isPlain = fault instanceof IOException || fault instanceof JournalFormatException;
        if (isPlain && faults.isNew(fault))
        {
            LOGGER.warn("network {}: no checkpoint could be made: {}", plan.networkName(), fault.getMessage());
        }
        else if (!isPlain && faults.isNew(fault))
        {
            LOGGER.error("network {}: no checkpoint could be made", plan.networkName(), fault);
        }
        try
        {
            if (recording != null)
            {
                directory.setBroken(recording.recording().recordingId());
            }
            tasks.call(desk::onFailed);
        }
        catch (final IOException | RuntimeException e)
        {
            LOGGER.error("network {}: a checkpoint that could not be made stays", plan.networkName(), e);
        }
    }

    private RunChain.End replay(final CheckpointPlan plan, final ShadowStages stages) throws IOException
    {
        if (plan.way().checkpoint() != null)
        {
            readImage(plan.way().checkpoint().recording(), stages);
        }
        final RunChain.End end = plan.way().read(frames, slot -> onSlot(slot, stages), new RecordReader.Listener()
        {
            @Override
            public void onRun(final RunStart start)
            {
                // Known.
            }

            @Override
            public void onSlot(final SlotRecord slot)
            {
                Checkpointer.this.onSlot(slot, stages);
            }

            @Override
            public void onEnd(final long slots)
            {
                // The run has ended meanwhile.
            }
        });
        if (end.endPosition() < plan.way().lastRecording().stopPosition())
        {
            throw new IOException("what was recorded can't be read behind its first " + end.endPosition() + " bytes");
        }
        if (stages.differences() > 0)
        {
            throw new IOException(
                stages.differences() + " of the slots before " + end.nextSlot() + " went otherwise than they did");
        }
        return end;
    }

    private void onSlot(final SlotRecord slot, final ShadowStages stages)
    {
        if (isStopping)
        {
            throw new IllegalStateException("the relay stops");
        }
        stages.onSlot(slot);
    }

    private void readImage(final StoredRecording recording, final ShadowStages stages) throws IOException
    {
        final CheckpointInput image = new CheckpointInput(frames, recording);
        stages.readImage(new BufferedInputStream(image, BUFFER_BYTES));
        image.finish();
    }

    private StoredRecording record(
        final CheckpointStart start, final ShadowStages stages, final CheckpointRecording recording)
        throws IOException
    {
        final CheckpointOutput output = new CheckpointOutput(start, part ->
        {
            disk.check(part.capacity());
            recording.put(part);
        });
        final OutputStream image = new BufferedOutputStream(output, BUFFER_BYTES);
        stages.writeImage(image);
        image.flush();
        output.end();
        recording.awaitWritten();
        return tasks.call(desk::end);
    }

    /** Also what it is about: a state must not be known of which the slots are not. */
    private void force(final CheckpointPlan plan, final StoredCheckpoint checkpoint) throws IOException
    {
        force(checkpoint.recording(), 0, checkpoint.recording().stopPosition());
        final StoredRecording run = plan.way().lastRecording();
        force(run, Math.min(directory.syncedPosition(run.recordingId()), checkpoint.start().position()),
            checkpoint.start().position());
        directory.forceArchiveEntries();
        FileSync.force(directory.archive().resolve(Catalogue.FILE));
    }

    private void force(final StoredRecording recording, final long from, final long to) throws IOException
    {
        for (long at = from / recording.segmentBytes() * recording.segmentBytes(); at < to;
            at += recording.segmentBytes())
        {
            FileSync.force(RecordedFrames.file(directory.archive(), recording, at));
        }
    }

    /** Other stages that begin with it have to come to the same state. */
    private long prove(final CheckpointPlan plan, final StoredRecording recording) throws IOException
    {
        final CheckpointInput image = new CheckpointInput(frames, recording);
        final CRC32C readCrc = new CRC32C();
        final CRC32C writtenCrc = new CRC32C();
        try (ShadowStages stages = plan.shadow().stages().get())
        {
            stages.readImage(new CheckedInputStream(
                new BufferedInputStream(image, BUFFER_BYTES), readCrc));
            final long imageBytes = image.finish();
            final OutputStream again = new BufferedOutputStream(
                new CheckedOutputStream(OutputStream.nullOutputStream(), writtenCrc), BUFFER_BYTES);
            stages.writeImage(again);
            again.flush();
            if (readCrc.getValue() != writtenCrc.getValue())
            {
                throw new IOException(
                    "the state of checkpoint " + recording.recordingId() + " is another one when it is read back");
            }
            return imageBytes;
        }
    }
}
