package io.ringcast.transport.journal;

import io.ringcast.journal.CheckpointStart;
import io.ringcast.journal.JournalFormatException;

/**
 * A checkpoint that the disk has.
 * Immutable.
 *
 * @param recording where its image stands.
 * @param start     of which state it is.
 */
record StoredCheckpoint(StoredRecording recording, CheckpointStart start)
{
    /** Its number among the recordings of the journal. */
    long number()
    {
        return recording.recordingId();
    }

    /**
     * Reads with what a checkpoint begins.
     *
     * @param frames    reads it.
     * @param recording one of a checkpoint.
     * @return the checkpoint.
     * @throws JournalFormatException if it can't be read; says why.
     */
    static StoredCheckpoint read(final RecordedFrames frames, final StoredRecording recording)
    {
        final CheckpointStart[] found = new CheckpointStart[1];
        frames.readFirst(recording, (buffer, offset, lengthBytes) ->
        {
            if (found[0] == null)
            {
                CheckpointInput.checkVersion(recording.recordingId(), buffer, offset, lengthBytes);
                found[0] = CheckpointInput.start(recording.recordingId(), buffer, offset, lengthBytes);
            }
        });
        if (found[0] == null)
        {
            throw new JournalFormatException("a damaged beginning of checkpoint " + recording.recordingId());
        }
        return new StoredCheckpoint(recording, found[0]);
    }
}
