package io.ringcast.session;

import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Calls whose text could not be encoded for an upstream: encode tells correlate, which alone answers calls.
 * Single writer: encode's thread; read by correlate's. Such a failure is a bug, so the way may allocate. What does not
 * fit is left to the call's time-out.
 */
public final class FailedForwards
{
    private static final int LIMIT_NOTES = 1024;

    /**
     * One failure.
     *
     * @param upstreamRequestId the call's.
     * @param laneIndex         the upstream that it was for.
     */
    public record Note(long upstreamRequestId, int laneIndex)
    {
    }

    private final OneToOneConcurrentArrayQueue<Note> notes = new OneToOneConcurrentArrayQueue<>(LIMIT_NOTES);

    /**
     * Notes a failure.
     *
     * @param upstreamRequestId the call's.
     * @param laneIndex         the upstream that it was for.
     */
    public void add(final long upstreamRequestId, final int laneIndex)
    {
        notes.offer(new Note(upstreamRequestId, laneIndex));
    }

    /**
     * Takes the oldest failure.
     *
     * @return the failure, or null if there is none.
     */
    public Note poll()
    {
        return notes.poll();
    }
}
