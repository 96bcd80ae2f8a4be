package io.ringcast.lane;

import io.ringcast.frame.HexWords;

/**
 * One block's head as it is kept: its keys and its text.
 * Confined to the thread that runs match; owned by {@link HeadStore}, which fills it again for another head.
 */
public final class Head extends BlocksByHash.Entry<Head>
{
    long number;
    /** In the chain's own unit; -1 if it is not known. */
    long timestamp;
    final long[] parentHash = new long[HexWords.WORDS];
    boolean isBloomZero;
    boolean hasBloom;
    /** Where its bloom stands in its text, quotes included. */
    int bloomOffset;
    int bloomLength;
    /** True if it was fetched, so no upstream has pushed it yet. */
    boolean isFetched;
    /** True if an upstream has pushed it. */
    boolean isPushed;
    /** True if it was told as too late. */
    boolean isLateTold;
    /** Bit i is set if upstream i has said it, or a descendant of it. */
    int saidMask;
    /** Bit i is set if upstream i has said it itself, with this number and parent. */
    int toldMask;
    /** Another version of the block, with another number or parent; null if nobody contradicts. */
    HeadVersion rival;
    /** How many queues hold it; it is not overwritten meanwhile. */
    int pins;
    byte[] bytes = new byte[0];
    int length;

    Head()
    {
    }

    /**
     * Gives the block's number.
     *
     * @return the number.
     */
    public long number()
    {
        return number;
    }

    /**
     * Gives the beginning of the block's hash.
     *
     * @return its first 8 bytes.
     */
    public long hashStart()
    {
        return hash[0];
    }

    /**
     * Compares the block's hash.
     *
     * @param words the four words of a hash.
     * @return true if they are its.
     */
    public boolean hasHash(final long[] words)
    {
        return isHash(words);
    }

    /**
     * Compares the parent's hash.
     *
     * @param words the four words of a hash.
     * @return true if they are its.
     */
    public boolean hasParent(final long[] words)
    {
        return HexWords.equal(parentHash, 0, words, 0);
    }

    /**
     * Tells how many upstreams have said it, or a descendant of it, by now.
     *
     * @return the number.
     */
    public int seenCount()
    {
        return Integer.bitCount(saidMask);
    }

    /**
     * Tells whether an upstream has said it, or a descendant of it.
     *
     * @param laneIndex which upstream; a negative one has said nothing.
     * @return true if it has.
     */
    public boolean isSeenAt(final int laneIndex)
    {
        return laneIndex >= 0 && (saidMask >>> laneIndex & 1) != 0;
    }

    /**
     * Names an upstream that has said it.
     *
     * @return its index, -1 if none has.
     */
    public int firstSeenAt()
    {
        return saidMask == 0 ? -1 : Integer.numberOfTrailingZeros(saidMask);
    }

    /**
     * Tells whether no upstream had pushed it when it was published.
     *
     * @return true if it was fetched.
     */
    public boolean isFetched()
    {
        return isFetched;
    }

    /** Whether upstreams contradict each other about it. */
    boolean isContested()
    {
        return rival != null;
    }

    /** How many upstreams have said it themselves, with this number and parent. */
    int tellers()
    {
        return Integer.bitCount(toldMask);
    }

    /** Whether number and parent are the same. */
    boolean isLike(final HeadKeys keys)
    {
        return number == keys.number && HexWords.equal(parentHash, 0, keys.parentHash, 0);
    }

    /** Takes over what identifies a block, and where its bloom stands in its text. */
    void setKeys(final HeadKeys keys)
    {
        number = keys.number;
        timestamp = keys.timestamp;
        System.arraycopy(keys.hash, 0, hash, 0, HexWords.WORDS);
        System.arraycopy(keys.parentHash, 0, parentHash, 0, HexWords.WORDS);
        isBloomZero = keys.isBloomZero;
        hasBloom = keys.hasBloom;
        bloomOffset = keys.bloomOffset;
        bloomLength = keys.bloomLength;
    }

    @Override
    public String toString()
    {
        return number + " " + HexWords.toText(hash, 0);
    }
}
