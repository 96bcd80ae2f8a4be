package io.ringcast.match;

import io.ringcast.frame.HexWords;

/**
 * A block near the end of the chain whose items a subscriber gets from its history.
 * Confined to the pipeline thread that runs match.
 */
final class TailBlock
{
    final long number;
    final long[] hash;
    /** What it holds; null until it is asked for. */
    HistoryPage page;
    /** True once the subscriber has got some of it, or all if there is none. */
    boolean isSent;
    /** True once it is to be told as removed. */
    boolean isLeft;
    /** True once what it holds is for {@link ToldPast} to give back. */
    boolean isRetired;

    TailBlock(final long number, final long[] hash)
    {
        this.number = number;
        this.hash = hash.clone();
    }

    boolean isHash(final long[] words)
    {
        return HexWords.equal(hash, 0, words, 0);
    }
}
