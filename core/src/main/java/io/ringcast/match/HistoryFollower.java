package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes on behind the blocks that a subscriber got from its history, with what is published to the topic.
 * Confined to the pipeline thread that runs match.
 *
 * <p>The blocks are new to those that tell of removals if the relay did not know the topic when they were published: if
 * the chain leaves such a block, its items are told as removed here, and told again if it comes back. That stands
 * behind the topic's own removals, which are of newer blocks, and before what comes of the new branch. When all of the
 * blocks are beyond any reorg, or those that tell of removals know all that was sent, the subscriber is one like any
 * other.
 */
final class HistoryFollower
{
    private static final int LIMIT_RUNS = 4_096;

    private final PatientSubscriber subscriber;
    private final HistoryKind kind;
    private long fromNumber;
    private final HeadArbiter heads;
    private final HistoryTail tail;
    private final HistoryQueue queue;
    private final ReplayAnswer answer;
    private final Resumption resumption;
    private final ArrayDeque<HistoryRun> runs = new ArrayDeque<>();
    private final long[] tipHash = new long[HexWords.WORDS];
    private final List<TailBlock> left = new ArrayList<>();
    /** Up to where it can follow; what comes then has to be read. Null while nothing stops it. */
    private RunPlace stop;
    private boolean isBegun;
    private boolean isLooking;
    private boolean isLost;
    private boolean isDone;
    private long sequence;

    HistoryFollower(
        final PatientSubscriber subscriber, final HistoryKind kind, final HeadArbiter heads,
        final HistoryTail tail, final HistoryQueue queue, final ReplayAnswer answer, final Resumption resumption)
    {
        this.subscriber = subscriber;
        this.kind = kind;
        this.heads = heads;
        this.tail = tail;
        this.queue = queue;
        this.answer = answer;
        this.resumption = resumption;
        sequence = subscriber.firstSequence;
    }

    /** The number of the first item of the topic that it has yet to send. */
    long sequence()
    {
        return sequence;
    }

    /** Nothing of blocks before this one is sent. */
    void setFrom(final long number)
    {
        fromNumber = number;
    }

    long from()
    {
        return fromNumber;
    }

    /** Whether it has more to look through before it can tell where it begins. */
    boolean isLooking()
    {
        return isLooking;
    }

    /** Whether what it needs is not kept any more. */
    boolean isLost()
    {
        return isLost;
    }

    /** Whether the subscriber has all that there is for it by now. */
    boolean isCaughtUp()
    {
        return isBegun && !isLost && !isStopping() && runs.isEmpty() &&
            sequence == subscriber.topic.group.history.next();
    }

    /** Whether the subscriber has all until here, and needs nothing of this any more. */
    boolean isDone()
    {
        return isDone;
    }

    /** Finds the first item behind the seam; false if it has to look further, or the seam has become of no use. */
    boolean tryBegin()
    {
        final long position = tail.target().position;
        stop = null;
        isLooking = !resumption.isCovered(subscriber.topic, position);
        if (isLooking || subscriber.topic.group.history.coveredFrom() > position)
        {
            return false;
        }
        sequence = subscriber.topic.group.history.sequenceFrom(position);
        if (subscriber.isKept && kind.tellsRemovals())
        {
            // Whole blocks are noted as they are told, and what is read as it comes is published to nobody.
            queue.told().onPublished(
                subscriber.topic.ordered == null && !subscriber.readsOn() ? sequence : ToldPast.NOTHING);
        }
        isBegun = true;
        return true;
    }

    /** The subscriber has all up to here, and gets what is published from here on. */
    void onJoined()
    {
        if (subscriber.isKept && kind.tellsRemovals())
        {
            queue.told().onPublished(sequence);
        }
    }

    /** A head was published, and the logs' arbitration told of it. */
    void onHead(final Head head)
    {
        if (isStopping())
        {
            return;
        }
        if (tail.isBrokenBy(head))
        {
            stop = kind.placeBefore(head);
            return;
        }
        left.clear();
        final TailBlock back = tail.follow(head, left);
        if (!kind.tellsRemovals() || left.isEmpty() && back == null)
        {
            return;
        }
        final RunPlace place = kind.placeOfNext();
        for (final TailBlock block : left)
        {
            queue.noteIfLost(block);
            runs.add(new HistoryRun(block.page, block, true, place));
        }
        if (back != null)
        {
            runs.add(new HistoryRun(back.page, back, false, place));
        }
        isLost |= runs.size() > LIMIT_RUNS;
    }

    private boolean isStopping()
    {
        return stop != null;
    }

    /**
     * Whether it has sent all that it can: the chain has gone where nothing that is published leads. Then the
     * subscriber has what is on the chain of its history's blocks, and nothing else.
     */
    boolean isStopped()
    {
        return isBegun && !isLost && runs.isEmpty() && isStopping() && sequenceAtStop() == sequence;
    }

    private long stopPosition()
    {
        return stop == null ? Long.MAX_VALUE : stop.position();
    }

    private long sequenceAtStop()
    {
        final TopicHistory history = subscriber.topic.group.history;
        final long stopPosition = stopPosition();
        return stopPosition > subscriber.topic.feed.history.next() ? -1 : history.sequenceFrom(stopPosition);
    }

    /** Sends what there is room for. */
    void send()
    {
        final TopicHistory history = subscriber.topic.group.history;
        if (isLost || sequence < history.oldest())
        {
            isLost = true;
            return;
        }
        final long stopPosition = stopPosition();
        while (true)
        {
            final long next = sequence == history.next() ?
                subscriber.topic.feed.history.next() : history.position(sequence);
            final boolean isAtEnd = sequence == history.next() || next >= stopPosition;
            final long position = Math.min(next, stopPosition);
            if (!trySendRuns(position))
            {
                return;
            }
            if (isAtEnd)
            {
                break;
            }
            if (isSkipped(position))
            {
                sequence++;
            }
            else if (answer.hasRoom(subscriber.topic.feed.history.length(position)))
            {
                answer.send(subscriber, sequence++);
            }
            else
            {
                return;
            }
        }
        isDone = runs.isEmpty() && !isStopping() && mayEnd();
    }

    private boolean trySendRuns(final long position)
    {
        while (!runs.isEmpty() && runs.peekFirst().position() <= position)
        {
            if (!runs.peekFirst().trySend(subscriber, kind, null, answer))
            {
                return false;
            }
            runs.pollFirst();
        }
        return true;
    }

    /** Blocks of the history are told by the history alone, and blocks before its first not at all. */
    private boolean isSkipped(final long position)
    {
        final FeedHistory feed = subscriber.topic.feed.history;
        return feed.hasPlace(position) && (feed.blockNumber(position) < fromNumber ||
            kind.tellsRemovals() && tail.contains(feed.blockNumber(position), feed.hashStart(position)) ||
            feed.isRemoved(position) && isUnknown(position));
    }

    /** Whether a removal is of what was published before the seam, and so was never sent. */
    private boolean isUnknown(final long removal)
    {
        final FeedHistory feed = subscriber.topic.feed.history;
        if (feed.blockNumber(removal) > tail.target().number || feed.oldest() > tail.target().position)
        {
            return false;
        }
        return feed.originalBefore(removal, removal) < tail.target().position;
    }

    /** Whether items of blocks that the subscriber was given whole are published behind the seam. */
    boolean hasItemsOfToldBlocks()
    {
        final FeedHistory feed = subscriber.topic.feed.history;
        final TopicHistory history = subscriber.topic.group.history;
        for (long next = sequence; next < history.next(); next++)
        {
            final long position = history.position(next);
            if (feed.hasPlace(position) && !feed.isRemoved(position) &&
                tail.contains(feed.blockNumber(position), feed.hashStart(position)))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether what is published takes care from here on of all blocks that the chain may leave, should the subscriber
     * have all up to the seam.
     */
    boolean mayEnd()
    {
        // What is published late of old blocks is still to be told from what was read.
        final long settled = Math.min(heads.tipNumber() - HistoryReader.TAIL_BLOCKS, kind.wholeNumber());
        if (settled < fromNumber - 1 || !heads.tryCopyHash(settled + 1, tipHash))
        {
            return false;
        }
        if (settled >= tail.target().number)
        {
            return true;
        }
        if (!tail.isWholeOnChain())
        {
            return false;
        }
        for (final TailBlock block : tail.blocks())
        {
            if (block.number > settled && !kind.isTold(block.page))
            {
                return false;
            }
        }
        return true;
    }
}
