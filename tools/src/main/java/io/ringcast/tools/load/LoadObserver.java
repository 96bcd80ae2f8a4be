package io.ringcast.tools.load;

import org.HdrHistogram.Histogram;

/** Follows a run. Called on the run's thread. */
public interface LoadObserver
{
    /**
     * Takes a line of progress.
     *
     * @param line what happened.
     */
    void onProgress(String line);

    /** The warm-up is over. */
    default void onMeasureStart()
    {
    }

    /**
     * A second of what is measured is over.
     *
     * @param latencyNs of what came in it; lent until this returns.
     */
    default void onSecond(final Histogram latencyNs)
    {
    }

    /** All that was measured has arrived, or is lost. */
    default void onMeasureEnd()
    {
    }

    /**
     * Waits, unless the run is to stop.
     *
     * @param timeoutMs how long.
     * @return true when the run is to stop.
     * @throws InterruptedException when the thread is interrupted.
     */
    boolean awaitStopMs(long timeoutMs) throws InterruptedException;
}
