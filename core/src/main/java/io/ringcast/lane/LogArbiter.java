package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Merges the logs that several upstreams push into one stream without a hole, in the order of the published heads.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>A log is published when its block's head is, and when nothing is missing in the blocks before. In a feed of all
 * logs the index tells at once whether one is missing; else a block is done when the lanes that were there from its
 * beginning have gone on to a later one and agree ({@link LogAgreement}), or when its logs were fetched. Whatever can't
 * be known to be there is fetched, and given up at the deadline.
 *
 * <p>Upstreams' own {@code removed:true} is ignored: when the heads leave a block, what was published of it is told
 * again as removed, newest first, before anything of the new branch.
 *
 * <p>What nobody can know: if all lanes leave out the last logs of a block, in silence.
 *
 * <p>{@link LogIntake} puts the logs into their blocks, {@link LogOutput} publishes from them; while no head is known,
 * {@link EarlyLogs} holds them or passes them on.
 */
public final class LogArbiter
{
    /** From so many blocks of a known chain on a feed begins; an upstream's logs may be so far behind the heads. */
    private static final int KNOWN_BLOCKS = 32;

    private final CounterSet counters;
    private final LogLane[] lanes;
    private final RepairDeadline deadline;
    private final LogBlocks blocks;
    private final LogRepair repair;
    private final LogOutput output;
    private final LogIntake intake;
    private final EarlyLogs early;
    private final LogIdentity identity = new LogIdentity();
    private boolean hasHead;
    private boolean wasLive;
    /** True if an upstream that had the feed lost it before the first head: of that block, too, logs may be missing. */
    private boolean wasAway;
    /** Up to this block the feed tells what comes; behind it, everything. */
    private long startNumber = -1;
    /** True if a block may have to be fetched that did not have to be before. */
    private boolean isReviewDue;

    /**
     * Creates it with nothing published.
     *
     * @param rules    the bounds.
     * @param filter   the feed's filter object as JSON; without members if it carries all logs.
     * @param slot     gives the sequence of the slot in work.
     * @param counters the counters of the thread that runs match.
     * @param sink     takes what is decided.
     */
    public LogArbiter(
        final LaneRules rules, final String filter, final LongSupplier slot, final CounterSet counters,
        final LogSink sink)
    {
        this.counters = counters;
        lanes = new LogLane[rules.laneCount()];
        deadline = new RepairDeadline(rules);
        Arrays.setAll(lanes, lane -> new LogLane());
        final LogGaps gaps = new LogGaps(counters, sink);
        blocks = new LogBlocks(rules, slot, counters, gaps);
        repair = new LogRepair(rules, filter, counters, sink, lanes, blocks, gaps, deadline);
        final LateLogs late = new LateLogs(rules.quorum(), counters, sink);
        output = new LogOutput(slot, rules.quorum(), counters, sink, blocks, repair, late, gaps);
        intake = new LogIntake(rules.quorum(), counters, sink, blocks, output, gaps, late);
        early = new EarlyLogs(rules, counters, sink, lanes, blocks, output, intake, gaps, deadline);
    }

    /**
     * An upstream accepted the feed.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneLive(final int laneIndex, final long nowNs)
    {
        lanes[laneIndex].onLive();
        deadline.setLive(laneIndex, true);
        wasLive = true;
        isReviewDue = true;
        repair.onLaneLive(nowNs);
        early.onLaneLive(nowNs);
        work(nowNs);
    }

    /**
     * An upstream no longer has the feed.
     *
     * @param laneIndex which upstream.
     * @param nowNs     the time.
     */
    public void onLaneDown(final int laneIndex, final long nowNs)
    {
        repair.noteComplete(output.current());
        wasAway |= wasLive && !hasHead;
        lanes[laneIndex].onDown();
        deadline.setLive(laneIndex, false);
        isReviewDue = true;
        repair.onLaneDown(laneIndex, output.current(), nowNs);
        early.onLaneDown(laneIndex);
        work(nowNs);
    }

    /**
     * Tells whether an upstream tells logs.
     *
     * @param laneIndex which upstream.
     * @return false if it has accepted the feed and tells none, so that they are fetched.
     */
    public boolean isPushed(final int laneIndex)
    {
        return !lanes[laneIndex].isSilent;
    }

    /**
     * An upstream said a head, whether it was published or not.
     *
     * @param laneIndex which upstream.
     * @param isPushed  false if it was asked for it.
     * @param hash      the head's hash.
     * @param number    its number.
     */
    public void onLaneHead(final int laneIndex, final boolean isPushed, final long[] hash, final long number)
    {
        lanes[laneIndex].onHead(isPushed, hash, number, blocks);
    }

    /**
     * Notes which upstreams are left out in the arbitration of heads: others are asked first.
     *
     * @param mask what {@link HeadArbiter#leftOutMask} gives.
     */
    public void setLeftOut(final int mask)
    {
        for (int i = 0; i < lanes.length; i++)
        {
            lanes[i].isOut = (mask >>> i & 1) != 0;
        }
    }

    /**
     * Notes how long upstreams take to answer, as far as the arbitration of heads has measured it.
     *
     * @param roundTripNs what {@link HeadArbiter#roundTripNs} gives.
     */
    public void setRoundTrip(final long roundTripNs)
    {
        deadline.setOthers(roundTripNs);
    }

    /**
     * Begins on the chain that is published already, instead of waiting for its next head. What is told of one of its
     * blocks goes on as it comes, in the chain's order, and is told as removed when the chain leaves the block; nothing
     * of it is waited for, since the feed has not told from its beginning.
     *
     * @param heads what has published the chain.
     */
    public void beginOn(final HeadArbiter heads)
    {
        early.setHeads(heads);
        final long[] hash = new long[HexWords.WORDS];
        final long tip = heads.tipNumber();
        for (long number = Math.max(0, tip - KNOWN_BLOCKS + 1); number <= tip; number++)
        {
            final LogBlock block = heads.tryCopyHash(number, hash) ? blocks.get(hash, number) : null;
            if (block != null)
            {
                block.exempt();
                output.append(block, repair.latestNs());
                hasHead = true;
            }
        }
    }

    /**
     * A head was published.
     *
     * @param head  the head.
     * @param nowNs the time.
     */
    public void onHead(final Head head, final long nowNs)
    {
        isReviewDue = true;
        while (hasHead && blocks.tipNumber() >= head.number)
        {
            output.leaveTip(head.number);
        }
        output.endMove(head.number, early.isBehindBeginning(head.number), repair.clockNs(nowNs));
        final LogBlock block = blocks.get(head.hash, head.number);
        early.onHead(head, block, repair.firstCovering(block), nowNs);
        if (startNumber < 0)
        {
            // The feed may have begun in the midst of this block, which is fetched for those who want all of it.
            final boolean isWhole = wasLive && repair.isWholeWanted();
            startNumber = isWhole ? Math.max(0, head.number - 1) : wasLive ? head.number : startNumber;
            if (!block.isCrowded && !head.isFetched && !wasAway && !isWhole)
            {
                block.exempt();
            }
        }
        output.append(block, repair.clockNs(nowNs));
        hasHead = true;
        repair.onHead(block, head);
        repair.silent().onHead(head.number);
    }

    /**
     * A head from inside a declared gap has come after all: so do its logs, those that are here and those to come.
     *
     * @param head     the head.
     * @param isWanted whether anybody asks for what is late, so that it is fetched.
     * @param nowNs    the time.
     */
    public void onLateHead(final Head head, final boolean isWanted, final long nowNs)
    {
        final LogBlock block = blocks.get(head.hash, head.number);
        if (block.isOnChain || head.hasBloom && head.isBloomZero)
        {
            return;
        }
        block.isInGap = true;
        intake.tellAllLate(block);
        if (isWanted)
        {
            repair.fetchLate(block, nowNs);
        }
    }

    /**
     * An upstream says a log.
     *
     * @param laneIndex which upstream.
     * @param bytes     holds the log; unchanged until the slot has been encoded.
     * @param offset    where it starts.
     * @param length    its length in bytes.
     * @param nowNs     the time.
     * @return false if it is no log: block hash, block number or log index are missing.
     */
    public boolean onLog(
        final int laneIndex, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        if (!identity.tryRead(bytes, offset, length))
        {
            return false;
        }
        if (identity.isRemoved && hasHead)
        {
            onRemoved(laneIndex, nowNs);
            return true;
        }
        if (hasHead && identity.blockNumber <= blocks.tipNumber() - LogBlocks.CHAIN_BLOCKS)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            return true;
        }
        final LogBlock block = blocks.get(identity.blockHash, identity.blockNumber);
        if (!identity.isRemoved)
        {
            lanes[laneIndex].onLog(block, blocks, repair.clockNs(nowNs));
        }
        output.beginSlot(block, identity.logIndex, bytes, offset, length);
        if (hasHead)
        {
            intake.add(block, identity.logIndex, laneIndex, bytes, offset, length);
            early.onAdded(block);
        }
        else
        {
            early.take(block, identity, laneIndex, bytes, offset, length, nowNs);
        }
        work(nowNs);
        output.endSlot();
        return true;
    }

    /** The heads say what is removed; but for a block that they have not said anything of. */
    private void onRemoved(final int laneIndex, final long nowNs)
    {
        if (early.tryRemove(blocks.find(identity.blockHash, identity.blockNumber), identity, laneIndex))
        {
            work(nowNs);
        }
        else
        {
            counters.increment(RelayCounter.LOGS_REMOVED_IGNORED);
        }
    }

    /**
     * An upstream answered a call that the sink was asked for.
     *
     * @param laneIndex which upstream.
     * @param callId    the id that the sink gave.
     * @param isError   true if it is an error.
     * @param bytes     holds the result.
     * @param offset    where it starts.
     * @param length    its length in bytes.
     * @param nowNs     the time.
     */
    public void onFetched(
        final int laneIndex, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        if (repair.trust().tryEndLook(laneIndex, callId, isError, bytes, offset, length, output.current(), nowNs))
        {
            isReviewDue = true;
            work(nowNs);
            return;
        }
        if (early.tryTake(laneIndex, callId, isError, bytes, offset, length, nowNs))
        {
            work(nowNs);
            return;
        }
        final Fetch fetch = repair.take(callId, laneIndex, nowNs);
        if (fetch == null)
        {
            return;
        }
        if (fetch.isLate)
        {
            onFetchedLate(fetch, laneIndex, isError, bytes, offset, length, nowNs);
            return;
        }
        final LogBlock block = repair.blockOf(fetch);
        if (block == null)
        {
            return;
        }
        final int answered = isError ? -1 : intake.addFetched(block, laneIndex, bytes, offset, length);
        if (repair.tryEnd(fetch, block, laneIndex, answered, intake, nowNs) || answered > 0)
        {
            work(nowNs);
        }
    }

    /**
     * Time passes, or another event: what is left over is published, fetches are tried elsewhere, gaps declared.
     *
     * @param nowNs the time.
     */
    public void onTime(final long nowNs)
    {
        isReviewDue |= repair.onTime(output.current(), nowNs);
        work(nowNs);
    }

    /**
     * Tells whether what is published is what the chain has: nothing is left to be told as removed.
     *
     * @return false also before the first head that came when an upstream had the feed.
     */
    public boolean isSettled()
    {
        return hasHead && startNumber >= 0 && early.isSettled() && output.hasNoRemovals() &&
            blocks.tipNumber() >= Math.min(early.highestTold(), startNumber + LogBlocks.CHAIN_BLOCKS);
    }

    /**
     * Up to which block a newcomer has to be given all logs, to go on with what is published behind them. Of the blocks
     * up to it, the one that the feed began in included, more may be published yet; {@link #publishedBehind} says what
     * is already published of those behind it.
     *
     * @return its number; not above the chain's newest.
     */
    public long seamNumber()
    {
        return Math.min(
            blocks.tipNumber(), Math.max(output.current() - 1, Math.max(startNumber, early.highestTold())));
    }

    /**
     * Tells whether what is told of a block stands in the chain's order.
     *
     * @param number the block's number.
     * @return false before the first head, and if logs were passed on before it of that block or a higher one.
     */
    public boolean hasOrder(final long number)
    {
        return hasHead && number > early.highestTold();
    }

    /** Somebody wants to know of each block when it has all its logs: they are asked for with its head. */
    public void wantWhole()
    {
        repair.wantWhole();
        isReviewDue = true;
    }

    /**
     * Up to which block all logs are published.
     *
     * @return its number; -1 while removals are yet to be published, before the first head, and while it is asked for
     *     whether blocks that logs came of before it are on the chain.
     */
    public long wholeNumber()
    {
        return hasHead && early.isSettled() ? output.wholeNumber() : -1;
    }

    /**
     * The last block whose logs may not all be published in their order, because the feed began with it when nobody
     * wanted whole blocks, or passed on logs of it before there were heads.
     *
     * @return its number; a very large one as long as the feed has not begun.
     */
    public long startNumber()
    {
        return startNumber < 0 ? Long.MAX_VALUE : Math.max(
            startNumber, Math.min(early.highestTold(), startNumber + LogBlocks.CHAIN_BLOCKS));
    }

    /**
     * Tells how many of the logs that were published last are of blocks behind one.
     *
     * @param seamNumber what {@link #seamNumber} gave.
     * @return the number.
     */
    public int publishedBehind(final long seamNumber)
    {
        return output.publishedBehind(seamNumber);
    }

    /** How many logs are yet to be published of blocks that the chain has left, as far as is known, most as removed. */
    public int pendingRemovals()
    {
        return output.pendingRemovals();
    }

    /** Tells a mark when it is known where the place is behind all these. */
    public void mark(final LogMark mark)
    {
        output.mark(mark);
    }

    /**
     * Tells whether just these logs of a block would be told as removed, should the chain leave it now.
     *
     * @param number  the block's number.
     * @param hash    its hash.
     * @param wanted  which of its logs count.
     * @param indexes the logs' indexes in the block, ascending.
     * @param count   how many they are.
     * @return false if other ones would, or if the block is not kept and there are any.
     */
    public boolean isTold(
        final long number, final long[] hash, final LogChoice wanted, final int[] indexes, final int count)
    {
        final LogBlock block = blocks.onChain(number);
        return block == null ? count == 0 : block.isHash(hash) && block.isTold(wanted, indexes, count);
    }

    /** Its gap was declared: what still has a place is published, the rest is told as late. */
    private void onFetchedLate(
        final Fetch fetch, final int laneIndex, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        final LogBlock block = blocks.find(fetch.hash, fetch.number);
        if (!isError && block != null && intake.addFetched(block, laneIndex, bytes, offset, length) > 0)
        {
            work(nowNs);
        }
    }

    private void work(final long nowNs)
    {
        if (!hasHead)
        {
            early.onTime(nowNs);
        }
        else if (early.trySettle(nowNs) && output.tryPublishRemovals())
        {
            repair.trust().beforePublished(output.current(), nowNs);
            output.publishBlocks(nowNs);
            if (isReviewDue)
            {
                isReviewDue = false;
                repair.fetchUncovered(output.current(), nowNs);
            }
            repair.noteHolding(nowNs);
        }
    }
}
