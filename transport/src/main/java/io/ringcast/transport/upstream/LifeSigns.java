package io.ringcast.transport.upstream;

/**
 * When an upstream was asked, and when it has shown that it is there.
 * Single writer the I/O loop of the upstream; {@link #isOverdue} any thread.
 *
 * <p>A connection that stands says nothing of the node behind it, and neither does silence alone: a node that nobody
 * asks need not say a word.
 */
final class LifeSigns
{
    private static final long NONE = Long.MIN_VALUE;

    private final long patienceNs;
    private volatile long askedAtNs = NONE;
    private long heardAtNs;

    /**
     * Starts with a connection.
     *
     * @param patienceNs how long the upstream may take to answer, in nanoseconds.
     * @param nowNs      the time.
     */
    LifeSigns(final long patienceNs, final long nowNs)
    {
        this.patienceNs = patienceNs;
        heardAtNs = nowNs;
    }

    /** A question leaves; only the first behind an answer counts. */
    void onAsked(final long nowNs)
    {
        if (askedAtNs == NONE)
        {
            askedAtNs = nowNs;
        }
    }

    /** Something has come, whichever question it answers. */
    void onHeard(final long nowNs)
    {
        heardAtNs = nowNs;
        if (askedAtNs != NONE)
        {
            askedAtNs = NONE;
        }
    }

    /** Whether it is time to ask, since nothing was heard for too long. */
    boolean isQuiet(final long nowNs, final long idleNs)
    {
        final long askedNs = askedAtNs;
        return nowNs - heardAtNs > idleNs || askedNs != NONE && nowNs - askedNs > patienceNs / 2;
    }

    /** Whether it was asked and has not shown itself for longer than it may take. */
    boolean isOverdue(final long nowNs)
    {
        final long askedNs = askedAtNs;
        return askedNs != NONE && nowNs - askedNs > patienceNs;
    }
}
