package io.ringcast.lane;

/**
 * Measures how long answers have been waited for.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>Of a long pause between two events only the beginning counts: this process was held up then, and an answer that
 * came meanwhile lies in a socket unread. So no deadline runs out before what has arrived in time could be taken.
 */
final class WaitClock
{
    /** Ticks come each 50 ms; what goes beyond one and a half of them is a pause of our own. */
    static final long LONGEST_STEP_NS = 75_000_000L;

    private long lastNs;
    private long waitedNs;
    private boolean isStarted;

    /**
     * Takes an event's time.
     *
     * @param nowNs when it came; one that came before the last event counts as at the same time.
     * @return the time on this clock.
     */
    long at(final long nowNs)
    {
        final long stepNs = nowNs - lastNs;
        if (!isStarted || stepNs > 0)
        {
            waitedNs += isStarted ? Math.min(stepNs, LONGEST_STEP_NS) : 0;
            lastNs = nowNs;
            isStarted = true;
        }
        return waitedNs;
    }

    /**
     * A pause of our own is not held against anybody: what is measured since a time is so without it.
     *
     * @return the time to measure from; not beyond now, if what it is of came in the pause or behind it.
     */
    static long forgiven(final long sinceNs, final long pauseNs, final long nowNs)
    {
        return sinceNs + Math.min(pauseNs, nowNs - sinceNs);
    }

    /** The time on this clock as of the last event. */
    long latestNs()
    {
        return waitedNs;
    }
}
