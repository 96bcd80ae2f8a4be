package io.ringcast.tools.load;

/** What of a run counts. Single writer the run's thread; readable from any thread. */
final class LoadClock
{
    private volatile long firstMeasured = Long.MAX_VALUE;
    private volatile long measureFromNs;
    private volatile boolean isMeasuring;
    private volatile boolean isStopping;

    /** Items from this sequence on count. */
    void measureFrom(final long sequence)
    {
        firstMeasured = sequence;
    }

    /** Whatever begins from now on counts. */
    void measureFromNow()
    {
        measureFromNs = System.nanoTime();
        isMeasuring = true;
    }

    /** No new calls from now on. */
    void stop()
    {
        isStopping = true;
    }

    boolean isMeasured(final long sequence)
    {
        return sequence >= firstMeasured;
    }

    boolean isMeasuredSince(final long sinceNs)
    {
        return isMeasuring && sinceNs - measureFromNs >= 0;
    }

    boolean isStopping()
    {
        return isStopping;
    }
}
