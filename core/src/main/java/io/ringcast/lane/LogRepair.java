package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * Knows of which blocks all logs have come, and fetches those of the blocks that no lane is going to push.
 * Confined to the thread that runs match; the time is passed in.
 */
final class LogRepair
{
    /** So far behind the heads no lane is waited for that is away. */
    private static final int LONGEST_WAIT_BLOCKS = 64;

    private final LaneRules rules;
    private final String filter;
    private final CounterSet counters;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final Fetches fetches;
    private final LogTrust trust;
    private final SilentLanes silent;
    private final LogGaps gaps;
    private final LogDensity density;
    private final RepairDeadline deadline;
    private final LogAgreement agreement;
    private final List<LogBlock> fetching = new ArrayList<>();
    private final WaitClock clock = new WaitClock();
    /** When the last missing part came, or the first log had to wait for one. */
    private long progressAtNs;
    /** True while logs that have come wait for those of a block before. */
    private boolean isHolding;
    private boolean isWholeWanted;

    LogRepair(
        final LaneRules rules, final String filter, final CounterSet counters, final LogSink sink,
        final LogLane[] lanes, final LogBlocks blocks, final LogGaps gaps, final RepairDeadline deadline)
    {
        this.deadline = deadline;
        this.rules = rules;
        this.filter = filter.length() <= 2 ? "" : ',' + filter.substring(1, filter.length() - 1);
        this.counters = counters;
        this.lanes = lanes;
        this.blocks = blocks;
        agreement = new LogAgreement(lanes, blocks, deadline);
        density = new LogDensity(lanes, this.filter.isEmpty());
        silent = new SilentLanes(rules, counters, lanes, blocks);
        this.gaps = gaps;
        final FetchSender sender = new FetchSender(sink, counters);
        fetches = new Fetches(lanes, rules.attemptNs(), sender);
        final FilterBloom bloom = this.filter.isEmpty() ? null : new FilterBloom(filter);
        final LogLookBack lookBack = new LogLookBack(
            rules.repairDeadlineNs() * LaneRules.LONGEST_REPAIR_DEADLINES, this.filter, lanes, blocks, sender);
        trust = new LogTrust(bloom, counters, lanes, blocks, lookBack, silent, gaps, this);
    }

    /** The blocks that the chain leaves are told with the same patience. */
    LogVisits newVisits()
    {
        return new LogVisits(lanes, blocks, deadline);
    }

    /** Blocks are to be known as complete as soon as can be. */
    void wantWhole()
    {
        isWholeWanted = true;
    }

    /** Whether somebody wants to know of each block when it has all its logs. */
    boolean isWholeWanted()
    {
        return isWholeWanted;
    }

    void onLaneLive(final long nowNs)
    {
        gaps.onAnswerable();
        fetches.onLaneLive(nowNs);
    }

    /** A lane is about to go: what is known to be all there by its word need not be fetched when it is gone. */
    void noteComplete(final long firstNumber)
    {
        final long tip = blocks.tipNumber();
        for (long number = Math.max(firstNumber, tip - LogBlocks.CHAIN_BLOCKS); number <= tip; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block != null)
            {
                isComplete(block);
            }
        }
    }

    void onLaneDown(final int laneIndex, final long current, final long nowNs)
    {
        fetches.onLaneDown(laneIndex);
        trust.onLaneDown(laneIndex);
        if (!isAnyAskable())
        {
            // Its last words are those that are lost with a connection.
            trust.doubtTrusted(false, current, nowNs);
        }
    }

    /** Whether the index of a log tells how many stand before it in its block: in a feed of all logs. */
    boolean isDense()
    {
        return density.isDense();
    }

    /** Takes the call that an answer is for; null if it is not waited for any more. */
    Fetch take(final long callId, final int laneIndex, final long nowNs)
    {
        final Fetch fetch = fetches.take(callId, laneIndex, nowNs);
        if (fetch != null)
        {
            deadline.onAnswered(laneIndex, fetch.roundTripNs, nowNs);
        }
        return fetch;
    }

    /** The block whose logs were asked for; null if they have come from elsewhere by now. */
    LogBlock blockOf(final Fetch fetch)
    {
        for (int i = 0; i < fetching.size(); i++)
        {
            if (fetching.get(i).isHash(fetch.hash))
            {
                return fetching.get(i);
            }
        }
        return null;
    }

    /**
     * An answer was read; if it can't be true, the next lane is asked.
     *
     * @param laneIndex who has answered.
     * @param answered  how many logs it has, or -1 if it is none.
     * @param intake    knows more of them.
     * @return true if the block has all its logs now: as many lanes as the quorum have answered.
     */
    boolean tryEnd(
        final Fetch fetch, final LogBlock block, final int laneIndex, final int answered, final LogIntake intake,
        final long nowNs)
    {
        if (answered < 0 || density.isShort(block, laneIndex, answered, intake.largestFetched()))
        {
            counters.increment(RelayCounter.REPAIR_FETCHES_FAILED);
            fetches.tryNext(fetch, nowNs);
            return false;
        }
        gaps.onAnswerable();
        progressAtNs = clock.at(nowNs);
        block.answeredMask |= 1 << laneIndex;
        if (!block.isRefuting(rules.quorum()))
        {
            fetch.answeredMask = block.answeredMask;
            fetches.tryNext(fetch, nowNs);
            return false;
        }
        if (block.isTrusted && answered > 0 && intake.lateFetched() > 0)
        {
            gaps.onLeftOut(block);
        }
        block.isTrusted = false;
        endFetch(block);
        return true;
    }

    /**
     * Sends what was not answered in time to another lane, and gives up what is overdue.
     *
     * @param current the block that is published of.
     * @return true if blocks may have to be fetched that did not have to be before.
     */
    boolean onTime(final long current, final long nowNs)
    {
        if (!fetches.isEmpty())
        {
            fetches.onTime(nowNs);
        }
        final long atNs = clock.at(nowNs);
        deadline.onTime(nowNs);
        noteHolding(nowNs);
        int kept = 0;
        while (kept < fetching.size())
        {
            final LogBlock block = fetching.get(kept);
            block.fetchingSinceNs = isAskable(block) ? block.fetchingSinceNs : atNs;
            if (!isOverdue(block, atNs))
            {
                kept++;
            }
            else if (block.isTrusted || block.unpublished() > 0 || !isComplete(block))
            {
                giveUp(block, nowNs);
            }
            else
            {
                stopFetch(block);
            }
        }
        return trust.tryGiveUp(current, atNs, nowNs);
    }

    /** Something was published, or is held: the deadline counts while logs are held. */
    void noteHolding(final long nowNs)
    {
        final boolean isHeld = blocks.heldOnChain > 0 && !fetching.isEmpty();
        if (isHeld && !isHolding)
        {
            progressAtNs = clock.at(nowNs);
        }
        isHolding = isHeld;
    }

    private boolean isOverdue(final LogBlock block, final long atNs)
    {
        final long longestNs = deadline.longestNs();
        final long waitedNs = atNs - Math.max(block.fetchingSinceNs, progressAtNs);
        return waitedNs >= (isHolding ? deadline.ns() : longestNs) ||
            atNs - block.fetchingSinceNs >= longestNs;
    }

    /** What only the word of one lane stands for. */
    LogTrust trust()
    {
        return trust;
    }

    SilentLanes silent()
    {
        return silent;
    }

    /** A block has come to the chain: what its head tells of its logs is noted, and the block before is looked at. */
    void onHead(final LogBlock block, final Head head)
    {
        block.hasBloom = head.hasBloom;
        block.isBloomZero = head.isBloomZero;
        // What there was no room for is fetched, too: there may be room by now. What had no place has one again.
        block.isHeadFetched = head.isFetched || block.isCrowded || block.isUnconfirmed || block.isHeardInPart;
        block.isComplete &= !block.isHeardInPart;
        block.isCrowded = false;
        block.isUnconfirmed = false;
        trust.onHead(block, head);
    }

    /** Fetches what no lane is going to push, or has left out. */
    void fetchUncovered(final long firstNumber, final long nowNs)
    {
        trust.onReview(clock.at(nowNs));
        final long tip = blocks.tipNumber();
        for (long number = Math.max(firstNumber, tip - LogBlocks.CHAIN_BLOCKS); number <= tip; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block == null || block.isComplete || block.isFetching || block.hasBloom && block.isBloomZero)
            {
                continue;
            }
            final boolean isLeftOut =
                number < tip && density.isUntold(block, block.count) || isDense() && block.hasHole();
            final boolean isUnsure = block.isDoubted && block.count == 0;
            if (block.isHeadFetched || isLeftOut || isUnsure || isWholeWanted || !isCovered(block))
            {
                fetch(block, nowNs);
            }
        }
    }

    /** Whether nothing more is waited for of a block. */
    boolean isComplete(final LogBlock block)
    {
        if (block.isComplete)
        {
            return true;
        }
        if (block.hasBloom && block.isBloomZero && !(isDense() && block.hasHole()))
        {
            stopFetch(block);
            block.isComplete = true;
            return true;
        }
        final boolean isLeftOut = isDense() && block.hasHole() || density.isUntold(block, block.count);
        final boolean isAsked = block.isTrusted && block.isFetching;
        if (block.isHeadFetched || isLeftOut || isAsked || block.isDoubted && block.count == 0)
        {
            return false;
        }
        if (agreement.judge(block, clock.latestNs()) == LogAgreement.Verdict.DONE)
        {
            endFetch(block);
        }
        return block.isComplete;
    }

    /** Whether a lane was there from the block's beginning, and tells its logs. */
    boolean isCovered(final LogBlock block)
    {
        return agreement.isCovered(block);
    }

    /** Whether a lane has told a log that was there from its block's beginning. */
    boolean isToldFromBeginning(final LogBlock block, final int place)
    {
        return agreement.isToldFromBeginning(block, place);
    }

    /** When a lane has told a log, on the clock that stands still while the relay does. */
    long clockNs(final long nowNs)
    {
        return clock.at(nowNs);
    }

    /** The time on that clock as of the last event. */
    long latestNs()
    {
        return clock.latestNs();
    }

    /**
     * What is behind a block waits for it: it is fetched, at once if lanes differ. If one is only about to tell more,
     * or nothing, it may take as long as an answer may.
     */
    void pursue(final LogBlock block, final long nowNs)
    {
        final long atNs = clock.at(nowNs);
        if (!block.isFetching && agreement.judge(block, atNs) == LogAgreement.Verdict.HELD)
        {
            block.heldSinceNs = block.heldSinceNs == LogBlock.NEVER ? atNs : block.heldSinceNs;
            if (atNs - block.heldSinceNs < rules.attemptNs())
            {
                return;
            }
        }
        fetch(block, nowNs);
    }

    private boolean isAnyAskable()
    {
        return LogLane.countAskable(lanes, Fetch.NO_NUMBER) > 0;
    }

    /**
     * Whether the deadline runs. Lanes for the quorum that are away are waited for, as the heads wait for them; but not
     * one that has never had the feed of logs, nor for long behind the heads.
     */
    private boolean isAskable(final LogBlock block)
    {
        int everLive = 0;
        for (final LogLane lane : lanes)
        {
            everLive += lane.wasLive ? 1 : 0;
        }
        final boolean isQuorumWaitedFor =
            everLive >= rules.quorum() && blocks.tipNumber() - block.number < LONGEST_WAIT_BLOCKS;
        return LogLane.countAskable(lanes, block.number) >= (isQuorumWaitedFor ? rules.quorum() : 1);
    }

    /** A log waits for more lanes to tell it: if they don't soon, they are asked. */
    void confirm(final LogBlock block, final long nowNs)
    {
        final long atNs = clock.at(nowNs);
        block.unconfirmedSinceNs = block.unconfirmedSinceNs == LogBlock.NEVER ? atNs : block.unconfirmedSinceNs;
        if (block.number < blocks.tipNumber() || atNs - block.unconfirmedSinceNs >= rules.attemptNs())
        {
            fetch(block, nowNs);
        }
    }

    /** Fetches the logs of a block of the chain; be it one that counts as complete, and is only looked after. */
    void fetch(final LogBlock block, final long nowNs)
    {
        if (!block.isFetching)
        {
            block.isFetching = true;
            block.fetchingSinceNs = clock.at(nowNs);
            fetching.add(block);
            fetches.start(fetchOf(block), firstCovering(block), nowNs);
        }
    }

    /** Fetches the logs of a block that the chain went on without: nobody waits for them. */
    void fetchLate(final LogBlock block, final long nowNs)
    {
        int asked = 0;
        for (int lanesLeft = rules.quorum(); lanesLeft > 0; lanesLeft--)
        {
            final Fetch fetch = fetchOf(block);
            fetch.askedMask = asked;
            fetches.startLate(fetch, nowNs);
            asked = fetch.askedMask;
        }
    }

    private Fetch fetchOf(final LogBlock block)
    {
        return Fetch.byHash(
            "\"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\"" + HexWords.toText(block.hash, 0) + '"' +
            filter + "}]", block.hash, block.number);
    }

    /** A lane whose head is the block, or beyond it, surely has it. */
    int firstCovering(final LogBlock block)
    {
        return Math.max(0, LogLane.firstReached(lanes, block, blocks));
    }

    private void giveUp(final LogBlock block, final long nowNs)
    {
        fetches.giveUp(block.hash, nowNs);
        final boolean isLookedAfter = block.isTrusted || block.isDoubted && block.count == 0;
        final boolean isMissed = block.isHeadFetched || !isLookedAfter;
        block.isTrusted = false;
        block.isGivenUp = true;
        endFetch(block);
        if (block.isOnChain && isMissed)
        {
            gaps.onLost(block);
        }
        else if (block.isOnChain)
        {
            gaps.onUnknown(block);
        }
    }

    private void endFetch(final LogBlock block)
    {
        stopFetch(block);
        block.isComplete = true;
        block.isHeardInPart = false;
    }

    /** A block's logs are asked for no more; should the chain come back to a block that it has left, they are anew. */
    void leave(final LogBlock block)
    {
        trust.onLeft(block);
        stopFetch(block);
    }

    private void stopFetch(final LogBlock block)
    {
        if (block.isFetching)
        {
            fetches.forget(block.hash);
            fetching.remove(block);
            block.isFetching = false;
        }
    }
}
