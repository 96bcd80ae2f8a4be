package io.ringcast.match;

/**
 * Where a subscriber to whole blocks stands on the chain, and whether it has yet to go over from what was read of the
 * past to what is published.
 * Confined to the pipeline thread that runs match.
 *
 * <pre>
 *   reads its past -- join --&gt; is told what came meanwhile -- onJoined --&gt; is told each block as it comes
 * </pre>
 */
final class OrderedPlace
{
    /** The last block that was told as a whole; -1 before the first. */
    long toldTo = -1;
    private boolean isJoining;
    private long joinsFrom;

    /**
     * All of the past is told.
     *
     * @param number     up to this block.
     * @param fromNumber the block that it wanted to begin with, which may have been yet to come: nothing below it is
     *                   told.
     */
    void join(final long number, final long fromNumber)
    {
        isJoining = true;
        toldTo = number;
        joinsFrom = fromNumber;
    }

    /** It was given what has come since the past was told. */
    void onJoined()
    {
        isJoining = false;
    }

    /** Whether it was given the past, and has yet to be given what came since. */
    boolean isJoining()
    {
        return isJoining;
    }

    /** The block that it wanted to begin with; only while it {@link #isJoining}. */
    long joinsFrom()
    {
        return joinsFrom;
    }
}
