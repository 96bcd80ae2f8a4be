package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.PortableCursor;
import io.ringcast.session.StageClock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The subscribers of a network that read what was before they came.
 * Confined to the pipeline thread that runs match.
 */
final class Histories
{
    /** So many subscribers may read at once; more are refused. */
    static final int LIMIT_READERS = 1_024;
    /** So many more may begin with a block that is yet to come: they hold no place of those who read what is there. */
    static final int LIMIT_AHEAD = LIMIT_READERS;
    /** So many of one connection: its socket may be slow, or its block yet to come, and others want to read. */
    static final int LIMIT_READERS_PER_CONNECTION = LIMIT_READERS / 4;
    /** The first block that is asked for may be so many blocks above the newest. */
    static final int LIMIT_BLOCKS_AHEAD = 1_024;

    private final HeadArbiter heads;
    private final HistoryCalls calls;
    private final HistoryBudget budget;
    private final Resumption resumption;
    private final HistoryPages pages;
    private final ReplayAnswer answer;
    private final CounterSet counters;
    private final long[] hash = new long[HexWords.WORDS];
    private final List<HistoryReader> readers = new ArrayList<>();
    /** Those that may come back for a past that is told. */
    private final List<PatientSubscriber> told = new ArrayList<>();
    private final Queue<HistoryReader> noted = new ArrayDeque<>();
    /** How many of the readers began with a block that was yet to come; they count so as long as they read. */
    private int aheadCount;

    Histories(
        final HeadArbiter heads, final HistoryCalls calls, final HistoryBudget budget, final Resumption resumption,
        final StageClock clock, final CounterSet counters)
    {
        this.heads = heads;
        this.calls = calls;
        this.budget = budget;
        this.resumption = resumption;
        this.counters = counters;
        // As much again as one feed may take.
        pages = new HistoryPages(budget.feedLimitBytes(), counters);
        answer = new ReplayAnswer(clock, counters);
    }

    /** Whether items are kept; else nothing can be joined to what is read. */
    boolean isOn()
    {
        return budget.isOn();
    }

    /** What the readers hold together. */
    HistoryPages pages()
    {
        return pages;
    }

    /** Whether a connection may not have one reader more of what is there. */
    boolean isFull(final ConnectionTopics connection)
    {
        return readers.size() - aheadCount >= LIMIT_READERS || hasAll(connection);
    }

    /** Whether a connection may not have one reader more that begins with a block. */
    boolean isFull(final ConnectionTopics connection, final long fromNumber)
    {
        return isAhead(fromNumber) ? aheadCount >= LIMIT_AHEAD || hasAll(connection) : isFull(connection);
    }

    private static boolean hasAll(final ConnectionTopics connection)
    {
        return connection.readerCount() >= LIMIT_READERS_PER_CONNECTION;
    }

    /** Whether a block is yet to come, as far as is known. */
    private boolean isAhead(final long fromNumber)
    {
        return fromNumber > (heads.hasHead() ? heads.tipNumber() : -1);
    }

    /** Whether a block is so far from being there that nobody is to wait for it. */
    boolean isTooFarAhead(final long fromNumber)
    {
        return heads.hasHead() && isTooFarAhead(fromNumber, heads.tipNumber());
    }

    static boolean isTooFarAhead(final long fromNumber, final long newestNumber)
    {
        return fromNumber - newestNumber > LIMIT_BLOCKS_AHEAD;
    }

    /**
     * Makes a subscriber that begins with the items of an old block.
     *
     * @param topic      what it subscribes to: heads or logs, of which items are kept.
     * @param options    what it asked for.
     * @param fromNumber the first block's number, which may be yet to come, or which block that is.
     * @param told       what its client may have of that from an earlier connection; null if nothing.
     * @return the subscriber; {@link Resumption#LOST} if it can't be told what the chain has left of that, and wants an
     *     error then.
     */
    PatientSubscriber begin(
        final TopicState topic, final DeliveryOptions options, final long fromNumber, final ToldPast told)
    {
        final PatientSubscriber subscriber =
            new PatientSubscriber(topic, options, topic.group.nextSequence, Resumption.NO_POSITION);
        read(subscriber, fromNumber);
        counters.increment(RelayCounter.SUBSCRIBES_WITH_HISTORY);
        if (told != null && !subscriber.history.tryTakeBack(told) &&
            options.onGap() != null && !options.fillsGap() && !options.takesGap())
        {
            onLeft(subscriber.history);
            return Resumption.LOST;
        }
        return subscriber;
    }

    private void read(final PatientSubscriber subscriber, final long fromNumber)
    {
        final TopicState topic = subscriber.topic;
        final HistoryKind kind =
            topic.feed.kind == Feed.Kind.HEADS ? new HeadsHistory(topic, heads) : new LogsHistory(topic, heads);
        subscriber.history = new HistoryReader(
            subscriber, kind, fromNumber, heads, calls, budget, answer, resumption, this, counters);
        subscriber.historyEnd = Long.MAX_VALUE;
        subscriber.historyFrom = fromNumber;
        subscriber.beganAhead = isAhead(fromNumber);
        aheadCount += subscriber.beganAhead ? 1 : 0;
        readers.add(subscriber.history);
    }

    /** A subscriber has all up to an item, and lags; nothing is done unless it matters later where that is. */
    void onAnsweredTo(final PatientSubscriber subscriber, final long sequence)
    {
        if (subscriber.notesPlace() && subscriber.history == null)
        {
            subscriber.spill =
                subscriber.spill == null ? new SpillPlace(subscriber.topic, heads, subscriber.removals(budget)) :
                subscriber.spill;
            subscriber.spill.note(sequence);
            subscriber.topic.feed.history.spilling.add(subscriber);
        }
    }

    /** A subscriber has all there is, and is live. */
    void onCaughtUp(final PatientSubscriber subscriber)
    {
        if (subscriber.spill != null)
        {
            subscriber.topic.feed.history.spilling.remove(subscriber);
            subscriber.spill.forget();
        }
    }

    /**
     * Whether a subscriber that lags behind what is kept can be read on for only when more is published: the chain has
     * left what it had last, and not all of that is told as removed yet.
     */
    boolean isToWait(final PatientSubscriber subscriber, final long sequence)
    {
        final Feed feed = subscriber.topic.feed;
        return subscriber.readsOn() && subscriber.spill != null && subscriber.spill.isAt(sequence) &&
            feed.kind == Feed.Kind.LOGS && feed.logs.pendingRemovals() > 0;
    }

    /**
     * Lets a subscriber that lags behind what is kept read on from the upstreams, if it asked for that.
     *
     * @param subscriber whose next item is no longer kept.
     * @param connection its connection.
     * @param sequence   the number of that item.
     * @return false if it did not, or if it is not known where it stands, or if there are too many such.
     */
    boolean tryReadOn(
        final PatientSubscriber subscriber, final ConnectionTopics connection, final long sequence)
    {
        final SpillPlace place = subscriber.spill;
        if (!subscriber.readsOn() || place == null || isFull(connection))
        {
            return false;
        }
        place.lookAtAll();
        if (!place.isAt(sequence) || (place.isLeft() ? !place.canTellLeft() : isLeft(place.last())))
        {
            return false;
        }
        // Its number stays: who comes back with that is told that it is not kept, and nothing is passed over.
        subscriber.firstSequence = sequence;
        subscriber.had = place.isLeft() ? null : place.last();
        read(subscriber, place.firstNumber());
        subscriber.history.readBehind(place);
        if (subscriber.isKept && subscriber.topic.feed.kind == Feed.Kind.LOGS)
        {
            subscriber.history.told().onReadOn(place.last());
        }
        counters.increment(RelayCounter.GAPS_FILLED);
        return true;
    }

    /** Whether the chain is known to have left a block: what is taken back of that can't be read from anybody. */
    private boolean isLeft(final PortableCursor place)
    {
        return heads.tryCopyHash(place.blockNumber(), hash) && hash[0] != place.hashStart();
    }

    /** Whether what a subscriber has missed, and what is no longer kept, can be read from an upstream, as it asks. */
    boolean canFill(final ConnectionTopics connection, final TopicState topic, final DeliveryOptions options)
    {
        final boolean isOfChain = topic.feed.kind == Feed.Kind.HEADS || topic.feed.kind == Feed.Kind.LOGS;
        return options.fillsGap() && options.resume().cursor() != null && isOfChain &&
            isOn() && !isFull(connection, options.resume().cursor().blockNumber()) &&
            (heads.tipNumber() < 0 || options.resume().cursor().blockNumber() <= heads.tipNumber());
    }

    /** Makes a subscriber that begins behind the item that it had, if its block is on the chain still, else with the
     * block that stands there now. */
    PatientSubscriber fill(final TopicState topic, final DeliveryOptions options)
    {
        final PatientSubscriber subscriber = begin(topic, options, options.resume().cursor().blockNumber(), null);
        subscriber.had = options.resume().cursor();
        counters.increment(RelayCounter.GAPS_FILLED);
        return subscriber;
    }

    /** Takes an answer; false if it is not to one of these calls. */
    boolean tryAnswer(final CorrelatedAction answerTo, final long nowNs)
    {
        return calls.tryAnswer(answerTo, nowNs);
    }

    /** A head was published, and the logs' arbitration told of it. */
    void onHead(final Head head)
    {
        for (int i = 0; i < readers.size(); i++)
        {
            readers.get(i).onHead(head);
        }
    }

    void onLaneDown(final int laneIndex)
    {
        calls.onLaneDown(laneIndex);
    }

    void onTick(final long nowNs)
    {
        calls.onTick(nowNs);
        for (int i = 0; i < readers.size(); i++)
        {
            readers.get(i).note();
        }
        told.removeIf(
            one -> !one.isKept || one.told.tryForget(heads.tipNumber() - HistoryReader.TAIL_BLOCKS));
    }

    void onNoted(final HistoryReader reader)
    {
        noted.add(reader);
    }

    /** A reader's subscriber has gone, or needs it no longer: its place is free at once. */
    void onLeft(final HistoryReader reader)
    {
        final PatientSubscriber subscriber = reader.subscriber();
        if (readers.remove(reader))
        {
            aheadCount -= subscriber.beganAhead ? 1 : 0;
            reader.close();
            if (subscriber.isKept && subscriber.told != null)
            {
                told.add(subscriber);
            }
        }
    }

    /** A subscriber has all up to an item, and is one like any other, or asks for what comes next. */
    void onDone(
        final HistoryReader reader, final PatientSubscriber subscriber, final long sequence, final boolean isLive)
    {
        onLeft(reader);
        if (isLive)
        {
            onCaughtUp(subscriber);
        }
        else
        {
            onAnsweredTo(subscriber, sequence);
        }
    }

    /** The slot's work is done. */
    void onSlotEnd(final OpenSubscriptions subscriptions, final long nowNs, final ActionList<MatchedAction> out)
    {
        // Each is taken off before it is worked: a fault must not come again in each slot.
        for (HistoryReader reader = noted.poll(); reader != null; reader = noted.poll())
        {
            reader.onSlotEnd(subscriptions, nowNs, out);
        }
        calls.send(nowNs, out);
    }
}
