package io.ringcast.transport.journal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;

/**
 * Keeps a journal within its bytes: whole recordings of earlier runs go first, then the oldest files of this one.
 * Confined to the journal's thread.
 */
final class JournalSpace
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalSpace.class);
    private static final long BLOCK_BYTES = 4096;

    private final EmbeddedArchive archive;
    private final JournalDirectory directory;
    /** Oldest first. */
    private final List<StoredRecording> older;
    private final int segmentBytes;
    private final long limitBytes;

    /**
     * Creates it.
     *
     * @param archive      holds the recordings.
     * @param directory    marks which are whole.
     * @param older        those of earlier runs, oldest first; what is deleted is taken out.
     * @param segmentBytes the length of a file.
     * @param maxBytes     what all of them may take.
     */
    JournalSpace(
        final EmbeddedArchive archive, final JournalDirectory directory, final List<StoredRecording> older,
        final int segmentBytes, final long maxBytes)
    {
        this.archive = archive;
        this.directory = directory;
        this.older = older;
        this.segmentBytes = segmentBytes;
        // The next file is begun before the oldest goes.
        limitBytes = maxBytes - segmentBytes;
    }

    /**
     * Deletes what is too much.
     *
     * @param rings those of this run; not empty.
     */
    void purge(final List<RecordedRing> rings) throws IOException
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
        while (bytes > limitBytes && !older.isEmpty())
        {
            final StoredRecording oldest = older.get(0);
            archive.purge(oldest);
            directory.setBroken(oldest.recordingId());
            older.remove(0);
            bytes -= bytes(oldest);
            rings.get(0).countPurged(bytes(oldest));
        }
        for (int i = 0; i < rings.size() && bytes > limitBytes; i++)
        {
            bytes -= purgeOldest(rings.get(i), bytes - limitBytes);
        }
    }

    /** Keeps at least the file that is written to and the one before. */
    private long purgeOldest(final RecordedRing ring, final long excessBytes)
    {
        final long recordingId = ring.recording().recordingId();
        final long writing = ring.recording().recordedPosition() / segmentBytes * segmentBytes;
        final long newStart = Math.min(ring.startPosition() + inFiles(excessBytes), writing - segmentBytes);
        final long purged = newStart - ring.startPosition();
        if (purged <= 0)
        {
            return 0;
        }
        if (ring.startPosition() == 0)
        {
            LOGGER.warn("recording {}: its beginning is given up to stay within maxBytes; this run can't be " +
                "replayed any more", recordingId);
        }
        archive.purgeBefore(recordingId, newStart);
        ring.onPurged(newStart);
        return purged;
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
