package io.ringcast.correlate;

/**
 * The highest block that answers have shown to a client, or to clients that can't be told apart.
 * Confined to the pipeline thread that runs correlate.
 */
final class ShownNumber
{
    private long number = LaneHeads.NONE;

    /** The block's number, or -1. */
    long number()
    {
        return number;
    }

    /** An answer shows a block; -1 if it shows none. */
    void onShown(final long shownNumber)
    {
        number = Math.max(number, shownNumber);
    }
}
