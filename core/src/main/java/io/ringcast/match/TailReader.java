package io.ringcast.match;

import io.ringcast.lane.HeadArbiter;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads for one subscriber, block by block and by hash, what the chain may leave yet; what it has left of that is taken
 * back.
 * Confined to the pipeline thread that runs match.
 */
final class TailReader
{
    private final HistoryReader reader;
    private final PatientSubscriber subscriber;
    private final HistoryKind kind;
    private final HeadArbiter heads;
    private final WayCall way;
    private final HistoryQueue queue;
    private final RangeReader ranges;
    private final HistoryTail tail;
    /** Null unless its subscriber wants whole blocks. */
    private final OrderedPast order;
    private final boolean readsAll;
    /** Scratch: the blocks that one step was about. */
    private final List<TailBlock> left = new ArrayList<>();
    /** What its subscriber had before, if it is read on for, and as long as the chain may leave that; else null. */
    private HadBelow below;

    /**
     * Creates a reader of a tail that has not begun.
     *
     * @param readsAll whether it reads each block as it comes, rather than to let its subscriber follow.
     */
    TailReader(
        final HistoryReader reader, final HistoryKind kind, final HeadArbiter heads, final WayCall way,
        final HistoryQueue queue, final RangeReader ranges, final HistoryTail tail, final OrderedPast order,
        final boolean readsAll)
    {
        this.reader = reader;
        subscriber = reader.subscriber();
        this.kind = kind;
        this.heads = heads;
        this.way = way;
        this.queue = queue;
        this.ranges = ranges;
        this.tail = tail;
        this.order = order;
        this.readsAll = readsAll;
    }

    /** Has taken back first what its subscriber was told on an earlier connection; false if not all of it is known. */
    boolean tryTakeBack(final ToldPast told)
    {
        left.clear();
        final boolean isAll = told.take(subscriber.topic, ranges.nextNumber(), heads, reader, left);
        takeBack();
        return isAll;
    }

    /** Its subscriber had all up to a place: what the chain has left of that is taken back first. */
    void readBehind(final SpillPlace place)
    {
        below = new HadBelow(subscriber, kind, tail);
        left.clear();
        place.takeLeft(reader, -1, left);
        takeBack();
    }

    /** Whether there was no room to keep what would have to be taken back. */
    boolean hasLostBelow()
    {
        return below != null && below.isLost();
    }

    /**
     * Asks for what there is room for.
     *
     * @param follower goes on behind the tail.
     * @return false if so much has come while the subscriber was slow that it goes faster by number.
     */
    boolean tryRead(final HistoryFollower follower)
    {
        if (!tryTakeBackBelow(follower))
        {
            return true;
        }
        if (tail.hasOldTarget(kind, subscriber.topic.feed.history.oldest()))
        {
            dropTarget();
        }
        if (!tail.hasTarget() && !tryChooseTarget())
        {
            return false;
        }
        if (tail.isWalking() && !way.isAsked() && !tryWalk())
        {
            way.askParent(tail.walkedTo());
        }
        while (!tail.isWalking() && tail.hasUnasked() && !queue.isFull())
        {
            queue.addBlock(reader, tail.nextUnasked());
        }
        return true;
    }

    /** What the chain has left of what its subscriber had before is taken back; false if that is not known yet. */
    private boolean tryTakeBackBelow(final HistoryFollower follower)
    {
        if (below == null || below.isSettled())
        {
            below = null;
            return true;
        }
        if (below.isUnknown())
        {
            return false;
        }
        if (!below.isLost() && below.hasLeft())
        {
            dropTarget();
            left.clear();
            below.takeLeft(reader, left);
            takeBack();
            ranges.goOnAt(below.fromNumber());
            follower.setFrom(below.fromNumber());
        }
        return !below.isLost();
    }

    private boolean tryChooseTarget()
    {
        left.clear();
        tail.trim(Math.min(ranges.tipNumber() - HistoryReader.TAIL_BLOCKS, kind.wholeNumber()), left);
        left.forEach(queue::settle);
        if (tail.blocks().isEmpty() && queue.isEmpty() &&
            ranges.tipNumber() - tail.firstNumber() > 2 * HistoryReader.TAIL_BLOCKS)
        {
            return false;
        }
        tail.aim(kind, ranges.latest(), readsAll);
        return true;
    }

    private boolean tryWalk()
    {
        left.clear();
        final boolean isWalked = tail.tryWalk(left);
        takeBack();
        return isWalked;
    }

    /** Tells that the chain has left {@link #left}. */
    private void takeBack()
    {
        if (order != null)
        {
            order.onLeft(left);
        }
        if (kind.tellsRemovals())
        {
            left.forEach(queue::addRemoval);
        }
    }

    /** The way leads elsewhere now: what was not begun to be sent is asked for anew, if it is still on the way. */
    void dropTarget()
    {
        tail.dropTarget();
        way.cancel();
        queue.dropUnsentBlocks();
    }

    /** Nothing that is published leads to where the chain has gone: a way there is looked for anew. */
    void lookAnew()
    {
        left.clear();
        tail.dropLeft(left);
        left.forEach(queue::retire);
        dropTarget();
    }
}
