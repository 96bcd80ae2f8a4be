package io.ringcast.transport.journal;

import io.ringcast.pipeline.FaultKinds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Forces what was recorded to the disk, at intervals, tells it which recordings are broken, and deletes what is to go.
 * A thread of its own: a disk may take its time, and the recorder must not. It outlives the recordings, since one may
 * turn out to be broken after its end, and a disk that refuses to be told so is told again.
 */
final class FileSync
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FileSync.class);
    /** Wakes the thread; no recording has this number. */
    private static final long NOTHING = -1L;
    private static final long MARK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    /** A recording that grows. */
    private static final class Growing
    {
        final long recordingId;
        final LongSupplier recordedPosition;
        long syncedPosition;

        Growing(final long recordingId, final LongSupplier recordedPosition)
        {
            this.recordingId = recordingId;
            this.recordedPosition = recordedPosition;
        }
    }

    private final JournalDirectory directory;
    private final int segmentBytes;
    private final long intervalNs;
    private final List<Growing> recordings = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Long> broken = new LinkedBlockingQueue<>();
    private final Queue<FutureTask<Void>> deletions = new ConcurrentLinkedQueue<>();
    private final FaultKinds faults = new FaultKinds();
    private final Thread thread = new Thread(this::run, "ringcast-journal-sync");
    private final CountDownLatch hasLast = new CountDownLatch(1);
    private volatile boolean isLastWanted;
    private volatile boolean isStopping;
    private volatile boolean hasFailed;
    private volatile boolean isOver;

    FileSync(final JournalDirectory directory, final int segmentBytes, final long intervalMs)
    {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    }

    /** Adds a recording. Any thread. */
    void add(final OpenRecording recording)
    {
        recordings.add(new Growing(recording.recordingId(), recording::recordedPosition));
    }

    void start()
    {
        thread.setDaemon(true);
        thread.start();
    }

    /** Has the disk know that a recording is broken. Any thread; does not wait, and never throws. */
    void markBroken(final long recordingId)
    {
        broken.add(recordingId);
    }

    /**
     * Deletes files when their turn comes. Any thread; does not wait.
     *
     * @param deletion deletes them.
     * @return done once they are gone, or could not be deleted; cancelled if there is no thread any more to do it.
     */
    Future<Void> delete(final Callable<Void> deletion)
    {
        final FutureTask<Void> task = new FutureTask<>(deletion);
        deletions.add(task);
        broken.add(NOTHING);
        if (isOver)
        {
            task.cancel(false);
        }
        return task;
    }

    /** True once the disk has refused; what was written before may not be on it. */
    boolean hasFailed()
    {
        return hasFailed;
    }

    /** Forces the rest, after which no recording is looked at any more; may take as long as the disk does. */
    void syncLast()
    {
        isLastWanted = true;
        broken.add(NOTHING);
        try
        {
            hasLast.await();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Has the disk told once more what it does not know yet, and ends.
     *
     * @param waitMs how long to wait for the end, in milliseconds; at least 1.
     * @return false if it has not come: the disk keeps it.
     */
    boolean tryClose(final long waitMs)
    {
        isStopping = true;
        broken.add(NOTHING);
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
        final List<Long> unmarked = new ArrayList<>();
        long syncNs = System.nanoTime() + intervalNs;
        try
        {
            boolean isLast = false;
            while (!isLast)
            {
                final long wakeNs = unmarked.isEmpty() ? syncNs : Math.min(syncNs, System.nanoTime() + MARK_AGAIN_NS);
                final Long recordingId = broken.poll(wakeNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                // Before the queue is emptied: what was put there before the stop is there.
                isLast = isStopping;
                if (recordingId != null)
                {
                    unmarked.add(recordingId);
                }
                broken.drainTo(unmarked);
                unmarked.removeIf(this::isMarked);
                delete();
                final boolean isLastSync = isLastWanted;
                if (isLastSync || System.nanoTime() - syncNs >= 0)
                {
                    sync();
                    syncNs = nextSyncNs(syncNs, intervalNs, System.nanoTime());
                }
                if (isLastSync)
                {
                    recordings.clear();
                    hasLast.countDown();
                }
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        catch (final Throwable e)
        {
            hasFailed = true;
            LOGGER.error("nothing is forced to the disk any more", e);
        }
        finally
        {
            hasLast.countDown();
            isOver = true;
            // Nobody is to wait for them.
            deletions.forEach(task -> task.cancel(false));
        }
    }

    /**
     * When the next sync begins: an interval after the last one was due, however long it took, so that what was
     * written waits for its sync no longer than that; at once if that is past.
     */
    static long nextSyncNs(final long dueNs, final long intervalNs, final long nowNs)
    {
        return dueNs + intervalNs - nowNs < 0 ? nowNs : dueNs + intervalNs;
    }

    private void delete()
    {
        for (FutureTask<Void> next = deletions.poll(); next != null; next = deletions.poll())
        {
            next.run();
        }
    }

    private boolean isMarked(final long recordingId)
    {
        if (recordingId == NOTHING)
        {
            return true;
        }
        try
        {
            directory.setBroken(recordingId);
            return true;
        }
        catch (final Throwable e)
        {
            if (faults.isNew(e))
            {
                LOGGER.error("that run {} is broken can't be noted on the disk and is tried again. Should it " +
                    "not succeed before the machine stops, delete the journal: the run would be taken for whole",
                    recordingId, e);
            }
            return false;
        }
    }

    private void sync()
    {
        if (hasFailed || recordings.isEmpty())
        {
            return;
        }
        try
        {
            for (final Growing recording : recordings)
            {
                sync(recording);
            }
            force(directory.archive().resolve(Catalogue.FILE));
        }
        catch (final Throwable e)
        {
            hasFailed = true;
            LOGGER.error("the journal could not be forced to the disk", e);
        }
    }

    private void sync(final Growing recording) throws IOException
    {
        final long position = recording.recordedPosition.getAsLong();
        if (position > recording.syncedPosition)
        {
            final long first = recording.syncedPosition / segmentBytes * segmentBytes;
            for (long start = first; start < position; start += segmentBytes)
            {
                force(directory.archive().resolve(recording.recordingId + "-" + start + ".rec"));
            }
            if (recording.syncedPosition == 0 ||
                (position - 1) / segmentBytes > (recording.syncedPosition - 1) / segmentBytes)
            {
                directory.forceArchiveEntries();
            }
            recording.syncedPosition = position;
            directory.setSynced(recording.recordingId, position);
        }
    }

    /** Forces all that was written to the file, by whichever descriptor; one that was purged meanwhile is no matter. */
    static void force(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.force(false);
        }
        catch (final NoSuchFileException e)
        {
            LOGGER.debug("{} was purged before it was forced to the disk", file);
        }
    }
}
