package io.ringcast.lane;

/**
 * Sends what the arbitration asks of the upstreams.
 * Called on the thread that runs match.
 */
public interface LaneCalls
{
    /**
     * Something is to be fetched from an upstream.
     *
     * @param laneIndex which upstream.
     * @param call      {@code "method":…,"params":…}.
     * @return the call's id; the answer comes with it.
     */
    long fetch(int laneIndex, String call);
}
