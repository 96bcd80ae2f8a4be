package io.ringcast.transport.journal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Keeps a journal within its bytes: whole recordings of earlier runs go first, then the oldest files of this one.
 * Confined to the journal's thread, except that another one deletes the files: a disk may take its time with long ones.
 *
 * <p>Files go before the archive is told: should the process end between the two, what has lost its beginning can't be
 * read, and goes next. The other way round, files would stay that nobody knows of. Meanwhile a whole file more may be
 * written, as much as is kept free. A disk that has not deleted by then is waited for, as for any that takes no more.
 */
final class JournalSpace
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalSpace.class);
    private static final long BLOCK_BYTES = 4096;

    private final EmbeddedArchive archive;
    private final JournalDirectory directory;
    /** Oldest first. */
    private final List<StoredRecording> older;
    private final Function<Callable<Void>, Future<Void>> disk;
    private final int segmentBytes;
    private final long maxBytes;
    private final long limitBytes;
    /** Those that a run of this process goes on with, for each network: without one of them all are of no use. */
    private final List<List<Long>> continued = new ArrayList<>();
    /** Under way, or null; and what to do when it is done. */
    private Future<Void> deletion;
    private Runnable onDeleted;

    /**
     * Creates it.
     *
     * @param archive      holds the recordings.
     * @param directory    marks which are whole.
     * @param older        those of earlier runs, oldest first; what is deleted is taken out.
     * @param disk         has another thread delete files, which may take long.
     * @param segmentBytes the length of a file.
     * @param maxBytes     what all of them may take.
     */
    JournalSpace(
        final EmbeddedArchive archive, final JournalDirectory directory, final List<StoredRecording> older,
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

    /**
     * Notes what is missed once it is deleted.
     *
     * @param recordingIds those that a run of this process goes on with.
     */
    void noteContinued(final List<Long> recordingIds)
    {
        continued.add(recordingIds);
    }

    /**
     * Has deleted what is too much; that is done at one of the next calls.
     *
     * @param rings those of this run; not empty.
     * @throws IOException if the disk does not delete.
     */
    void purge(final List<RecordedRing> rings) throws IOException
    {
        if (deletion != null && (deletion.isDone() || bytes(rings) > maxBytes))
        {
            awaitDeletion();
        }
        final long excessBytes = bytes(rings) - limitBytes;
        if (deletion != null || excessBytes <= 0)
        {
            return;
        }
        if (!older.isEmpty())
        {
            purgeOldestRun(rings);
        }
        // Those of the first ring that has some to spare; the others' turn comes when they are gone.
        for (int i = 0; i < rings.size() && deletion == null; i++)
        {
            purgeOldestFiles(rings.get(i), excessBytes);
        }
    }

    private void awaitDeletion() throws IOException
    {
        try
        {
            deletion.get();
        }
        catch (final ExecutionException e)
        {
            throw new IOException("what is more than maxBytes can't be deleted", e.getCause());
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        deletion = null;
        onDeleted.run();
    }

    private long bytes(final List<RecordedRing> rings)
    {
        long bytes = 0;
        for (final StoredRecording recording : older)
        {
            bytes += bytes(recording);
        }
        for (final RecordedRing ring : rings)
        {
            bytes += inFiles(ring.recording().recordedPosition() - ring.startPosition());
        }
        return bytes;
    }

    private void purgeOldestRun(final List<RecordedRing> rings)
    {
        final StoredRecording oldest = older.get(0);
        if (continued.removeIf(chain -> chain.contains(oldest.recordingId())))
        {
            warn(oldest.recordingId());
        }
        onDeleted = () ->
        {
            archive.purge(oldest);
            older.remove(0);
            rings.get(0).countPurged(bytes(oldest));
        };
        deletion = disk.apply(() ->
        {
            directory.setBroken(oldest.recordingId());
            try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.archive(), oldest.recordingId() + "-*.rec"))
            {
                for (final Path file : files)
                {
                    Files.deleteIfExists(file);
                }
            }
            return null;
        });
    }

    /** Keeps at least the file that is written to and the one before. */
    private void purgeOldestFiles(final RecordedRing ring, final long excessBytes)
    {
        final long recordingId = ring.recording().recordingId();
        final long start = ring.startPosition();
        final long writing = ring.recording().recordedPosition() / segmentBytes * segmentBytes;
        final long newStart = Math.min(start + inFiles(excessBytes), writing - segmentBytes);
        if (newStart <= start)
        {
            return;
        }
        if (start == 0)
        {
            warn(recordingId);
        }
        onDeleted = () ->
        {
            archive.purgeBefore(recordingId, newStart);
            ring.onPurged(newStart);
        };
        deletion = disk.apply(() ->
        {
            for (long position = start; position < newStart; position += segmentBytes)
            {
                Files.deleteIfExists(directory.archive().resolve(recordingId + "-" + position + ".rec"));
            }
            return null;
        });
    }

    /** Long before it comes true, so that whoever reads it can choose when it does. */
    private void warn(final long recordingId)
    {
        LOGGER.warn("what was recorded since the numbers began is more than maxBytes ({}), and the beginning of run " +
            "{} is given up: at the next restart the network begins anew, and its epoch, positions, histories and " +
            "sessions are lost; operations.md says how to size maxBytes", maxBytes, recordingId);
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
