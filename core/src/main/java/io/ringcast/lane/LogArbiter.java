package io.ringcast.lane;

import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Merges the logs that several upstreams push into one stream without a hole, in the order of the published heads.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>A log is published when its block's head is, and when nothing is missing in the blocks before. In a feed of all
 * logs the index tells at once whether one is missing; else a block is done when the lanes that were there from its
 * beginning have gone on to a later one and agree, or when its logs were fetched. Whatever can't be known to be there
 * is fetched, and given up at the deadline.
 *
 * <p>Upstreams' own {@code removed:true} is ignored: when the heads leave a block, what was published of it is told
 * again as removed, newest first, before anything of the new branch.
 *
 * <p>What nobody can know: if all lanes leave out the last logs of a block, in silence.
 */
public final class LogArbiter
{
    /** How many logs go out with one event; the rest follows with the next ones. */
    private static final int LIMIT_PER_EVENT = 512;
    private static final int LATE_REMEMBERED = 1_024;
    private static final int VOTES_REMEMBERED = 4_096;

    private final CounterSet counters;
    private final LogSink sink;
    private final LongSupplier slot;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final LogRepair repair;
    private final ArrayDeque<LogBlock> removals = new ArrayDeque<>();
    private final LogIdentity identity = new LogIdentity();
    private final JsonCursor cursor = new JsonCursor();
    private boolean hasHead;
    private boolean wasLive;
    /** Up to this block the feed tells what comes; behind it, everything. */
    private long startNumber = -1;
    /** The highest block that logs were published of before there was a head. */
    private long passedNumber = -1;
    /** The block of the chain that logs are published of; those before it are done. */
    private long current = -1;
    private int leftInEvent;
    private int largestFetched;
    /** Holds logs while there are no heads that they could follow; null if one lane is enough. */
    private final VotedItems votes;
    /** What was told as late; null until something is. */
    private SeenItems toldLate;
    /** True if a block may have to be fetched that did not have to be before. */
    private boolean isReviewDue;

    private LogBlock slotBlock;
    private int slotIndex;
    private byte[] slotBytes;
    private int slotOffset;
    private int slotLength;

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
        this.sink = sink;
        this.slot = slot;
        votes = rules.quorum() > 1 ? new VotedItems(VOTES_REMEMBERED, rules.quorum(), counters) : null;
        lanes = new LogLane[rules.laneCount()];
        Arrays.setAll(lanes, lane -> new LogLane());
        blocks = new LogBlocks(rules, slot, counters);
        repair = new LogRepair(rules, filter, counters, sink, lanes, blocks);
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
        wasLive = true;
        isReviewDue = true;
        repair.onLaneLive(nowNs);
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
        for (long number = Math.max(current, blocks.tipNumber() - LogBlocks.CHAIN_BLOCKS);
            number <= blocks.tipNumber(); number++)
        {
            // What is known to be all there need not be fetched when the lane is gone.
            final LogBlock block = blocks.onChain(number);
            if (block != null)
            {
                repair.isComplete(block);
            }
        }
        lanes[laneIndex].onDown();
        isReviewDue = true;
        repair.onLaneDown(laneIndex);
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
     * @param hash      the head's hash.
     * @param number    its number.
     */
    public void onLaneHead(final int laneIndex, final long[] hash, final long number)
    {
        lanes[laneIndex].onHead(hash, number);
    }

    /**
     * A head was published.
     *
     * @param head the head.
     */
    public void onHead(final Head head)
    {
        isReviewDue = true;
        while (hasHead && blocks.tipNumber() >= head.number)
        {
            leaveTip(head.number);
        }
        final LogBlock block = blocks.get(head.hash, head.number);
        if (block == null)
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
            return;
        }
        if (head.number <= passedNumber)
        {
            blocks.takeRivals(block, removals);
        }
        block.hasBloom = head.hasBloom;
        block.isBloomZero = head.isBloomZero;
        block.isHeadFetched = head.isFetched;
        if (startNumber < 0)
        {
            startNumber = wasLive ? head.number : startNumber;
            block.isExempt = !block.isComplete;
            block.isComplete = true;
        }
        blocks.append(block);
        current = hasHead ? Math.min(current, head.number) : head.number;
        hasHead = true;
        repair.findSilent(head.number);
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
        if (block == null || block.isOnChain || head.hasBloom && head.isBloomZero)
        {
            return;
        }
        block.isInGap = true;
        for (int place = 0; place < block.count; place++)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            tellLate(block, block.indexes[place], block.bytes, block.offsets[place], block.lengths[place]);
        }
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
            counters.increment(RelayCounter.LOGS_REMOVED_IGNORED);
            return true;
        }
        if (hasHead && identity.blockNumber <= blocks.tipNumber() - LogBlocks.CHAIN_BLOCKS)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            return true;
        }
        final LogBlock block = blocks.get(identity.blockHash, identity.blockNumber);
        if (block == null)
        {
            return false;
        }
        lanes[laneIndex].onLog(block);
        slotBlock = block;
        slotIndex = identity.logIndex;
        slotBytes = bytes;
        slotOffset = offset;
        slotLength = length;
        if (hasHead)
        {
            add(block, laneIndex, bytes, offset, length);
        }
        else
        {
            passThrough(block, laneIndex, bytes, offset, length);
        }
        work(nowNs);
        slotBlock = null;
        slotBytes = null;
        return true;
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
        final Fetch fetch = repair.take(callId, laneIndex);
        if (fetch == null)
        {
            return;
        }
        if (fetch.isLate)
        {
            onFetchedLate(fetch, isError, bytes, offset, length, nowNs);
            return;
        }
        final LogBlock block = repair.blockOf(fetch);
        if (block == null)
        {
            return;
        }
        final int answered = isError ? -1 : addFetched(block, bytes, offset, length);
        if (repair.tryEnd(fetch, block, answered, largestFetched, nowNs))
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
        repair.onTime(nowNs);
        work(nowNs);
    }

    /**
     * Tells whether what is published is what the chain has: nothing is left to be told as removed.
     *
     * @return false also before the first head that came when an upstream had the feed.
     */
    public boolean isSettled()
    {
        return hasHead && startNumber >= 0 && removals.isEmpty() &&
            blocks.tipNumber() >= Math.min(passedNumber, startNumber + LogBlocks.CHAIN_BLOCKS);
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
        return Math.min(blocks.tipNumber(), Math.max(current - 1, Math.max(startNumber, passedNumber)));
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
     * @return its number; -1 while removals are yet to be published, or before the first head.
     */
    public long wholeNumber()
    {
        if (!hasHead || !removals.isEmpty())
        {
            return -1;
        }
        long number = current;
        while (number <= blocks.tipNumber() && isWhole(blocks.onChain(number)))
        {
            number++;
        }
        return number - 1;
    }

    /**
     * The last block whose logs may not all be published, because the feed began with it.
     *
     * @return its number; a very large one as long as the feed has not begun.
     */
    public long startNumber()
    {
        return startNumber < 0 ? Long.MAX_VALUE : startNumber;
    }

    private boolean isWhole(final LogBlock block)
    {
        return block == null || block.unpublished() == 0 && repair.isComplete(block);
    }

    /**
     * Tells how many of the logs that were published last are of blocks behind one.
     *
     * @param seamNumber what {@link #seamNumber} gave.
     * @return the number.
     */
    public int publishedBehind(final long seamNumber)
    {
        final LogBlock block = seamNumber < current ? blocks.onChain(current) : null;
        return block == null ? 0 : block.published;
    }

    /**
     * Tells how many logs are yet to be published as removed, before anything else is published.
     *
     * @return the number.
     */
    public int pendingRemovals()
    {
        int count = 0;
        for (final LogBlock block : removals)
        {
            count += block.removing;
        }
        return count;
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
        if (block == null)
        {
            return count == 0;
        }
        if (!block.isHash(hash) || block.unpublished() > 0)
        {
            return false;
        }
        int found = 0;
        for (int place = 0; place < block.published; place++)
        {
            if (wanted.isWanted(block.bytes, block.offsets[place], block.lengths[place]))
            {
                if (found == count || indexes[found++] != block.indexes[place])
                {
                    return false;
                }
            }
        }
        return found == count;
    }

    /** Its gap was declared: what still has a place is published, the rest is told as late. */
    private void onFetchedLate(
        final Fetch fetch, final boolean isError, final byte[] bytes, final int offset, final int length,
        final long nowNs)
    {
        final LogBlock block = blocks.find(fetch.hash);
        if (!isError && block != null && addFetched(block, bytes, offset, length) > 0)
        {
            work(nowNs);
        }
    }

    private void leaveTip(final long newNumber)
    {
        final boolean isKept = blocks.isTipKept();
        final LogBlock block = blocks.takeTip(newNumber);
        if (!isKept)
        {
            counters.increment(RelayCounter.LOGS_REMOVED_LOST);
        }
        else if (block != null && block.isExempt)
        {
            // If the chain comes back to it, all of it is to be told.
            block.isExempt = false;
            block.isComplete = false;
        }
        if (isKept && block != null && block.published > 0)
        {
            block.removing = block.published;
            block.published = 0;
            removals.add(block);
        }
    }

    private void add(
        final LogBlock block, final int laneIndex, final byte[] bytes, final int offset, final int length)
    {
        final int place = block.find(identity.logIndex);
        if (place >= 0)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            block.noteSaid(place, laneIndex);
            return;
        }
        if (tryInsert(block, -1 - place, bytes, offset, length))
        {
            block.noteSaid(-1 - place, laneIndex);
        }
    }

    private boolean tryInsert(
        final LogBlock block, final int place, final byte[] bytes, final int offset, final int length)
    {
        if (block.isOnChain && block.number < current || place < Math.max(block.published, block.removing))
        {
            counters.increment(RelayCounter.LOGS_LATE);
            if (block.isOnChain)
            {
                tellLate(block, identity.logIndex, bytes, offset, length);
            }
            return false;
        }
        if (block.isInGap && !block.isOnChain)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            tellLate(block, identity.logIndex, bytes, offset, length);
            return false;
        }
        if (blocks.isFull())
        {
            counters.increment(RelayCounter.LOGS_DROPPED);
            return false;
        }
        final int before = block.bytes.length;
        block.insert(place, identity.logIndex, bytes, offset, length);
        blocks.onGrown(block.bytes.length - before);
        blocks.heldOnChain += block.isOnChain ? 1 : 0;
        return true;
    }

    /** Each lane may bring it; it is told once. */
    private void tellLate(
        final LogBlock block, final int logIndex, final byte[] bytes, final int offset, final int length)
    {
        if (toldLate == null)
        {
            toldLate = new SeenItems(LATE_REMEMBERED);
        }
        if (toldLate.add(block.hash[0], block.hash[1] ^ logIndex))
        {
            sink.onLate(block.number, bytes, offset, length);
        }
    }

    /** Without heads there is no order to keep: what is new goes on, a removal included. */
    private void passThrough(
        final LogBlock block, final int laneIndex, final byte[] bytes, final int offset, final int length)
    {
        if (votes != null && !isConfirmed(block, laneIndex))
        {
            return;
        }
        final int place = block.find(identity.logIndex);
        if (identity.isRemoved == place < 0)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return;
        }
        if (identity.isRemoved)
        {
            block.remove(place);
        }
        else
        {
            final int before = block.bytes.length;
            block.insert(-1 - place, identity.logIndex, bytes, offset, length);
            blocks.onGrown(block.bytes.length - before);
        }
        block.published = block.count;
        passedNumber = Math.max(passedNumber, block.number);
        sink.onLog(
            block.number, block.hash[0], identity.logIndex, identity.isRemoved, bytes, offset, length);
    }

    /** A log and its removal may follow each other again and again; each time enough lanes have to tell. */
    private boolean isConfirmed(final LogBlock block, final int laneIndex)
    {
        final long key = block.hash[1] ^ (long)identity.logIndex << 1;
        final long removed = identity.isRemoved ? 1 : 0;
        final boolean isConfirmed = votes.tryConfirm(block.hash[0], key ^ removed, laneIndex);
        if (isConfirmed)
        {
            votes.forgive(block.hash[0], key ^ 1 ^ removed);
        }
        return isConfirmed;
    }

    /** Returns how many logs the answer has, or -1 if it is none. */
    private int addFetched(final LogBlock block, final byte[] bytes, final int offset, final int length)
    {
        if (!cursor.tryBegin(bytes, offset, length) || cursor.isObject())
        {
            return -1;
        }
        int answered = 0;
        int repaired = 0;
        largestFetched = -1;
        while (cursor.next())
        {
            if (!identity.tryRead(bytes, cursor.valueOffset, cursor.valueLength) || identity.isRemoved ||
                !block.isHash(identity.blockHash))
            {
                return -1;
            }
            answered++;
            largestFetched = Math.max(largestFetched, identity.logIndex);
            final int place = block.find(identity.logIndex);
            if (place < 0 && tryInsert(block, -1 - place, bytes, cursor.valueOffset, cursor.valueLength))
            {
                repaired++;
            }
        }
        if (repaired > 0)
        {
            counters.add(RelayCounter.LOGS_REPAIRED, repaired);
            sink.onRepaired(block.number, repaired);
        }
        return answered;
    }

    private void work(final long nowNs)
    {
        leftInEvent = LIMIT_PER_EVENT;
        if (!removals.isEmpty())
        {
            publishRemovals();
        }
        if (hasHead && removals.isEmpty())
        {
            publishBlocks(nowNs);
            if (isReviewDue)
            {
                isReviewDue = false;
                repair.fetchUncovered(current, nowNs);
            }
            repair.noteHolding(nowNs);
        }
    }

    private void publishRemovals()
    {
        while (!removals.isEmpty() && leftInEvent > 0)
        {
            final LogBlock block = removals.peek();
            while (block.removing > 0 && leftInEvent > 0)
            {
                final int place = --block.removing;
                leftInEvent--;
                counters.increment(RelayCounter.LOGS_REMOVED);
                final byte[] text = identity.asRemoved(block.bytes, block.offsets[place], block.lengths[place]);
                sink.onLog(block.number, block.hash[0], block.indexes[place], true, text, 0, text.length);
            }
            if (block.removing == 0)
            {
                removals.poll();
            }
        }
    }

    private void publishBlocks(final long nowNs)
    {
        while (leftInEvent > 0)
        {
            final LogBlock block = blocks.onChain(current);
            if (block != null)
            {
                publishOf(block, nowNs);
                if (block.unpublished() > 0 || blocks.heldOnChain == 0)
                {
                    return;
                }
                if (!repair.isComplete(block))
                {
                    repair.fetch(block, nowNs);
                    return;
                }
            }
            if (current >= blocks.tipNumber())
            {
                return;
            }
            current++;
        }
    }

    private void publishOf(final LogBlock block, final long nowNs)
    {
        while (block.unpublished() > 0 && leftInEvent > 0)
        {
            if (!block.isComplete)
            {
                if (repair.isDense() && block.indexes[block.published] != block.published)
                {
                    repair.fetch(block, nowNs);
                    return;
                }
                if (!repair.isDense() && !repair.isCovered(block))
                {
                    return;
                }
            }
            publish(block, block.published++);
            blocks.heldOnChain--;
        }
    }

    private void publish(final LogBlock block, final int place)
    {
        leftInEvent--;
        if (block == slotBlock && block.indexes[place] == slotIndex)
        {
            sink.onLog(block.number, block.hash[0], slotIndex, false, slotBytes, slotOffset, slotLength);
        }
        else
        {
            block.handedOnAtSlot = slot.getAsLong();
            sink.onLog(
                block.number, block.hash[0], block.indexes[place], false, block.bytes, block.offsets[place],
                block.lengths[place]);
        }
    }
}
