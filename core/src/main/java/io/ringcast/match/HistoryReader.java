package io.ringcast.match;

import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;

/**
 * Reads the past of a topic for one subscriber, from an old block up to what is published.
 * Confined to the pipeline thread that runs match; the time is passed in.
 *
 * <p>What the chain won't leave any more, {@value #TAIL_BLOCKS} blocks below its newest, is asked for by number, in
 * pages ({@link RangeReader}). The rest is asked for by hash, block by block ({@link TailReader}). Then it follows the
 * topic's history ({@link HistoryFollower}).
 *
 * <p>It is driven by its subscriber, which asks when its socket can take more. Little is read ahead, so the memory does
 * not grow with the length of the past, and all readers together hold no more than {@link HistoryPages} allows. A
 * question that can't be answered is parked until something comes.
 */
final class HistoryReader
{
    /** No reorg is expected to leave more blocks. */
    static final int TAIL_BLOCKS = 64;

    private enum Stage
    {
        /** It asks which block it begins with. */
        START,
        RANGES,
        TAIL,
        FOLLOWING
    }

    private final PatientSubscriber subscriber;
    private final HistoryKind kind;
    private final HeadArbiter heads;
    private final ReplayAnswer answer;
    private final Histories histories;
    private final HistoryFollower follower;
    private final HistoryTail tail;
    private final RangeReader ranges;
    private final TailReader tailReader;
    private final OrderedPast order;
    /**
     * Whether it reads each block as it comes, until what is published takes care of all that the chain may leave: of
     * whole blocks, and if the subscriber may lag behind what is kept, which nobody can follow.
     */
    private final boolean readsAll;
    private final HistoryQueue queue;
    private final HistoryTelling telling = new HistoryTelling();
    private Stage stage;
    private final WayCall way;
    private boolean isParked;
    private long connectionId;
    private int ticket;
    private boolean isNoted;
    /** What follows is published to its subscriber, and read no more. */
    private boolean hasJoined;

    HistoryReader(
        final PatientSubscriber subscriber, final HistoryKind kind, final long fromNumber, final HeadArbiter heads,
        final HistoryCalls calls, final HistoryBudget budget, final ReplayAnswer answer, final Resumption resumption,
        final Histories histories, final CounterSet counters)
    {
        this.subscriber = subscriber;
        this.kind = kind;
        this.heads = heads;
        way = new WayCall(this, calls);
        queue = new HistoryQueue(subscriber, kind, budget, histories.pages(), calls.starter(), counters);
        this.answer = answer;
        this.histories = histories;
        tail = new HistoryTail(heads);
        order = subscriber.topic.topic.isBlockOrdered ? new OrderedPast(subscriber, tail) : null;
        readsAll = order != null || subscriber.readsOn();
        follower = new HistoryFollower(subscriber, kind, heads, tail, queue, answer, resumption);
        stage = fromNumber < 0 ? Stage.START : Stage.RANGES;
        ranges = new RangeReader(this, fromNumber, heads, way, queue);
        tailReader = new TailReader(this, kind, heads, way, queue, ranges, tail, order, readsAll);
        follower.setFrom(fromNumber);
    }

    PatientSubscriber subscriber()
    {
        return subscriber;
    }

    ToldPast told()
    {
        return queue.told();
    }

    boolean isOver()
    {
        return subscriber.isOver;
    }

    /** The subscriber can take more. */
    void onAsked(final long asker, final int mark, final long nowNs, final ActionList<MatchedAction> out)
    {
        connectionId = asker;
        ticket = mark;
        isParked = false;
        queue.onAsked();
        work(nowNs, out);
    }

    /** Something has come that may be for it. */
    void note()
    {
        if (!isNoted)
        {
            isNoted = true;
            histories.onNoted(this);
        }
    }

    /** The slot's work is done: what came of it is sent, if the subscriber waits for it. */
    void onSlotEnd(final OpenSubscriptions subscriptions, final long nowNs, final ActionList<MatchedAction> out)
    {
        isNoted = false;
        if (isOver())
        {
            return;
        }
        if (isParked)
        {
            work(nowNs, out);
        }
        telling.tell(connectionId, subscriptions.find(connectionId), subscriber.topic.topic, out);
    }

    /** No upstream can tell a page; it is asked for again. */
    void onStalled(final HistoryPage page)
    {
        telling.onStalled(page);
        note();
    }

    /** A page that no upstream could tell has come after all. */
    void onGoingOn(final HistoryPage page)
    {
        telling.onGoingOn(page);
        note();
    }

    /** A head was published, and the logs' arbitration told of it. */
    void onHead(final Head head)
    {
        if (stage == Stage.FOLLOWING)
        {
            follower.onHead(head);
        }
        else if (tail.hasTarget() && tail.target().hasPosition() && head.number() <= tail.target().number)
        {
            tailReader.dropTarget();
        }
        note();
    }

    /** Takes the answer to one of its pages; false if it can't be true. */
    boolean tryTake(
        final HistoryPage page, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        final boolean isTaken = switch (page.kind)
        {
            case RANGE, BLOCK -> tryTakeItems(page, bytes, offset, length, nowNs);
            case PARENT -> way.tryTakeParent(page, bytes, offset, length, tail);
            case LATEST -> ranges.tryTakeLatest(bytes, offset, length);
            case START -> way.tryTakeStart(bytes, offset, length, this::onStart);
        };
        note();
        return isTaken;
    }

    /**
     * An upstream could not tell a page.
     *
     * @return true if the page is not to be asked for any more: shorter ones are in its place, or it is of no use.
     */
    boolean isGivenUp(final HistoryPage page)
    {
        final boolean isGivenUp = queue.isGivenUp(page);
        if (isGivenUp)
        {
            note();
        }
        return isGivenUp;
    }

    /** The call for the items of a page. */
    String itemsCall(final HistoryPage page)
    {
        return page.hash == null ? kind.rangeCall(page.firstNumber, page.lastNumber) : kind.blockCall(page.hash);
    }

    /** Has taken back first what its subscriber was told on an earlier connection; false if not all of it is known. */
    boolean tryTakeBack(final ToldPast told)
    {
        final boolean isAll = tailReader.tryTakeBack(told);
        if (!isAll)
        {
            telling.onUntold();
            note();
        }
        return isAll;
    }

    /** Its subscriber had all up to a place: what the chain has left of that is taken back first. */
    void readBehind(final SpillPlace place)
    {
        tailReader.readBehind(place);
    }

    /** The number of the first item published to the topic that it has not sent. */
    long sequence()
    {
        return follower.sequence();
    }

    /** Its subscriber has gone, and may come back. */
    void leave()
    {
        histories.onLeft(this);
    }

    /** Nobody wants it any more. */
    void close()
    {
        way.cancel();
        queue.close();
        tail.blocks().forEach(queue::retire);
        tail.blocks().clear();
        subscriber.topic.group.removeFollower(this);
    }

    private boolean tryTakeItems(
        final HistoryPage page, final byte[] bytes, final int offset, final int length, final long nowNs)
    {
        if (!kind.tryRead(page, bytes, offset, length))
        {
            return false;
        }
        queue.onAnswered(page, length, isParked, nowNs);
        return true;
    }

    private void onStart(final long number)
    {
        ranges.goOnAt(number);
        follower.setFrom(number);
        subscriber.historyFrom = number;
        stage = Stage.RANGES;
    }

    private void work(final long nowNs, final ActionList<MatchedAction> out)
    {
        answer.begin(connectionId, subscriber.topic.topic.topicId, ticket, isParked, out);
        readOn();
        queue.send(tail, order, answer);
        if (stage == Stage.TAIL && queue.isEmpty() && tail.isAllAsked())
        {
            goOnBehindTail();
        }
        if (stage == Stage.FOLLOWING)
        {
            follower.send();
            if (follower.isCaughtUp())
            {
                tellOfLive();
            }
            readAgainIfStopped();
        }
        readOn();
        end();
    }

    private void goOnBehindTail()
    {
        if (!follower.tryBegin())
        {
            if (!follower.isLooking())
            {
                tailReader.dropTarget();
            }
        }
        else if (!readsAll)
        {
            stage = Stage.FOLLOWING;
            subscriber.topic.group.addFollower(this);
        }
        else
        {
            tellOfLive();
            final boolean mayEnd = follower.mayEnd();
            if (mayEnd && !follower.hasItemsOfToldBlocks())
            {
                join();
            }
            else if (tail.hasFurtherTarget(kind, mayEnd))
            {
                tailReader.dropTarget();
            }
        }
    }

    private void join()
    {
        hasJoined = true;
        if (order == null)
        {
            follower.onJoined();
            return;
        }
        subscriber.isJoining = true;
        subscriber.orderedTo = tail.target().number;
        subscriber.joinsFrom = follower.from();
    }

    private void tellOfLive()
    {
        if (telling.onCaughtUp(heads.tipNumber()))
        {
            note();
        }
    }

    private void readAgainIfStopped()
    {
        if (follower.isStopped())
        {
            tailReader.lookAnew();
            stage = Stage.TAIL;
            subscriber.topic.group.removeFollower(this);
        }
    }

    private void end()
    {
        if (follower.isLost() || ranges.isTooFarAhead() || tailReader.hasLostBelow())
        {
            answer.end(MatchedAction.Kind.CUT_OFF, follower.sequence());
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, follower.sequence());
            isParked = false;
        }
        else if (follower.isDone() || hasJoined)
        {
            // Who wants intervals is never live: it goes on asking. Who wants whole blocks is given those since first.
            final boolean isLive = subscriber.options.everyMs() == null && !subscriber.isJoining &&
                follower.sequence() == subscriber.topic.group.history.next();
            if (isLive)
            {
                subscriber.onLive();
            }
            answer.end(isLive ? MatchedAction.Kind.REPLAY_DONE : MatchedAction.Kind.REPLAY_PAUSED, follower.sequence());
            subscriber.historyEnd = follower.sequence();
            isParked = false;
            subscriber.history = null;
            histories.onDone(this, subscriber, follower.sequence(), isLive);
        }
        else if (!answer.isEmpty() || follower.isLooking())
        {
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, follower.sequence());
            isParked = false;
        }
        else if (!isParked)
        {
            answer.end(MatchedAction.Kind.REPLAY_PARKED, follower.sequence());
            isParked = true;
        }
    }

    private void readOn()
    {
        queue.askOn();
        if (stage == Stage.START)
        {
            ranges.askStart();
        }
        if (stage == Stage.RANGES)
        {
            readRanges();
        }
        if (stage == Stage.TAIL && !tailReader.tryRead(follower))
        {
            ranges.goOnAt(tail.firstNumber());
            stage = Stage.RANGES;
            readRanges();
        }
    }

    private void readRanges()
    {
        if (ranges.read())
        {
            stage = Stage.TAIL;
            tail.begin(ranges.nextNumber());
        }
    }
}
