package io.ringcast.transport.journal;

/**
 * A recording as the archive's catalogue has it.
 * Immutable.
 *
 * @param recordingId   its number; later ones are higher.
 * @param name          the network's name.
 * @param startedAtMs   when it began, in milliseconds since 1970.
 * @param startPosition where it begins; more than 0 if its oldest files were given up.
 * @param stopPosition  where it ends, or -1 while it is written to.
 * @param termBytes     the length of its terms.
 * @param segmentBytes  the length of its files.
 * @param streamId      what it is: see {@link #isCheckpoint()}.
 */
record StoredRecording(
    long recordingId, String name, long startedAtMs, long startPosition, long stopPosition, int termBytes,
    int segmentBytes, int streamId)
{
    /** The first stream of runs, one for each network. */
    static final int RUN_STREAM = 1_001;
    /** That of checkpoints, of which one at a time is made. */
    static final int CHECKPOINT_STREAM = 900;

    /** Whether it is a checkpoint, else a run. */
    boolean isCheckpoint()
    {
        return streamId == CHECKPOINT_STREAM;
    }

    /** The same with another beginning. */
    StoredRecording from(final long newStartPosition)
    {
        return new StoredRecording(
            recordingId, name, startedAtMs, newStartPosition, stopPosition, termBytes, segmentBytes, streamId);
    }
}
