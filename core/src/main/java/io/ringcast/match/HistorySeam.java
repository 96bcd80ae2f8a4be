package io.ringcast.match;

import io.ringcast.frame.HexWords;

/**
 * The block that a history is read up to.
 * Confined to the pipeline thread that runs match.
 */
final class HistorySeam
{
    /** Nothing that is published fits to it: it is a block that an upstream has told. */
    static final long NO_POSITION = -1;

    long number;
    final long[] hash = new long[HexWords.WORDS];
    /** The position in the feed's history of what follows, or {@link #NO_POSITION}. */
    long position;

    boolean hasPosition()
    {
        return position != NO_POSITION;
    }
}
