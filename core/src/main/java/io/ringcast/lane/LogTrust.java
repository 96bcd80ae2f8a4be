package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * What is believed of the lanes of a feed with a filter, where nothing in what a lane pushes shows that it pushes
 * nothing: if only one can tell of a block, its word stands until a {@link LogLookBack}, or is not believed at all.
 * Confined to the thread that runs match; the time is passed in.
 */
final class LogTrust
{
    /** Null if all logs are wanted. */
    private final FilterBloom bloom;
    private final CounterSet counters;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final LogLookBack lookBack;
    private final SilentLanes silent;
    private final LogGaps gaps;
    private final LogRepair repair;
    /** True if a lane left out a head, or is no longer believed: then it is not for the blocks before either. */
    private boolean isDoubtDue;

    LogTrust(
        final FilterBloom bloom, final CounterSet counters, final LogLane[] lanes, final LogBlocks blocks,
        final LogLookBack lookBack, final SilentLanes silent, final LogGaps gaps, final LogRepair repair)
    {
        this.bloom = bloom;
        this.counters = counters;
        this.lanes = lanes;
        this.blocks = blocks;
        this.lookBack = lookBack;
        this.silent = silent;
        this.gaps = gaps;
        this.repair = repair;
    }

    /** A block has come to the chain: the block before is looked at. */
    void onHead(final LogBlock block, final Head head)
    {
        isDoubtDue |= head.isFetched;
        if (bloom != null)
        {
            block.mayMatch = head.hasBloom && !head.isBloomZero && bloom.mayMatch(head);
            final LogBlock before = blocks.onChain(block.number - 1);
            if (before != null && before.mayMatch && before.count == 0 && !before.isComplete && !before.isFetching)
            {
                doubt(before);
            }
            if (block.isTrusted)
            {
                // The chain has come back to it.
                lookBack.trust(block);
            }
        }
    }

    /**
     * With a filter nothing shows in what a lane pushes that it pushes nothing. If no other can tell, who has told
     * nothing yet is not believed, and who has is looked after now and then.
     */
    private void doubt(final LogBlock block)
    {
        LogLane teller = null;
        for (final LogLane lane : lanes)
        {
            if (lane.covers(block.number))
            {
                if (teller != null)
                {
                    return;
                }
                teller = lane;
            }
        }
        if (teller != null && teller.isUnproved(block.number))
        {
            block.isDoubted = true;
            isDoubtDue = true;
        }
        else if (teller != null)
        {
            lookBack.trust(block);
        }
    }

    /** The chain has grown: asks if it is time. */
    void onReview(final long atNs)
    {
        lookBack.onReview(atNs);
    }

    void onLaneDown(final int laneIndex)
    {
        lookBack.onLaneDown(laneIndex);
    }

    void onLeft(final LogBlock block)
    {
        lookBack.onLeft(block);
    }

    /**
     * An answer may be to the question after the logs of all blocks that a lane was trusted with. If it shows what the
     * lane left out, or is none, these are fetched by their hashes: those behind the block that is published of
     * have their place yet, the others are told as late.
     *
     * @return true if it was.
     */
    boolean tryEndLook(
        final int laneIndex, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long current, final long nowNs)
    {
        if (!lookBack.tryTake(callId, laneIndex))
        {
            return false;
        }
        final LogLookBack.Verdict verdict =
            isError ? LogLookBack.Verdict.NO_ANSWER : lookBack.read(bytes, offset, length);
        if (verdict != LogLookBack.Verdict.NO_ANSWER)
        {
            gaps.onAnswerable();
        }
        if (verdict == LogLookBack.Verdict.UNTOLD)
        {
            silent.distrust();
        }
        else if (verdict == LogLookBack.Verdict.NO_ANSWER)
        {
            counters.increment(RelayCounter.REPAIR_FETCHES_FAILED);
        }
        if (verdict != LogLookBack.Verdict.VOUCHED)
        {
            doubtTrusted(verdict == LogLookBack.Verdict.UNTOLD, current, nowNs);
        }
        return true;
    }

    /** Blocks are about to be published of. */
    void beforePublished(final long current, final long nowNs)
    {
        if (isDoubtDue && lookBack.hasTrusted())
        {
            doubtTrusted(false, current, nowNs);
        }
        isDoubtDue = false;
    }

    /** Whether a look was not answered for too long; then the lane is believed no more. */
    boolean tryGiveUp(final long current, final long atNs, final long nowNs)
    {
        final boolean isUnanswered = lookBack.tryGiveUp(atNs);
        if (isUnanswered)
        {
            doubtTrusted(false, current, nowNs);
        }
        return isUnanswered;
    }

    /**
     * A lane is no longer believed: what it was trusted with is fetched.
     *
     * @param isShown true if an answer shows that it has left something out.
     * @param current the block that is published of.
     */
    void doubtTrusted(final boolean isShown, final long current, final long nowNs)
    {
        final long tip = blocks.tipNumber();
        for (long number = Math.max(0, tip - LogBlocks.CHAIN_BLOCKS); number <= tip; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block == null || !block.isTrusted)
            {
                continue;
            }
            if (number >= current && block.count == 0 && !repair.isWholeWanted())
            {
                block.isTrusted = false;
                block.isDoubted = true;
                block.isComplete = false;
            }
            else if (isShown || block.count == 0)
            {
                repair.fetch(block, nowNs);
            }
            else
            {
                // It was told after all.
                block.isTrusted = false;
            }
        }
    }
}
