package io.ringcast.match;

import io.ringcast.session.PortableCursor;

import java.util.ArrayDeque;

/**
 * Where a slow subscriber stands on the chain that is to be read on for from the upstreams, once what it has yet to get
 * is no longer kept.
 * Confined to the pipeline thread that runs match.
 *
 * <p>It is noted with each answer that the subscriber gets, and as it begins to lag. From then on the chain may leave
 * blocks that the subscriber had items of. So each item that it has yet to get is looked at before the history lets go
 * of it: removed logs that it had are kept, since no upstream can tell them any more, and the lowest block that the
 * chain has put in the place of another one is where reading has to begin. Where nothing is let go of, nothing is done.
 *
 * <pre>
 *   what it had ........ last | next, yet to get ...... looked at up to here | kept .............. published next
 *        ^ begins, if the chain has left last
 * </pre>
 */
final class SpillPlace
{
    private final TopicGroup group;
    private final FeedHistory feed;
    private final HistoryBudget budget;
    private final boolean isOfHeads;
    /** Removed logs that it had, in the order in which they were published. */
    private final ArrayDeque<byte[]> owed = new ArrayDeque<>();
    private PortableCursor last;
    private long next;
    private long seen;
    /** Whether the chain has left the last item, and if so, the lowest block that is to be read. */
    private boolean isLeft;
    private long firstNumber;
    /** Whether the item that was looked at last is a removal of one that it had. */
    private boolean isInRemovals;

    SpillPlace(final TopicState topic, final HistoryBudget budget)
    {
        group = topic.group;
        feed = topic.feed.history;
        this.budget = budget;
        isOfHeads = topic.feed.kind == Feed.Kind.HEADS;
    }

    /** It has all up to an item; the place of the one before is noted while that is kept. */
    void note(final long sequence)
    {
        forgetOwed();
        next = sequence;
        seen = sequence;
        isLeft = false;
        isInRemovals = false;
        firstNumber = Long.MAX_VALUE;
        final long position = sequence <= group.history.oldest() ? -1 : group.history.position(sequence - 1);
        last = position < 0 ? null : feed.place(position);
        if (last != null && feed.isRemoved(position))
        {
            // What it had of the block is being taken back.
            isLeft = true;
            isInRemovals = true;
            firstNumber = last.blockNumber();
        }
    }

    /** It is up to date, or gone, or read for: nothing is looked at for it any more. */
    void forget()
    {
        last = null;
        forgetOwed();
    }

    private void forgetOwed()
    {
        owed.forEach(removal -> budget.giveRead(removal.length));
        owed.clear();
    }

    /** Whether it is known where it stands, if it asks for an item. */
    boolean isAt(final long sequence)
    {
        return last != null && next == sequence;
    }

    /** The place of the last item that it had. */
    PortableCursor last()
    {
        return last;
    }

    /** Whether the chain has left that item. */
    boolean isLeft()
    {
        return isLeft;
    }

    /** The block that reading begins with. */
    long firstNumber()
    {
        return isLeft ? firstNumber : last.blockNumber();
    }

    /**
     * Tells of the removed logs that it had, which come before all that is read.
     *
     * @return false if there is no room for all of them.
     */
    boolean trySendOwed(final PatientSubscriber subscriber, final ReplayAnswer answer, final long nowNs)
    {
        while (!owed.isEmpty())
        {
            final byte[] removal = owed.peek();
            if (!answer.hasRoom(removal.length))
            {
                return false;
            }
            answer.sendRead(subscriber, removal, 0, removal.length, nowNs);
            budget.giveRead(owed.poll().length);
        }
        return true;
    }

    /** The feed's history lets go of an item. */
    void onDropping(final long position)
    {
        while (last != null && seen < group.history.next() && isToLookAt(position))
        {
            look(seen++);
        }
    }

    /** The position of the first item that it has to look at before it is let go of. */
    long wantedPosition()
    {
        return last == null ? Long.MAX_VALUE :
            seen < group.history.oldest() || seen >= group.history.next() ? feed.next() : group.history.position(seen);
    }

    /** Looks at all that is kept. */
    void lookAtAll()
    {
        onDropping(feed.next());
    }

    private boolean isToLookAt(final long position)
    {
        if (seen < group.history.oldest())
        {
            // Something was let go of unseen.
            forget();
            return false;
        }
        return group.history.position(seen) <= position;
    }

    private void look(final long sequence)
    {
        final long position = group.history.position(sequence);
        if (!feed.hasPlace(position))
        {
            forget();
        }
        else if (isOfHeads)
        {
            if (feed.blockNumber(position) <= last.blockNumber())
            {
                isLeft = true;
                firstNumber = Math.min(firstNumber, feed.blockNumber(position));
            }
        }
        else if (feed.isRemoved(position))
        {
            lookAtRemoval(position);
        }
        else
        {
            lookAtLog(position);
        }
    }

    /** Logs are removed the newest first, and what it had lies below all that came since. */
    private void lookAtRemoval(final long position)
    {
        final long number = feed.blockNumber(position);
        final boolean isHad = isLeft ? number < firstNumber || isInRemovals && number == firstNumber :
            number == last.blockNumber() && feed.hashStart(position) == last.hashStart() &&
                feed.indexInBlock(position) == last.itemIndex();
        isInRemovals = isHad;
        if (isHad)
        {
            isLeft = true;
            firstNumber = number;
            owe(position);
        }
    }

    private void lookAtLog(final long position)
    {
        final long number = feed.blockNumber(position);
        isInRemovals = false;
        if (isLeft)
        {
            firstNumber = Math.min(firstNumber, number);
        }
        else if (number < last.blockNumber() || number == last.blockNumber() &&
            (feed.hashStart(position) != last.hashStart() || feed.indexInBlock(position) <= last.itemIndex()))
        {
            // A node has told it late: what is read from the last item on would not have it.
            forget();
        }
    }

    private void owe(final long position)
    {
        final int length = feed.length(position);
        if (!budget.tryTakeRead(length))
        {
            forget();
            return;
        }
        final byte[] removal = new byte[length];
        System.arraycopy(feed.bytes(position), feed.offset(position), removal, 0, length);
        owed.add(removal);
    }
}
