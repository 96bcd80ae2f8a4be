package io.ringcast.match;

import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.StageClock;

/**
 * One answer to a connection that is behind in a topic: items from the topic's history, or such as were read from an
 * upstream, and what the connection is to do then.
 * Confined to the pipeline thread that runs match; filled again for each answer.
 *
 * <p>An answer is short: live items of other slots follow soon, however many connections are behind.
 */
final class ReplayAnswer
{
    /** An answer has at least one item, and beyond that no more than this. */
    static final int LIMIT_BYTES = 64 * 1024;
    static final int LIMIT_ITEMS = 256;

    private final StampSource stamps;
    private final LogKeys logKeys = new LogKeys();
    private final CounterSet counters;
    @NotInImage("of the slot")
    private ActionList<MatchedAction> out;
    private long connectionId;
    private int topicId;
    private int ticket;
    private boolean wasParked;
    private int items;
    private int bytes;

    ReplayAnswer(final StageClock clock, final CounterSet counters)
    {
        stamps = new StampSource(clock);
        this.counters = counters;
    }

    void begin(
        final long asker, final int topic, final int mark, final boolean isLate,
        final ActionList<MatchedAction> actions)
    {
        connectionId = asker;
        topicId = topic;
        ticket = mark;
        wasParked = isLate;
        out = actions;
        items = 0;
        bytes = 0;
    }

    /** Goes on with what the same connection is told of another topic, under the same bounds. */
    void turnTo(final int topic, final int mark)
    {
        topicId = topic;
        ticket = mark;
    }

    boolean isEmpty()
    {
        return items == 0;
    }

    /** Whether the slot already holds what the connection is to do. */
    boolean isEnded()
    {
        for (int i = 0; i < out.size(); i++)
        {
            final MatchedAction action = out.get(i);
            final boolean isEnd = action.kind == MatchedAction.Kind.REPLAY_PAUSED ||
                action.kind == MatchedAction.Kind.REPLAY_DONE || action.kind == MatchedAction.Kind.REPLAY_PARKED;
            if (isEnd && action.to.connectionId == connectionId && action.topicId == topicId &&
                action.ticket == ticket)
            {
                return true;
            }
        }
        return false;
    }

    /** Whether another item of that length can go with it. */
    boolean hasRoom(final int length)
    {
        return items == 0 || items < LIMIT_ITEMS && bytes + length <= LIMIT_BYTES;
    }

    /** Adds a mark for a block without an item: it has the number of the item before. */
    ItemStamp sendMark(final PatientSubscriber subscriber, final long sequence)
    {
        final byte[] text = OrderedOutput.NO_ITEM;
        final ItemStamp stamp = add(subscriber.topic, sequence, text, 0, text.length).newStamp();
        stamp.isEmptyMark = true;
        return stamp;
    }

    /** Adds an item of the topic's history; gives what stands beside it, or null if nothing can. */
    ItemStamp send(final PatientSubscriber subscriber, final long sequence)
    {
        final FeedHistory feed = subscriber.topic.feed.history;
        final long position = subscriber.topic.group.history.position(sequence);
        return send(
            subscriber, sequence, feed.handOn(position), feed.offset(position), feed.length(position),
            feed.readAtNs(position));
    }

    /** Adds an item that the history no longer has. */
    void send(final PatientSubscriber subscriber, final long sequence, final byte[] text, final long readAtNs)
    {
        send(subscriber, sequence, text, 0, text.length, readAtNs);
    }

    private ItemStamp send(
        final PatientSubscriber subscriber, final long sequence, final byte[] text, final int offset,
        final int length, final long readAtNs)
    {
        final TopicState topic = subscriber.topic;
        final MatchedAction action = add(topic, sequence, text, offset, length);
        final ItemStamp stamp = topic.topic.isPlain ? null : stamp(topic, action, readAtNs);
        if (stamp != null)
        {
            stamp.isReplayed = subscriber.isResuming;
            stamp.lostCount = subscriber.lostCount;
            stamp.lostFrom = subscriber.lostFrom;
            stamp.lostWhy = subscriber.lostWhy;
            stamp.mergedCount = subscriber.mergedCount;
        }
        subscriber.lostCount = 0;
        subscriber.lostWhy = null;
        subscriber.mergedCount = 0;
        counters.increment(RelayCounter.ITEMS_REPLAYED);
        return stamp;
    }

    /** Adds a mark for a block without an item among those that were read from an upstream. */
    ItemStamp sendReadMark(final PatientSubscriber subscriber)
    {
        final ItemStamp stamp = sendMark(subscriber, subscriber.firstSequence - 1);
        out.get(out.size() - 1).isPast = true;
        return stamp;
    }

    /**
     * Adds an item that was read from an upstream: it has no number. The bytes must not change any more. Gives what
     * stands beside it, or null if nothing can.
     */
    ItemStamp sendRead(
        final PatientSubscriber subscriber, final byte[] text, final int offset, final int length, final long nowNs)
    {
        final TopicState topic = subscriber.topic;
        final MatchedAction action = add(topic, subscriber.firstSequence - 1, text, offset, length);
        action.isPast = true;
        final ItemStamp stamp = topic.topic.isPlain ? null : stamp(topic, action, nowNs);
        if (stamp != null)
        {
            stamp.isPast = true;
        }
        counters.increment(RelayCounter.HISTORY_ITEMS);
        return stamp;
    }

    /** Tells the connection something, if it listens to the status. */
    void tell(final OpenSubscriptions subscriptions, final String event, final String members)
    {
        StatusTelling.tell(connectionId, subscriptions.find(connectionId), event, members, out);
    }

    /** Says what the connection is to do now. */
    void end(final MatchedAction.Kind kind, final long sequence)
    {
        final MatchedAction action = out.add();
        action.kind = kind;
        action.to.connectionId = connectionId;
        action.topicId = topicId;
        action.ticket = ticket;
        action.sequence = sequence;
        action.wasParked = wasParked;
    }

    private MatchedAction add(
        final TopicState topic, final long sequence, final byte[] text, final int offset, final int length)
    {
        items++;
        bytes += length;
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.REPLAY;
        action.to.connectionId = connectionId;
        action.topic = topic.topic;
        action.ticket = ticket;
        action.isPast = false;
        action.sequence = sequence;
        action.bytes = text;
        action.offset = offset;
        action.length = length;
        return action;
    }

    private ItemStamp stamp(final TopicState topic, final MatchedAction action, final long readAtNs)
    {
        final ItemStamp stamp = action.newStamp();
        stamps.beginKept(readAtNs);
        stamps.fill(topic.feed.kind, action.bytes, action.offset, action.length, stamp);
        if (topic.group.tellsFilters && logKeys.tryRead(action.bytes, action.offset, action.length))
        {
            stamp.matchedFilters = topic.group.matching(logKeys);
        }
        return stamp;
    }
}
