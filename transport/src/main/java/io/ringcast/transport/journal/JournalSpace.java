package io.ringcast.transport.journal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Keeps a journal within its bytes. What no start would go on with goes first, the oldest before: runs and checkpoints
 * that nothing comes from, the files of a run before the oldest checkpoint, that checkpoint if there is a newer one.
 * What the newest checkpoint needs goes last, and with a warning, unless its run is broken.
 * Confined to the journal's thread, except that another one deletes the files: a disk may take its time with long ones.
 *
 * <p>Files go before the archive is told: should the process end between the two, what has lost its beginning can't be
 * read, and goes next. The other way round, files would stay that nobody knows of. Meanwhile a whole file more may be
 * written of the runs, as much as is kept free. A disk that has not deleted by then is waited for, as for any that
 * takes no more. A checkpoint has no part in that: it begins a file only when there is room for it, and waits until
 * then.
 */
final class JournalSpace
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalSpace.class);
    private static final long BLOCK_BYTES = 4096;

    /** What the archive has to be told. On the journal's thread. */
    interface Recordings
    {
        /** Deletes a recording that is not written to, as far as its files are still there. */
        void purge(long recordingId);

        /**
         * Deletes the oldest files of a recording, as far as they are still there.
         *
         * @param recordingId which.
         * @param newStart    where it begins from now on; the beginning of a file.
         */
        void purgeBefore(long recordingId, long newStart);
    }

    private final Recordings archive;
    private final JournalDirectory directory;
    /** What is not written to, oldest first. */
    private final List<StoredRecording> older;
    private final Function<Callable<Void>, Future<Void>> disk;
    private final int segmentBytes;
    private final long maxBytes;
    private final long limitBytes;
    private final List<KeptChain> chains = new ArrayList<>();
    /** The checkpoint that is made, or null. */
    private CheckpointRecording making;
    /** Checkpoints that could not be made, of which the deletion has not begun. */
    private final Queue<StoredRecording> failed = new ArrayDeque<>();
    /** Under way, or null; and what to do when it is done. */
    private Future<Void> deletion;
    private Runnable onDeleted;
    /** Whether it is of a checkpoint that could not be made. */
    private boolean isOfFailed;

    /**
     * Creates it.
     *
     * @param archive      holds the recordings.
     * @param directory    marks which are whole.
     * @param older        runs and checkpoints of before, oldest first; what is deleted is taken out.
     * @param disk         has another thread delete files, which may take long.
     * @param segmentBytes the length of a file.
     * @param maxBytes     what all of them may take.
     */
    JournalSpace(
        final Recordings archive, final JournalDirectory directory, final List<StoredRecording> older,
        final Function<Callable<Void>, Future<Void>> disk, final int segmentBytes, final long maxBytes)
    {
        this.archive = archive;
        this.directory = directory;
        this.older = older;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.maxBytes = maxBytes;
        // The next file is begun before the oldest goes.
        limitBytes = maxBytes - segmentBytes;
    }

    /** Adds what is recorded from now on, with what it goes on with. */
    void add(final KeptChain chain)
    {
        chains.add(chain);
    }

    List<KeptChain> chains()
    {
        return chains;
    }

    /** A checkpoint is made, which takes space from now on; or none is made any more: null. */
    void setMaking(final CheckpointRecording recording)
    {
        making = recording;
    }

    /** A checkpoint could not be made: what there is of it is deleted next. */
    void addFailed(final StoredRecording checkpoint)
    {
        older.add(checkpoint);
        failed.add(checkpoint);
    }

    /** A checkpoint counts from now on. */
    void add(final KeptChain chain, final StoredCheckpoint checkpoint)
    {
        older.add(checkpoint.recording());
        if (!chain.isBroken())
        {
            chain.add(checkpoint);
        }
    }

    /**
     * Has deleted what is too much; that is done at one of the next calls.
     *
     * @throws IOException if the disk does not delete.
     */
    void purge() throws IOException
    {
        if (deletion != null && (deletion.isDone() || bytes() > maxBytes))
        {
            awaitDeletion();
        }
        if (deletion == null && !failed.isEmpty())
        {
            purgeAll(failed.remove(), 0);
            isOfFailed = true;
        }
        final long wantedBytes = making != null && making.isToBeAllowed() ? segmentBytes : 0;
        final long excessBytes = bytes() + wantedBytes - limitBytes;
        if (excessBytes <= 0 && wantedBytes > 0)
        {
            making.allow(wantedBytes);
        }
        if (deletion != null || excessBytes <= 0 || tryPurge(excessBytes))
        {
            return;
        }
        if (making != null)
        {
            // It is the only one that is not needed, and makes room when it is gone.
            making.fail("what has to be kept and the checkpoint are more than maxBytes");
        }
        else if (tryBreakUp())
        {
            tryPurge(excessBytes);
        }
    }

    private void awaitDeletion() throws IOException
    {
        final boolean isNeeded = !isOfFailed;
        isOfFailed = false;
        try
        {
            deletion.get();
        }
        catch (final ExecutionException e)
        {
            if (isNeeded)
            {
                throw new IOException("what is more than maxBytes can't be deleted", e.getCause());
            }
            // It goes when there is too much, as all that is not needed.
            LOGGER.warn("a checkpoint that could not be made stays", e.getCause());
            deletion = null;
            return;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        deletion = null;
        onDeleted.run();
    }

    private long bytes()
    {
        long bytes = making == null ? 0 : making.allowedBytes();
        for (final StoredRecording recording : older)
        {
            bytes += bytes(recording);
        }
        for (final KeptChain chain : chains)
        {
            bytes += inFiles(chain.ring().recordedPosition() - chain.ring().startPosition());
        }
        return bytes;
    }

    /** False if nothing can be spared. */
    private boolean tryPurge(final long excessBytes)
    {
        breakUpBroken();
        if (tryPurgeUnneeded() || tryPurgeFiles(true, excessBytes) || tryPurgeFiles(false, excessBytes))
        {
            return true;
        }
        for (final KeptChain chain : chains)
        {
            if (chain.checkpointCount() > 1)
            {
                chain.dropOldest();
                return tryPurgeUnneeded();
            }
        }
        return false;
    }

    /** A run that was not recorded to its end is of no use for the next start: no other is to make room for it. */
    private void breakUpBroken()
    {
        for (final KeptChain chain : chains)
        {
            if (chain.ring().isBroken() && !chain.isBroken())
            {
                chain.breakUp();
            }
        }
    }

    private boolean tryPurgeFiles(final boolean ofBroken, final long excessBytes)
    {
        for (final KeptChain chain : chains)
        {
            if (chain.isBroken() == ofBroken && tryPurgeFiles(chain, excessBytes))
            {
                return true;
            }
        }
        return false;
    }

    private boolean tryPurgeUnneeded()
    {
        for (final StoredRecording recording : older)
        {
            if (chains.stream().noneMatch(chain -> chain.needs(recording.recordingId())))
            {
                purgeAll(recording, bytes(recording));
                return true;
            }
        }
        return false;
    }

    private void purgeAll(final StoredRecording recording, final long countedBytes)
    {
        final long recordingId = recording.recordingId();
        onDeleted = () ->
        {
            archive.purge(recordingId);
            older.removeIf(candidate -> candidate.recordingId() == recordingId);
            chains.get(0).ring().countPurged(countedBytes);
        };
        deletion = disk.apply(() ->
        {
            directory.setBroken(recordingId);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.archive(), recordingId + "-*.rec"))
            {
                for (final Path file : files)
                {
                    Files.deleteIfExists(file);
                }
            }
            return null;
        });
    }

    /** Those before the oldest checkpoint; if there is nothing to go on with, all but that which is written to. */
    private boolean tryPurgeFiles(final KeptChain chain, final long excessBytes)
    {
        final RecordedRing ring = chain.ring();
        final StoredCheckpoint oldest = chain.oldest();
        if (oldest != null && oldest.start().run() != chain.runId())
        {
            return tryPurgeFiles(chain, oldest, excessBytes);
        }
        final long start = ring.startPosition();
        final long writing = lastFiles(chain);
        final long end = oldest != null ? Math.min(writing, oldest.start().position() / segmentBytes * segmentBytes) :
            chain.isBroken() ? writing : 0;
        final long newStart = Math.min(start + inFiles(excessBytes), end);
        if (newStart <= start)
        {
            return false;
        }
        purgeFiles(chain.runId(), start, newStart, segmentBytes, () -> ring.onPurged(newStart));
        return true;
    }

    /** Those of an earlier run. */
    private boolean tryPurgeFiles(final KeptChain chain, final StoredCheckpoint oldest, final long excessBytes)
    {
        for (int i = 0; i < older.size(); i++)
        {
            final StoredRecording run = older.get(i);
            final long end = Math.min(oldest.start().position(), run.stopPosition() - 1);
            final long newStart = Math.min(run.startPosition() + roundUp(excessBytes, run.segmentBytes()),
                end / run.segmentBytes() * run.segmentBytes());
            if (run.recordingId() == oldest.start().run() && newStart > run.startPosition())
            {
                purgeFiles(run.recordingId(), run.startPosition(), newStart, run.segmentBytes(), () ->
                {
                    older.replaceAll(each -> each.recordingId() == run.recordingId() ? each.from(newStart) : each);
                    chain.ring().countPurged(newStart - run.startPosition());
                });
                return true;
            }
        }
        return false;
    }

    private void purgeFiles(
        final long recordingId, final long start, final long newStart, final int fileBytes, final Runnable onPurged)
    {
        onDeleted = () ->
        {
            archive.purgeBefore(recordingId, newStart);
            onPurged.run();
        };
        deletion = disk.apply(() ->
        {
            for (long position = start; position < newStart; position += fileBytes)
            {
                Files.deleteIfExists(directory.archive().resolve(recordingId + "-" + position + ".rec"));
            }
            return null;
        });
    }

    /** The longest of those by whose beginning there is something to win. False if there is none. */
    private boolean tryBreakUp()
    {
        KeptChain longest = null;
        for (final KeptChain chain : chains)
        {
            final boolean isOfUse = chain.hasOlder() || lastFiles(chain) > chain.ring().startPosition();
            if (!chain.isBroken() && isOfUse && (longest == null || chain.tailBytes() > longest.tailBytes()))
            {
                longest = chain;
            }
        }
        if (longest == null)
        {
            return false;
        }
        // Long before it comes true, so that whoever reads it can choose when it does.
        LOGGER.warn("network {}: no checkpoint could be made in time: what was recorded since {} is more than " +
            "maxBytes ({}) leaves room for, and the beginning of it is given up: at the next restart the network " +
            "begins anew, and its epoch, positions, histories and sessions are lost; operations.md says how to size " +
            "maxBytes",
            longest.networkName(), longest.newest() == null ? "the numbers began" : "the last one", maxBytes);
        longest.breakUp();
        return true;
    }

    /** At least the file that is written to stays, and the one before. */
    private long lastFiles(final KeptChain chain)
    {
        return chain.ring().recordedPosition() / segmentBytes * segmentBytes - segmentBytes;
    }

    /** What was not written of its last file takes no place: many short runs must not drive out the long one before. */
    private static long bytes(final StoredRecording recording)
    {
        return roundUp(recording.stopPosition() - recording.startPosition(), BLOCK_BYTES) + BLOCK_BYTES;
    }

    private long inFiles(final long bytes)
    {
        return roundUp(bytes, segmentBytes);
    }

    private static long roundUp(final long bytes, final long unit)
    {
        return (bytes + unit - 1) / unit * unit;
    }
}
