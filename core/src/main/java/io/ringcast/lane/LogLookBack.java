package io.ringcast.lane;

import io.ringcast.frame.JsonCursor;

/**
 * Looks after the blocks for which only the word of one lane stands that they have no logs of the filter, though their
 * blooms do not rule it out: one question tells of all of them.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>There is at most one look in {@link #BLOCKS_PER_LOOK} blocks, however often blooms are wrong; where they seldom
 * are, the look comes with the next head. Each such block is looked after once, so no log is lost unnoticed.
 */
final class LogLookBack
{
    static final int BLOCKS_PER_LOOK = 16;

    private static final long NOT_ASKED = Long.MIN_VALUE;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long longestNs;
    private final String filter;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final FetchSender sender;
    private final LogIdentity identity = new LogIdentity();
    private final JsonCursor cursor = new JsonCursor();
    private boolean isAnyTrusted;
    private long callId = NOT_ASKED;
    private int askedLane;
    private long askedAtNs;
    private long firstNumber;
    private long lastNumber;
    private long lookedAtNumber = NEVER;

    /**
     * Creates it with nothing to look after.
     *
     * @param longestNs how long an answer is waited for, in nanoseconds.
     * @param filter    the members of the feed's filter, a comma before the first.
     * @param lanes     the upstreams.
     * @param blocks    the feed's blocks.
     * @param sender    sends the question.
     */
    LogLookBack(
        final long longestNs, final String filter, final LogLane[] lanes, final LogBlocks blocks,
        final FetchSender sender)
    {
        this.longestNs = longestNs;
        this.filter = filter;
        this.lanes = lanes;
        this.blocks = blocks;
        this.sender = sender;
    }

    /** A block of the chain is taken for one without logs until the next look. */
    void trust(final LogBlock block)
    {
        block.isTrusted = true;
        isAnyTrusted = true;
    }

    /** Whether there may be blocks that are still to be looked after. */
    boolean hasTrusted()
    {
        return isAnyTrusted || callId != NOT_ASKED;
    }

    /** The chain has grown: asks if it is time. */
    void onReview(final long atNs)
    {
        final long tip = blocks.tipNumber();
        // A chain may have been begun anew from below.
        if (!isAnyTrusted || callId != NOT_ASKED || Math.abs(tip - lookedAtNumber) < BLOCKS_PER_LOOK)
        {
            return;
        }
        LogBlock last = null;
        for (long number = Math.max(0, tip - LogBlocks.CHAIN_BLOCKS); number < tip; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block != null && block.isTrusted)
            {
                firstNumber = last == null ? number : firstNumber;
                last = block;
            }
        }
        final int lane = last == null ? -1 : laneAt(last);
        isAnyTrusted = last != null;
        if (lane >= 0)
        {
            lastNumber = last.number;
            lookedAtNumber = tip;
            askedLane = lane;
            askedAtNs = atNs;
            isAnyTrusted = false;
            callId = sender.send(lane, "\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x" +
                Long.toHexString(firstNumber) + "\",\"toBlock\":\"0x" + Long.toHexString(lastNumber) + '"' + filter +
                "}]");
        }
    }

    private int laneAt(final LogBlock block)
    {
        int candidates = 0;
        for (int i = 0; i < lanes.length; i++)
        {
            candidates |= lanes[i].isLive && lanes[i].isAtOrBeyond(block.number, blocks) ? 1 << i : 0;
        }
        return LaneChoice.first(candidates, LogLane.leftOutMask(lanes));
    }

    /** Whether an answer is to the look that is under way; it ends with that. */
    boolean tryTake(final long answeredCallId, final int laneIndex)
    {
        final boolean isOwn = callId != NOT_ASKED && callId == answeredCallId && laneIndex == askedLane;
        callId = isOwn ? NOT_ASKED : callId;
        return isOwn;
    }

    /** Whether the answer has stayed out for too long; it is waited for no more then. */
    boolean tryGiveUp(final long atNs)
    {
        final boolean isOverdue = callId != NOT_ASKED && atNs - askedAtNs >= longestNs;
        callId = isOverdue ? NOT_ASKED : callId;
        return isOverdue;
    }

    /** The upstream that was asked is gone: another look is due at once. */
    void onLaneDown(final int laneIndex)
    {
        if (callId != NOT_ASKED && laneIndex == askedLane)
        {
            callId = NOT_ASKED;
            isAnyTrusted = true;
            lookedAtNumber = NEVER;
        }
    }

    /** The chain leaves a block: what an answer says of its place may be of another one. */
    void onLeft(final LogBlock block)
    {
        if (callId != NOT_ASKED && block.number <= lastNumber)
        {
            callId = NOT_ASKED;
            isAnyTrusted = true;
        }
    }

    /**
     * Reads the answer.
     *
     * @return {@link Verdict#VOUCHED} if it has no log that was not told; then each block in it is vouched for.
     */
    Verdict read(final byte[] bytes, final int offset, final int length)
    {
        if (!cursor.tryBegin(bytes, offset, length) || cursor.isObject())
        {
            return Verdict.NO_ANSWER;
        }
        boolean isVouched = true;
        while (cursor.next())
        {
            if (!identity.tryRead(bytes, cursor.valueOffset, cursor.valueLength))
            {
                return Verdict.NO_ANSWER;
            }
            final LogBlock block = blocks.find(identity.blockHash, identity.blockNumber);
            if (block == null || block.find(identity.logIndex) < 0)
            {
                isVouched = false;
                if (block != null)
                {
                    block.isTrusted = true;
                }
            }
        }
        for (long number = firstNumber; isVouched && number <= lastNumber; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block != null)
            {
                block.isTrusted = false;
            }
        }
        return isVouched ? Verdict.VOUCHED : Verdict.UNTOLD;
    }

    /** What an answer shows. */
    enum Verdict
    {
        VOUCHED, UNTOLD, NO_ANSWER
    }
}
