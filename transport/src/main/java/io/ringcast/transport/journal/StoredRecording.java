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
 */
record StoredRecording(
    long recordingId, String name, long startedAtMs, long startPosition, long stopPosition, int termBytes,
    int segmentBytes)
{
}
