package io.ringcast.lane;

/** Waits for the place in the stream behind all that is to be told of blocks that the chain has left by now. */
public interface LogMark
{
    /**
     * The place is known.
     *
     * @param logsAhead how many logs are yet to be published before it.
     */
    void onKnown(int logsAhead);
}
