package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.SlotRecord;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.FaultKinds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * Makes checkpoints, so that a restart has little to replay and what was recorded before may be deleted.
 * A thread of its own: it may take its time, and nobody waits for it.
 *
 * <p>It builds the network's stages once more, brings them to the last checkpoint, has them do what was recorded since,
 * and writes their state down. Then it builds them yet again from what the disk has of it, and lets it count only if
 * those write the same. Stages that run are not touched. Each step may be the last of the process: until the mark is
 * made, which comes last, nobody takes the recording for a checkpoint.
 */
final class Checkpointer
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
        thread.start();
    }

    /** Has a checkpoint made. Any thread; does not wait. */
    void make(final CheckpointPlan plan)
    {
        plans.add(plan);
    }

    /** Has it give up what it does and end. Any thread; does not wait. */
    void stop()
    {
        isStopping = true;
        thread.interrupt();
    }

    /**
     * Waits for the end behind {@link #stop}; from then on it touches no file.
     *
     * @param waitMs how long, in milliseconds; at least 1.
     * @return false if it has not come.
     */
    boolean tryClose(final long waitMs)
    {
        try
        {
            thread.join(waitMs);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
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
                recording = ask(desk::begin);
                checkpoint = new StoredCheckpoint(record(start, stages, recording), start);
            }
            onStep.accept(Step.RECORDED);
            force(plan, checkpoint);
            recording.checkFault();
            onStep.accept(Step.FORCED);
            final long imageBytes = prove(plan, checkpoint.recording());
            onStep.accept(Step.PROVEN);
            recording.checkFault();
            directory.setWhole(checkpoint.number(), checkpoint.recording().stopPosition());
            onStep.accept(Step.MARKED);
            plan.shadow().status().onMade(System.currentTimeMillis());
            plan.shadow().status().counters().increment(RelayCounter.JOURNAL_CHECKPOINTS);
            plan.shadow().status().counters().add(RelayCounter.JOURNAL_CHECKPOINT_BYTES, imageBytes);
            ask(() -> desk.onMade(checkpoint));
            LOGGER.info("network {}: checkpoint {} of run {} before slot {}: {} bytes in {} ms", plan.networkName(),
                checkpoint.number(), checkpoint.start().run(), checkpoint.start().nextSlot(), imageBytes,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
            onStep.accept(Step.COUNTED);
        }
        catch (final Throwable e)
        {
            onFailed(plan, recording, recording == null || recording.fault() == null ? e :
                new IOException(recording.fault(), e));
        }
    }

    private <T> T ask(final Callable<T> task) throws IOException
    {
        try
        {
            return tasks.call(task);
        }
        catch (final IllegalStateException e)
        {
            if (e.getCause() instanceof IOException refusal)
            {
                throw refusal;
            }
            throw e;
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
        try
        {
            plan.shadow().status().counters().increment(RelayCounter.JOURNAL_CHECKPOINT_FAILURES);
            log(plan, fault);
            if (recording != null)
            {
                directory.setBroken(recording.recording().recordingId());
            }
        }
        catch (final IOException | RuntimeException e)
        {
            LOGGER.error("network {}: the mark of a checkpoint that could not be made stays", plan.networkName(), e);
        }
        finally
        {
            // Whatever fails: before it there is no other.
            tellFailed(plan);
        }
    }

    private void log(final CheckpointPlan plan, final Throwable fault)
    {
        final boolean isPlain = fault instanceof IOException || fault instanceof JournalFormatException;
        if (isPlain && faults.isNew(fault))
        {
            LOGGER.warn("network {}: no checkpoint could be made: {}", plan.networkName(), fault.getMessage());
        }
        else if (!isPlain && faults.isNew(fault))
        {
            LOGGER.error("network {}: no checkpoint could be made", plan.networkName(), fault);
        }
    }

    private void tellFailed(final CheckpointPlan plan)
    {
        try
        {
            tasks.call(desk::onFailed);
        }
        catch (final RuntimeException e)
        {
            if (!isStopping)
            {
                LOGGER.error("network {}: a checkpoint that could not be made stays", plan.networkName(), e);
            }
        }
    }

    private RunChain.End replay(final CheckpointPlan plan, final ShadowStages stages) throws IOException
    {
        final RunChain.End end = plan.way().replay(frames, stages::readImage, slot -> onSlot(slot, stages));
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
        checkStopping();
        stages.onSlot(slot);
    }

    private void checkStopping()
    {
        if (isStopping)
        {
            throw new IllegalStateException("the relay stops");
        }
    }

    /** Where a state goes of which only the checksum is asked for. Confined to the thread that makes checkpoints. */
    private final class Nowhere extends OutputStream
    {
        @Override
        public void write(final int value)
        {
            checkStopping();
        }

        @Override
        public void write(final byte[] bytes, final int offset, final int length)
        {
            checkStopping();
        }
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
        return ask(desk::end);
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
        final CRC32C readCrc = new CRC32C();
        final CRC32C writtenCrc = new CRC32C();
        try (ShadowStages stages = plan.shadow().stages().get())
        {
            final long imageBytes = CheckpointInput.read(
                frames, recording, image -> stages.readImage(new CheckedInputStream(image, readCrc)));
            final OutputStream again = new BufferedOutputStream(
                new CheckedOutputStream(new Nowhere(), writtenCrc), BUFFER_BYTES);
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
