package io.ringcast.transport.journal;

import io.aeron.ExclusivePublication;
import io.aeron.archive.status.RecordingPos;
import org.agrona.concurrent.status.CountersReader;

/**
 * A recording that is written to.
 * Confined to the journal's thread, except the positions: any thread.
 *
 * @param publication what is recorded.
 * @param recordingId its number in the archive.
 * @param counters    where the archive says how far it is.
 * @param counterId   the counter of this recording.
 */
record OpenRecording(ExclusivePublication publication, long recordingId, CountersReader counters, int counterId)
{
    /** How far the archive has written. */
    long recordedPosition()
    {
        return counters.getCounterValue(counterId);
    }

    /** Whether the archive still records. When it has stopped over a fault, the publication does not say so. */
    boolean isActive()
    {
        return RecordingPos.isActive(counters, counterId, recordingId);
    }
}
