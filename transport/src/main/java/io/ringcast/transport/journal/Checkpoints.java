package io.ringcast.transport.journal;

import io.ringcast.journal.JournalFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of a journal's checkpoints count: those that the disk has as wholes, and was told to have.
 * Immutable.
 *
 * @param found those that count, oldest first.
 * @param rest  the recordings of the others: of processes that ended while they made them, and damaged ones.
 */
record Checkpoints(List<StoredCheckpoint> found, List<StoredRecording> rest)
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Checkpoints.class);

    /**
     * Looks at what there is.
     *
     * @param frames     reads the recordings.
     * @param directory  marks which are whole.
     * @param recordings all that there are, oldest first.
     */
    static Checkpoints of(
        final RecordedFrames frames, final JournalDirectory directory, final List<StoredRecording> recordings)
    {
        final List<StoredCheckpoint> found = new ArrayList<>();
        final List<StoredRecording> rest = new ArrayList<>();
        for (final StoredRecording recording : recordings)
        {
            if (recording.isCheckpoint())
            {
                final StoredCheckpoint checkpoint = isWhole(directory, recording) ? read(frames, recording) : null;
                if (checkpoint == null)
                {
                    rest.add(recording);
                }
                else
                {
                    found.add(checkpoint);
                }
            }
        }
        return new Checkpoints(found, rest);
    }

    /** The mark is the last that is made of a checkpoint, and says how long it is. */
    private static boolean isWhole(final JournalDirectory directory, final StoredRecording recording)
    {
        return directory.isWhole(recording.recordingId()) && recording.stopPosition() > 0 &&
            recording.startPosition() == 0 &&
            directory.syncedPosition(recording.recordingId()) == recording.stopPosition();
    }

    private static StoredCheckpoint read(final RecordedFrames frames, final StoredRecording recording)
    {
        try
        {
            return StoredCheckpoint.read(frames, recording);
        }
        catch (final JournalFormatException e)
        {
            LOGGER.warn("network {}: checkpoint {} is left out: {}", recording.name(), recording.recordingId(),
                e.getMessage());
            return null;
        }
    }
}
