package io.ringcast.lane;

import io.ringcast.frame.HexWords;

/**
 * What is known of one upstream's feed of logs.
 * Confined to the thread that runs match.
 */
final class LogLane implements AskedLane
{
    private static final int HEADS_BEHIND_LOGS = 2;
    /** So many blocks with logs in a row, of which the lane told none: it does not push what it has accepted. */
    private static final int SILENT_BLOCKS = 4;

    boolean isLive;
    /** True once it has accepted the feed: then it will again. */
    boolean wasLive;
    /** True while it is left out in the arbitration of heads, so that others are asked first. */
    boolean isOut;
    /** True if it accepted the feed and yet tells nothing; what it may know of a connection before counts on. */
    boolean isSilent;
    private int silentBlocks;
    /** It has told a log of this block first since it accepted the feed; before it does, beyond all blocks. */
    private long provedFrom = Long.MAX_VALUE;
    /** It says all logs of the blocks from this one on: those that came after its feed was accepted. */
    private long coversFrom = Long.MAX_VALUE;
    private final long[] logBlockHash = new long[HexWords.WORDS];
    private long logBlockNumber = -1;
    private long logAtNs;
    /** When it told the first log of that block it was there among the published heads, or further. */
    private long logFrom;
    private final long[] headHash = new long[HexWords.WORDS];
    private long headNumber = -1;
    /** The head that it said before that one. */
    private final long[] headBeforeHash = new long[HexWords.WORDS];
    private long headBeforeNumber = -1;
    /** When it said the last head it was there among the published ones, or further. */
    private long headFrom;

    void onLive()
    {
        isLive = true;
        wasLive = true;
        provedFrom = Long.MAX_VALUE;
        coversFrom = Long.MAX_VALUE;
        logBlockNumber = -1;
        headNumber = -1;
        headBeforeNumber = -1;
    }

    void onDown()
    {
        isLive = false;
        coversFrom = Long.MAX_VALUE;
    }

    /**
     * The first head behind the answer to the subscribe may be of a block whose logs came before it. A head that it was
     * asked for says nothing of what it pushes: who answers may be behind who pushes.
     */
    void onHead(final boolean isPushed, final long[] hash, final long number, final LogBlocks blocks)
    {
        if (isLive && isPushed && coversFrom == Long.MAX_VALUE)
        {
            coversFrom = number + 1;
        }
        if (headNumber == number && HexWords.equal(headHash, 0, hash, 0))
        {
            return;
        }
        headFrom = Math.max(headPlace(blocks), logPlace(blocks));
        headBeforeNumber = headNumber;
        System.arraycopy(headHash, 0, headBeforeHash, 0, HexWords.WORDS);
        headNumber = number;
        System.arraycopy(hash, 0, headHash, 0, HexWords.WORDS);
    }

    /**
     * It tells a log.
     *
     * @param atNs when, on the clock of {@link #isTelling}.
     */
    void onLog(final LogBlock block, final LogBlocks blocks, final long atNs)
    {
        silentBlocks = 0;
        provedFrom = provedFrom == Long.MAX_VALUE ? block.number : provedFrom;
        if (isSilent)
        {
            isSilent = false;
            coversFrom = block.number + 1;
        }
        logAtNs = atNs;
        if (logBlockNumber == block.number && block.isHash(logBlockHash))
        {
            return;
        }
        // The logs of the blocks that its last head has brought may come behind it.
        logFrom = Math.max(headFrom, logPlace(blocks));
        logBlockNumber = block.number;
        System.arraycopy(block.hash, 0, logBlockHash, 0, HexWords.WORDS);
    }

    /**
     * A block that has logs should have been told by now.
     *
     * @return true if that makes it a silent lane.
     */
    boolean tryConvict(final LogBlock block, final int laneIndex, final LogBlocks blocks)
    {
        if (!covers(block.number) || !hasMovedOn(block, blocks))
        {
            return false;
        }
        silentBlocks = block.isAnySaidBy(laneIndex) ? 0 : silentBlocks + 1;
        isSilent = silentBlocks >= SILENT_BLOCKS;
        return isSilent;
    }

    /** Whether nothing shows that it tells the logs of a block, or something that it does not. */
    boolean isUnproved(final long number)
    {
        return number < provedFrom || silentBlocks > 0;
    }

    /** A look has shown logs that it did not tell: until it tells one it is no longer believed. */
    void distrust()
    {
        silentBlocks = Math.max(1, silentBlocks);
    }

    /** Not if it is known to be well below the number. Nodes have a block before they tell of it. */
    @Override
    public boolean mayHave(final long number)
    {
        return isLive && !(headNumber >= 0 && number - headNumber >= LaggingLanes.BEHIND_BLOCKS);
    }

    @Override
    public boolean isOut()
    {
        return isOut;
    }

    /** Whether it was there from the block's beginning, and tells what it has accepted. */
    boolean covers(final long number)
    {
        return isLive && !isSilent && number >= coversFrom;
    }

    /** Whether its last head is one of the chain, no lower than that. */
    boolean isAtOrBeyond(final long number, final LogBlocks blocks)
    {
        return headNumber >= number && blocks.isOnChain(headNumber, headHash);
    }

    /** Whether it surely has the block. */
    boolean hasReached(final LogBlock block, final LogBlocks blocks)
    {
        return headNumber == block.number && block.isHash(headHash) || hasMovedOn(block, blocks);
    }

    /**
     * Whether it has said something of a later block of the chain, so that no more logs of this one come. A head
     * may come before the logs of all the blocks that it brings, so only the head before the last one counts.
     */
    boolean hasMovedOn(final LogBlock block, final LogBlocks blocks)
    {
        if (logBlockNumber > block.number && blocks.isOnChain(logBlockNumber, logBlockHash))
        {
            return true;
        }
        return headNumber >= block.number + HEADS_BEHIND_LOGS && blocks.isOnChain(headNumber, headHash) &&
            headBeforeNumber >= block.number && blocks.isOnChain(headBeforeNumber, headBeforeHash);
    }

    /** Whether it is in the middle of a block, as far as it has told, and told of it within a time. */
    boolean isTelling(final LogBlock block, final LogBlocks blocks, final long atNs, final long withinNs)
    {
        return isLive && !isSilent && !isOut && logBlockNumber == block.number && atNs - logAtNs < withinNs &&
            block.isHash(logBlockHash) && !hasMovedOn(block, blocks);
    }

    /**
     * Whether it may be about to tell logs of a block that the chain has left, since it has said nothing yet of what
     * the chain went on with.
     *
     * @param leftAt the place of the head that the chain went on with.
     */
    boolean mayTellOfLeft(final LogBlock block, final long leftAt, final LogBlocks blocks)
    {
        return !isOut && covers(block.number) && headPlace(blocks) < leftAt && logPlace(blocks) < leftAt;
    }

    private long headPlace(final LogBlocks blocks)
    {
        return headNumber < 0 ? headFrom : blocks.places().find(headFrom, headHash);
    }

    private long logPlace(final LogBlocks blocks)
    {
        return logBlockNumber < 0 ? logFrom : blocks.places().find(logFrom, logBlockHash);
    }

    /** How many lanes can be asked about a block of that number. */
    static int countAskable(final LogLane[] lanes, final long number)
    {
        int count = 0;
        for (final LogLane lane : lanes)
        {
            count += lane.mayHave(number) ? 1 : 0;
        }
        return count;
    }

    /** The first lane that surely has a block; one that is left out if no other has. -1 if none has. */
    static int firstReached(final LogLane[] lanes, final LogBlock block, final LogBlocks blocks)
    {
        int candidates = 0;
        for (int i = 0; i < lanes.length; i++)
        {
            candidates |= lanes[i].isLive && lanes[i].hasReached(block, blocks) ? 1 << i : 0;
        }
        return LaneChoice.first(candidates, leftOutMask(lanes));
    }

    /** Bit i is set if lane i is left out of the heads. */
    static int leftOutMask(final LogLane[] lanes)
    {
        int mask = 0;
        for (int i = 0; i < lanes.length; i++)
        {
            mask |= lanes[i].isOut ? 1 << i : 0;
        }
        return mask;
    }
}
