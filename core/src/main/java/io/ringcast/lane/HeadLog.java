package io.ringcast.lane;

import io.ringcast.frame.HexWords;

import java.util.Arrays;

/**
 * What was published: the heads in order, which each lane's cursor points into, and the chain that they make.
 * Confined to the thread that runs match.
 */
final class HeadLog
{
    static final int CAPACITY = 1_024;
    static final int NO_LANE = -1;

    private static final int MASK = CAPACITY - 1;
    private static final int WORDS = HexWords.WORDS;
    private static final int GAPS = 16;

    private final long[] hashes = new long[CAPACITY * WORDS];
    private final long[] publishedAtNs = new long[CAPACITY];
    private final byte[] winners = new byte[CAPACITY];
    private long end;

    /** The chain by number; valid from {@link #oldestNumber()} to the tip. */
    private final long[] chain = new long[CAPACITY * WORDS];
    private final long[] tipHash = new long[WORDS];
    private long tipNumber = -1;
    private long baseNumber;
    /** What is below it has been overwritten, also while a shorter branch takes the place of a longer one. */
    private long keptFrom;
    private final long[] baseParent = new long[WORDS];
    private long baseTimestamp;
    private long tipTimestamp;
    /** The last gaps that were declared: behind which number, and before which. */
    private final long[] gapsBehind = new long[GAPS];
    private final long[] gapsBefore = new long[GAPS];
    private int nextGap;
    /** True if the chain began behind the newest of them. */
    private boolean isBehindGap;

    /** Whether nothing was published. */
    boolean isEmpty()
    {
        return end == 0;
    }

    /** Whether it is known where the chain stands: something was published, or there is an anchor. */
    boolean hasChain()
    {
        return tipNumber >= 0;
    }

    /** The chain stands at a head that is not published; nothing is. */
    void anchor(final long number, final long[] hash)
    {
        baseNumber = number;
        keptFrom = number;
        tipNumber = number;
        // It is not known; so nothing is taken for newer.
        baseTimestamp = Long.MAX_VALUE;
        tipTimestamp = Long.MAX_VALUE;
        System.arraycopy(hash, 0, chain, (int)(number & MASK) * WORDS, WORDS);
    }

    /** The index behind the newest entry. */
    long end()
    {
        return end;
    }

    /** The index of the oldest entry still there. */
    long begin()
    {
        return Math.max(0, end - CAPACITY);
    }

    /** The number of what was published last, or of the anchor; -1 if there is neither. */
    long tipNumber()
    {
        return tipNumber;
    }

    /** The first block of the unbroken chain that was published last; what is below it was never told. */
    long baseNumber()
    {
        return baseNumber;
    }

    long[] tipHash()
    {
        return tipHash;
    }

    boolean isTip(final long[] hash)
    {
        return end > 0 && HexWords.equal(tipHash, 0, hash, 0);
    }

    boolean isOnChain(final long number, final long[] hash)
    {
        return number <= tipNumber && number >= oldestNumber() &&
            HexWords.equal(chain, (int)(number & MASK) * WORDS, hash, 0);
    }

    /** Gives the hash of a published block's parent; false if the block is not on the chain, or as old as can be. */
    boolean tryCopyParent(final long number, final long[] hash, final long[] parent)
    {
        if (end == 0 || !isOnChain(number, hash))
        {
            return false;
        }
        if (number > oldestNumber())
        {
            System.arraycopy(chain, (int)(number - 1 & MASK) * WORDS, parent, 0, WORDS);
        }
        else if (number == baseNumber)
        {
            System.arraycopy(baseParent, 0, parent, 0, WORDS);
        }
        else
        {
            return false;
        }
        return true;
    }

    /** Gives the hash of the published block with that number; false if there is none, or none so old. */
    boolean tryCopyHash(final long number, final long[] hash)
    {
        if (end == 0 || number > tipNumber || number < oldestNumber())
        {
            return false;
        }
        System.arraycopy(chain, (int)(number & MASK) * WORDS, hash, 0, WORDS);
        return true;
    }

    /** Whether a hash is that of the block below the chain's first one. */
    boolean isBaseParent(final long[] hash)
    {
        return HexWords.equal(baseParent, 0, hash, 0);
    }

    /**
     * Whether a block that is as low as what is not kept of the chain, or lower, may belong to it. Not if it was
     * made after a block of the chain that is higher: it is of a chain that has begun anew, and was never published.
     */
    boolean mayHaveHad(final Head head)
    {
        return head.timestamp <= (head.number <= baseNumber ? baseTimestamp : tipTimestamp);
    }

    long oldestNumber()
    {
        return Math.max(baseNumber, keptFrom);
    }

    /** Finds an entry at or behind an index; returns its index or -1. */
    long find(final long from, final long[] hash)
    {
        for (long i = Math.max(from, begin()); i < end; i++)
        {
            if (HexWords.equal(hashes, (int)(i & MASK) * WORDS, hash, 0))
            {
                return i;
            }
        }
        return -1;
    }

    long publishedAtNs(final long index)
    {
        return publishedAtNs[(int)(index & MASK)];
    }

    /** The lane that was first, or {@link #NO_LANE} if the entry was fetched or only stood on the way to another. */
    int winner(final long index)
    {
        return winners[(int)(index & MASK)];
    }

    /** How many entries from an index up to another were said by a lane, and not fetched. */
    long saidBetween(final long from, final long to)
    {
        long said = 0;
        for (long i = Math.max(from, begin()); i < to; i++)
        {
            said += winner(i) != NO_LANE ? 1 : 0;
        }
        return said;
    }

    /**
     * Appends a head that follows the chain, or replaces it from its number on.
     *
     * @return true if it left published blocks behind: a reorg.
     */
    boolean append(final Head head, final int lane, final long nowNs)
    {
        final boolean isReorg = end > 0 && head.number <= tipNumber;
        final boolean isBase = end == 0 || head.number > tipNumber + 1 || head.number < baseNumber;
        if (isBase)
        {
            isBehindGap &= head.number >= baseNumber;
            baseNumber = head.number;
        }
        if (isBase || head.number < keptFrom)
        {
            keptFrom = head.number;
        }
        keptFrom = Math.max(keptFrom, head.number - CAPACITY + 1);
        tipTimestamp = head.timestamp;
        if (head.number == baseNumber)
        {
            baseTimestamp = head.timestamp;
            System.arraycopy(head.parentHash, 0, baseParent, 0, WORDS);
        }
        final int place = (int)(end & MASK);
        System.arraycopy(head.hash, 0, hashes, place * WORDS, WORDS);
        publishedAtNs[place] = nowNs;
        winners[place] = (byte)lane;
        end++;
        System.arraycopy(head.hash, 0, chain, (int)(head.number & MASK) * WORDS, WORDS);
        System.arraycopy(head.hash, 0, tipHash, 0, WORDS);
        tipNumber = head.number;
        return isReorg;
    }

    /** Whether a block was declared missing, lately: it belongs before the chain, and behind what was told before. */
    boolean isInGap(final long number)
    {
        for (int gap = 0; gap < GAPS && number < baseNumber; gap++)
        {
            if (isIn(gap, number))
            {
                return true;
            }
        }
        return false;
    }

    /** Whether a block was declared missing right before the chain. */
    boolean isInNewestGap(final long number)
    {
        return isBehindGap && number < baseNumber && isIn(nextGap - 1 & GAPS - 1, number);
    }

    /** Begins a new chain: the next head does not connect to what was published. */
    void breakChain(final long firstNumber, final boolean isGap)
    {
        isBehindGap = isGap;
        if (isGap)
        {
            gapsBehind[nextGap] = tipNumber;
            gapsBefore[nextGap] = firstNumber;
            nextGap = nextGap + 1 & GAPS - 1;
        }
        baseNumber = firstNumber;
        keptFrom = firstNumber;
        tipNumber = Math.min(tipNumber, firstNumber - 1);
    }

    /** Nothing was published. */
    void forget()
    {
        end = 0;
        tipNumber = -1;
        baseNumber = 0;
        keptFrom = 0;
        Arrays.fill(gapsBehind, 0);
        Arrays.fill(gapsBefore, 0);
        isBehindGap = false;
    }

    private boolean isIn(final int gap, final long number)
    {
        return number > gapsBehind[gap] && number < gapsBefore[gap];
    }
}
