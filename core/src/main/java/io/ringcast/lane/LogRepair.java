package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Knows of which blocks all logs have come, and fetches those of the blocks that no lane is going to push.
 * Confined to the thread that runs match; the time is passed in.
 */
final class LogRepair
{
    private static final Logger LOGGER = LoggerFactory.getLogger(LogRepair.class);
    /** A lane that pushes has told of a block when the chain is so far behind it. */
    private static final int BLOCKS_TO_TELL = 3;

    private final LaneRules rules;
    private final String filter;
    /** Null if all logs are wanted. */
    private final FilterBloom bloom;
    private final CounterSet counters;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final Fetches fetches;
    private final List<LogBlock> fetching = new ArrayList<>();
    private final WaitClock clock = new WaitClock();
    /** When the last missing part came, or the first log had to wait for one. */
    private long progressAtNs;
    /** True while logs that have come wait for those of a block before. */
    private boolean isHolding;
    /** True while a block's indexes have been 0, 1, 2 and so on. */
    private boolean isDense;
    private boolean isWholeWanted;
    /** The highest block that lanes were held to. */
    private long judgedNumber = -1;
    private final LogSink sink;

    LogRepair(
        final LaneRules rules, final String filter, final CounterSet counters, final LogSink sink,
        final LogLane[] lanes, final LogBlocks blocks)
    {
        this.sink = sink;
        this.rules = rules;
        this.filter = filter.length() <= 2 ? "" : ',' + filter.substring(1, filter.length() - 1);
        this.counters = counters;
        this.lanes = lanes;
        this.blocks = blocks;
        isDense = this.filter.isEmpty();
        bloom = isDense ? null : new FilterBloom(filter);
        fetches = new Fetches(rules.laneCount(), rules.attemptNs(), lane -> lanes[lane].isLive, (lane, call) ->
        {
            counters.increment(RelayCounter.REPAIR_FETCHES);
            return sink.fetch(lane, call);
        });
    }

    /** Blocks are to be known as complete as soon as can be. */
    void wantWhole()
    {
        isWholeWanted = true;
    }

    void onLaneLive(final long nowNs)
    {
        fetches.onLaneLive(nowNs);
    }

    void onLaneDown(final int laneIndex)
    {
        fetches.onLaneDown(laneIndex);
    }

    /** Whether the index of a log tells how many stand before it in its block: in a feed of all logs. */
    boolean isDense()
    {
        return isDense;
    }

    /** Takes the call that an answer is for; null if it is not waited for any more. */
    Fetch take(final long callId, final int laneIndex)
    {
        return fetches.take(callId, laneIndex);
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
     * @param answered     how many logs it has, or -1 if it is none.
     * @param largestIndex the largest index of them.
     * @return true if the block has all its logs now.
     */
    boolean tryEnd(
        final Fetch fetch, final LogBlock block, final int answered, final int largestIndex,
        final long nowNs)
    {
        if (answered < 0 || answered == 0 && isDense && block.hasBloom && !block.isBloomZero)
        {
            counters.increment(RelayCounter.REPAIR_FETCHES_FAILED);
            fetches.tryNext(fetch, nowNs);
            return false;
        }
        // A network that does not count its logs from 0 in each block can't be held to it.
        progressAtNs = clock.at(nowNs);
        isDense &= answered == 0 || largestIndex == answered - 1;
        endFetch(block);
        return true;
    }

    /** Sends what was not answered in time to another lane, and gives up what is overdue. */
    void onTime(final long nowNs)
    {
        if (!fetches.isEmpty())
        {
            fetches.onTime(nowNs);
        }
        final long atNs = clock.at(nowNs);
        noteHolding(nowNs);
        for (int i = fetching.size() - 1; i >= 0; i--)
        {
            final LogBlock block = fetching.get(i);
            if (!isAnyLive())
            {
                block.fetchingSinceNs = atNs;
            }
            else if (isOverdue(block, atNs))
            {
                giveUp(block, nowNs);
            }
        }
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
        final long longestNs = rules.repairDeadlineNs() * LaneRules.LONGEST_REPAIR_DEADLINES;
        final long waitedNs = atNs - Math.max(block.fetchingSinceNs, progressAtNs);
        return waitedNs >= (isHolding ? rules.repairDeadlineNs() : longestNs) ||
            atNs - block.fetchingSinceNs >= longestNs;
    }

    /**
     * The chain has grown: lanes that told nothing of a block that has logs are noted. From then on, until one tells
     * something, nobody waits for it, and what no other lane tells is fetched with each head.
     */
    void findSilent(final long tipNumber)
    {
        final LogBlock block = blocks.onChain(tipNumber - BLOCKS_TO_TELL);
        if (block == null || block.number <= judgedNumber || block.count == 0)
        {
            return;
        }
        judgedNumber = block.number;
        for (int i = 0; i < lanes.length; i++)
        {
            if (lanes[i].tryConvict(block, i, blocks))
            {
                counters.increment(RelayCounter.LOG_LANES_SILENT);
                LOGGER.warn("upstream {} has accepted logs and tells none of them: they are fetched by block",
                    rules.name(i));
            }
        }
    }

    /** A block has come to the chain: what its head tells of its logs is noted, and the block before is looked at. */
    void onHead(final LogBlock block, final Head head)
    {
        block.hasBloom = head.hasBloom;
        block.isBloomZero = head.isBloomZero;
        block.isHeadFetched = head.isFetched;
        if (bloom != null)
        {
            block.mayMatch = head.hasBloom && !head.isBloomZero && bloom.mayMatch(head);
            final LogBlock before = blocks.onChain(block.number - 1);
            if (before != null && before.mayMatch && before.count == 0 && !before.isComplete)
            {
                doubt(before);
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
        }
        else if (teller != null)
        {
            block.isProbed = teller.isProbeDue();
        }
    }

    /** Fetches what no lane is going to push, or has left out. */
    void fetchUncovered(final long firstNumber, final long nowNs)
    {
        final long tip = blocks.tipNumber();
        for (long number = Math.max(firstNumber, tip - LogBlocks.CHAIN_BLOCKS); number <= tip; number++)
        {
            final LogBlock block = blocks.onChain(number);
            if (block == null || block.isComplete || block.isFetching || block.hasBloom && block.isBloomZero)
            {
                continue;
            }
            final boolean isLeftOut =
                isDense && block.hasBloom && block.count == 0 && number < tip || isDense && block.hasHole();
            final boolean isUnsure = block.isProbed || block.isDoubted && block.count == 0;
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
        if (block.hasBloom && block.isBloomZero)
        {
            block.isComplete = true;
            return true;
        }
        final boolean isLeftOut = isDense && (block.hasHole() || block.hasBloom && block.count == 0);
        if (block.isHeadFetched || isLeftOut || block.isDoubted && block.count == 0)
        {
            return false;
        }
        int covering = 0;
        int agreeing = 0;
        int movedOn = 0;
        for (final LogLane lane : lanes)
        {
            covering += lane.covers(block.number) ? 1 : 0;
        }
        for (int i = 0; i < lanes.length; i++)
        {
            if (lanes[i].covers(block.number) && block.isAllSaidBy(i))
            {
                agreeing++;
                movedOn += lanes[i].hasMovedOn(block, blocks) ? 1 : 0;
            }
        }
        if (movedOn > 0 && (agreeing >= 2 || movedOn == covering))
        {
            endFetch(block);
        }
        return block.isComplete;
    }

    /** Whether a lane was there from the block's beginning, and tells its logs. */
    boolean isCovered(final LogBlock block)
    {
        for (final LogLane lane : lanes)
        {
            if (lane.covers(block.number))
            {
                return true;
            }
        }
        return false;
    }

    private boolean isAnyLive()
    {
        for (final LogLane lane : lanes)
        {
            if (lane.isLive)
            {
                return true;
            }
        }
        return false;
    }

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
        fetches.startLate(fetchOf(block), nowNs);
    }

    private Fetch fetchOf(final LogBlock block)
    {
        return Fetch.byHash(
            "\"method\":\"eth_getLogs\",\"params\":[{\"blockHash\":\"" + HexWords.toText(block.hash, 0) + '"' +
            filter + "}]", block.hash, block.number);
    }

    /** A lane whose head is the block, or beyond it, surely has it. */
    private int firstCovering(final LogBlock block)
    {
        for (int i = 0; i < lanes.length; i++)
        {
            if (lanes[i].isLive && lanes[i].hasReached(block, blocks))
            {
                return i;
            }
        }
        return 0;
    }

    private void giveUp(final LogBlock block, final long nowNs)
    {
        fetches.giveUp(block.hash, nowNs);
        // What was only looked after need not have been there.
        final boolean isMissed = block.isHeadFetched || block.count > 0 || !block.isDoubted && !block.isProbed;
        endFetch(block);
        if (block.isOnChain && isMissed)
        {
            counters.increment(RelayCounter.LOG_GAPS);
            LOGGER.warn("a gap in the logs of block {} {}: nobody could tell them in time", block.number,
                HexWords.toText(block.hash, 0));
            sink.onGap(block.number);
        }
    }

    private void endFetch(final LogBlock block)
    {
        leave(block);
        block.isComplete = true;
    }

    /** A block's logs are asked for no more; should the chain come back to a block that it has left, they are anew. */
    void leave(final LogBlock block)
    {
        if (block.isFetching)
        {
            fetches.forget(block.hash);
            fetching.remove(block);
            block.isFetching = false;
        }
    }
}
