package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Publishes logs along the chain, block by block, and tells them as removed when the chain leaves their block.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>The log that the slot in work has brought goes out from the slot's own bytes, what was kept from its block's.
 */
final class LogOutput
{
    /** How many logs go out with one event; the rest follows with the next ones. */
    private static final int LIMIT_PER_EVENT = 512;

    private final LongSupplier slot;
    private final CounterSet counters;
    private final LogSink sink;
    private final LogBlocks blocks;
    private final LogRepair repair;
    private final LateLogs late;
    private final int quorum;
    private final LogVisits visits;
    private final LogGaps gaps;
    private final ArrayDeque<LogBlock> removals = new ArrayDeque<>();
    private final LogIdentity identity = new LogIdentity();
    /** The block of the chain that logs are published of; those before it are done. */
    private long current = -1;
    private int leftInEvent;

    private LogBlock slotBlock;
    private int slotIndex;
    private byte[] slotBytes;
    private int slotOffset;
    private int slotLength;

    LogOutput(
        final LongSupplier slot, final int quorum, final CounterSet counters, final LogSink sink,
        final LogBlocks blocks, final LogRepair repair, final LateLogs late, final LogGaps gaps)
    {
        visits = repair.newVisits();
        this.gaps = gaps;
        this.quorum = quorum;
        this.slot = slot;
        this.counters = counters;
        this.sink = sink;
        this.blocks = blocks;
        this.repair = repair;
        this.late = late;
    }

    /** The slot in work brings a log; its bytes stay unchanged until it has been encoded. */
    void beginSlot(final LogBlock block, final int logIndex, final byte[] bytes, final int offset, final int length)
    {
        slotBlock = block;
        slotIndex = logIndex;
        slotBytes = bytes;
        slotOffset = offset;
        slotLength = length;
    }

    void endSlot()
    {
        slotBlock = null;
        slotBytes = null;
    }

    /** The number of the block that logs are published of; -1 before the first head. */
    long current()
    {
        return current;
    }

    /** Whether nothing is left to be told of blocks that the chain has left. */
    boolean hasNoRemovals()
    {
        return removals.isEmpty() && visits.isEmpty();
    }

    /**
     * The chain goes on with a block.
     *
     * @param atNs when, on the clock that stands still while the relay does.
     */
    void append(final LogBlock block, final long atNs)
    {
        block.onChainAtNs = atNs;
        blocks.append(block);
        current = current < 0 ? block.number : Math.min(current, block.number);
    }

    /**
     * The chain leaves its newest block: what was published of it is to be told as removed.
     *
     * @param newNumber the number of the block that the chain goes on with.
     */
    void leaveTip(final long newNumber)
    {
        final boolean isKept = blocks.isTipKept();
        final LogBlock block = blocks.takeTip(newNumber);
        if (block != null)
        {
            repair.leave(block);
        }
        if (!isKept)
        {
            counters.increment(RelayCounter.LOGS_REMOVED_LOST);
        }
        else if (block != null && block.isExempt)
        {
            // If the chain comes back to it, all of it is to be told.
            block.isExempt = false;
            block.isComplete = false;
            block.onChainAtNs = LogBlock.NEVER;
        }
        if (isKept && block != null)
        {
            visits.add(block);
        }
    }

    /**
     * The chain has left all that it leaves with this move.
     *
     * @param newNumber the number of the block that it goes on with.
     * @param isOrdered false if what was told of these blocks need not stand in the chain's order: then nothing waits.
     * @param atNs      when, on the clock that stands still while the relay does.
     */
    void endMove(final long newNumber, final boolean isOrdered, final long atNs)
    {
        if (!visits.isMoving())
        {
            return;
        }
        if (!isOrdered || !visits.hasRoom())
        {
            cutVisits();
        }
        for (final LogBlock block : visits.endMove(newNumber, isOrdered ? current : Long.MAX_VALUE, atNs))
        {
            if (block.number >= current)
            {
                cut(block);
            }
            block.isVisitOver |= block.onChainAtNs != LogBlock.NEVER;
            leave(block);
        }
    }

    /** Nothing more is told of what the chain has left but its removal, at once. */
    private void cutVisits()
    {
        for (LogVisits.Step step = visits.first(); step != null; step = visits.first())
        {
            visits.poll();
            if (step.isRemoval)
            {
                leave(step.block);
            }
            else
            {
                cut(step.block);
            }
            step.onDone(removing());
        }
    }

    private void cut(final LogBlock block)
    {
        if (block.unpublished() > 0)
        {
            counters.add(RelayCounter.LOGS_DROPPED, block.unpublished());
            gaps.onVisitCut(block);
        }
        declareIfHeardInPart(block);
    }

    /** What was published of a block is to be told as removed, before anything else. */
    void leave(final LogBlock block)
    {
        if (block.published > 0)
        {
            blocks.heldOnChain += block.isOnChain ? block.published : 0;
            block.removing = block.published;
            block.published = 0;
            removals.add(block);
        }
    }

    /** Passes on what was held of a block while no head is known. */
    void passOn(final LogBlock block)
    {
        while (block.unpublished() > 0)
        {
            publish(block, block.published++);
        }
    }

    /** A block that logs came of before any head was known is on the chain; false if it can't be. */
    boolean tryPlace(final LogBlock block)
    {
        if (!blocks.tryPlace(block))
        {
            return false;
        }
        block.exempt();
        current = block.unpublished() > 0 ? Math.min(current, block.number) : current;
        return true;
    }

    /** Whether it is too late for a log: its block is done, or it would stand before what was told of it. */
    boolean isPassed(final LogBlock block, final int place)
    {
        return block.isOnChain && block.number < current || block.isAmidPublished(place);
    }

    /**
     * Publishes removals; they go before anything else.
     *
     * @return false if some are left for the next event.
     */
    boolean tryPublishRemovals()
    {
        leftInEvent = LIMIT_PER_EVENT;
        return tryGoOnWithRemovals();
    }

    private boolean tryGoOnWithRemovals()
    {
        while (!removals.isEmpty() && leftInEvent > 0)
        {
            final LogBlock block = removals.peek();
            while (block.removing > 0 && leftInEvent > 0)
            {
                leftInEvent--;
                if (block.tryRemoveLast())
                {
                    tellRemoved(block, block.removing);
                }
            }
            if (block.removing == 0)
            {
                removals.poll();
            }
        }
        return removals.isEmpty();
    }

    private void tellRemoved(final LogBlock block, final int place)
    {
        counters.increment(RelayCounter.LOGS_REMOVED);
        final byte[] text = identity.asRemoved(block.bytes, block.offsets[place], block.lengths[place]);
        sink.onLog(block.number, block.hash[0], block.indexes[place], true, text, 0, text.length);
    }

    /** Publishes what is there and has its turn, up to what one event may carry. */
    void publishBlocks(final long nowNs)
    {
        while (leftInEvent > 0 && tryPublishVisits(nowNs))
        {
            final LogBlock block = blocks.onChain(current);
            if (block != null)
            {
                publishOf(block, nowNs);
                if (block.unpublished() > 0 || blocks.heldOnChain == 0 && visits.pending() == 0)
                {
                    return;
                }
                if (!repair.isComplete(block))
                {
                    repair.pursue(block, nowNs);
                    return;
                }
            }
            if (current >= blocks.tipNumber())
            {
                return;
            }
            current = blocks.firstKept(current + 1);
        }
    }

    /**
     * Tells what is due of blocks that the chain has left.
     *
     * @return false if some of that is left, and goes before what the chain went on with.
     */
    private boolean tryPublishVisits(final long nowNs)
    {
        if (visits.isEmpty())
        {
            return true;
        }
        final long atNs = repair.clockNs(nowNs);
        visits.dropEmpty(atNs);
        if (!visits.isDue(current))
        {
            return true;
        }
        for (LogVisits.Step step = visits.peek(current, atNs); step != null; step = visits.peek(current, atNs))
        {
            if (!tryGoOnWithRemovals() || !step.isRemoval && !tryPublishVisit(step.block))
            {
                return false;
            }
            visits.poll();
            if (step.isRemoval)
            {
                leave(step.block);
            }
            step.onDone(removing());
        }
        return tryGoOnWithRemovals() && !visits.isDue(current);
    }

    /**
     * Tells what is known of a block that the chain has left, up to the first log that is missing, or that too few
     * lanes have told.
     *
     * @return false if some is left for the next event.
     */
    private boolean tryPublishVisit(final LogBlock block)
    {
        while (block.unpublished() > 0 && leftInEvent > 0)
        {
            if (repair.isDense() && block.indexes[block.published] != block.published)
            {
                gaps.onVisitCut(block);
                return true;
            }
            if (quorum > 1 && !block.isConfirmed(block.published, quorum))
            {
                cutUnconfirmed(block);
                return true;
            }
            blocks.heldOnChain -= block.isOnChain ? 1 : 0;
            publish(block, block.published++);
        }
        if (block.unpublished() == 0)
        {
            declareIfHeardInPart(block);
        }
        return block.unpublished() == 0;
    }

    /** A lane has told logs of it when they had no place, so more are known to be than are told. */
    private void declareIfHeardInPart(final LogBlock block)
    {
        if (block.isHeardInPart && !block.isComplete)
        {
            gaps.onVisitCut(block);
        }
    }

    /** Another lane may yet tell what too few have told; what is behind it has to go untold. */
    private void cutUnconfirmed(final LogBlock block)
    {
        for (int place = block.published; place < block.count; place++)
        {
            if (!block.isConfirmed(place, quorum))
            {
                late.onUnconfirmed(block, place);
            }
            if (block.isHeadFetched || block.isConfirmed(place, quorum))
            {
                gaps.onVisitCut(block);
            }
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
                if (!repair.isDense() &&
                    (block.isHeardInPart || !repair.isToldFromBeginning(block, block.published)))
                {
                    // Who has come in the middle of the block may have missed what stands before.
                    repair.confirm(block, nowNs);
                    return;
                }
            }
            if (quorum == 1 || block.isConfirmed(block.published, quorum))
            {
                publish(block, block.published++);
            }
            else if (block.isRefuting(quorum))
            {
                late.onUnconfirmed(block, block.published);
                block.remove(block.published);
            }
            else
            {
                repair.confirm(block, nowNs);
                return;
            }
            block.unconfirmedSinceNs = LogBlock.NEVER;
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

    /** Up to which block all logs are published; -1 while removals are yet to be published. */
    long wholeNumber()
    {
        if (!hasNoRemovals())
        {
            return -1;
        }
        long number = blocks.firstKept(current);
        while (number <= blocks.tipNumber() && isWhole(blocks.onChain(number)))
        {
            number++;
        }
        return number - 1;
    }

    private boolean isWhole(final LogBlock block)
    {
        return block == null || block.unpublished() == 0 && repair.isComplete(block);
    }

    /** How many of the logs that were published last are of blocks behind one. */
    int publishedBehind(final long number)
    {
        final LogBlock block = number < current ? blocks.onChain(current) : null;
        return block == null ? 0 : block.published;
    }

    /** How many logs are yet to be published, be it as removed, of blocks that the chain has left. */
    int pendingRemovals()
    {
        return visits.pending() + removing();
    }

    /** Tells a mark where the place is behind all of these: visits may turn out to have more logs than are known. */
    void mark(final LogMark mark)
    {
        if (visits.isEmpty())
        {
            mark.onKnown(removing());
        }
        else
        {
            visits.mark(mark);
        }
    }

    private int removing()
    {
        int count = 0;
        for (final LogBlock block : removals)
        {
            count += block.removing;
        }
        return count;
    }
}
