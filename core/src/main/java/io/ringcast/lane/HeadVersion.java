package io.ringcast.lane;

import io.ringcast.frame.HexWords;

/**
 * Another number or parent of a block than what is kept under its hash, and who tells it. Its text is not kept: the
 * lane whose word makes it stand has just said it.
 * Confined to the thread that runs match; linked from the {@link Head} that it contradicts.
 */
final class HeadVersion
{
    /** Bit i is set if upstream i tells it. */
    int toldMask;
    /** The next one of the same head; null if there is none. */
    HeadVersion next;
    private final long number;
    private final long[] parentHash;

    HeadVersion(final HeadKeys keys, final HeadVersion next)
    {
        number = keys.number;
        parentHash = keys.parentHash.clone();
        this.next = next;
    }

    /** Whether number and parent are the same. */
    boolean isLike(final HeadKeys keys)
    {
        return number == keys.number && HexWords.equal(parentHash, 0, keys.parentHash, 0);
    }

    /** How many upstreams tell it. */
    int tellers()
    {
        return Integer.bitCount(toldMask);
    }
}
