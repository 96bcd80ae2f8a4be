package io.ringcast.match;

import io.ringcast.image.NotInImage;
import io.ringcast.lane.Head;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.StageClock;

/**
 * Publishes items: keeps each in its feed's history, numbers it in each group that it is for, and leaves for each topic
 * with subscribers what encode is to write.
 * Confined to the pipeline thread that runs match.
 */
final class ItemPublisher
{
    private static final long NO_PLACE = -1;

    private final StampSource stamps;
    private final CounterSet counters;
    private final LogKeys logKeys = new LogKeys();
    private long slotSequence;
    /** When the beginning of the slot's text was read. */
    private long beganAtNs;
    private long eventNs;
    /** The same of what lets the next item go. */
    private long readAtNs;
    /** Where the next item that is published stands on its chain. */
    private long placeBlockNumber;
    private long placeHashStart;
    private long place = NO_PLACE;
    /** The same of the item that is being published. */
    private long keptPlace = NO_PLACE;
    @NotInImage("of the slot")
    private ActionList<MatchedAction> out;

    ItemPublisher(final StageClock clock, final CounterSet counters)
    {
        stamps = new StampSource(clock);
        this.counters = counters;
    }

    /** A slot begins; what was handed on a ring's length before it is no longer read by anybody. */
    void begin(final long sequence, final long textBeganAtNs)
    {
        slotSequence = sequence;
        beganAtNs = textBeganAtNs;
        place = NO_PLACE;
    }

    /**
     * Something came in that may let items go.
     *
     * @param laneIndex which upstream it is from, or {@link ItemStamp#NO_LANE}.
     * @param nowNs     when it came.
     * @param isAnswer  true if it is the answer to a call of the relay's own.
     * @param actions   takes what is published.
     */
    void beginEvent(
        final int laneIndex, final long nowNs, final boolean isAnswer, final ActionList<MatchedAction> actions)
    {
        out = actions;
        eventNs = nowNs;
        readAtNs = beganAtNs;
        stamps.beginEvent(laneIndex, readAtNs, isAnswer);
    }

    long slotSequence()
    {
        return slotSequence;
    }

    long eventNs()
    {
        return eventNs;
    }

    ActionList<MatchedAction> out()
    {
        return out;
    }

    /** Says where the next item that is published stands on its chain. */
    void setPlace(
        final long blockNumber, final long hashStart, final int index, final boolean isRemoved)
    {
        placeBlockNumber = blockNumber;
        placeHashStart = hashStart;
        place = FeedHistory.place(index, isRemoved);
    }

    /** Publishes a head, which goes to all groups of its feed. */
    void publishHead(
        final Feed feed, final Head head, final byte[] bytes, final int offset, final int length)
    {
        setPlace(head.number(), head.hashStart(), 0, false);
        keep(feed, bytes, offset, length, readAtNs);
        stamps.beginHead(head);
        publishToAll(feed, bytes, offset, length);
    }

    /** Publishes what came from a client, or what the relay itself has to say. */
    void publishOwn(
        final Feed feed, final byte[] bytes, final int offset, final int length, final long nowNs,
        final ActionList<MatchedAction> actions)
    {
        out = actions;
        eventNs = nowNs;
        place = NO_PLACE;
        stamps.beginOwn(nowNs);
        keep(feed, bytes, offset, length, nowNs);
        publishToAll(feed, bytes, offset, length);
    }

    /** Publishes an item of an upstream's to those groups of its feed that it is for. */
    void publish(final Feed feed, final byte[] bytes, final int offset, final int length)
    {
        keep(feed, bytes, offset, length, readAtNs);
        stamps.beginItem();
        if (feed.index == null)
        {
            publishToAll(feed, bytes, offset, length);
        }
        else if (logKeys.tryRead(bytes, offset, length))
        {
            publishToMatching(feed.index, bytes, offset, length);
        }
        else
        {
            counters.increment(RelayCounter.UPSTREAM_INVALID);
        }
    }

    /** The one copy that the history takes. */
    private void keep(
        final Feed feed, final byte[] bytes, final int offset, final int length, final long beginNs)
    {
        keptPlace = place;
        if (feed.history != null)
        {
            feed.history.append(
                bytes, offset, length, eventNs, beginNs, placeBlockNumber, placeHashStart, place);
            place = NO_PLACE;
        }
    }

    private void publishToAll(final Feed feed, final byte[] bytes, final int offset, final int length)
    {
        for (int i = 0; i < feed.groups.size(); i++)
        {
            publish(feed.groups.get(i), bytes, offset, length);
        }
    }

    /** A group with a list of filters gets the log once, when all that match are known. */
    private void publishToMatching(final TopicIndex index, final byte[] bytes, final int offset, final int length)
    {
        final int count = index.match(logKeys);
        boolean isAnyDeferred = false;
        for (int i = 0; i < count; i++)
        {
            final IndexedFilter found = index.found(i);
            if (found.group.tellsFilters)
            {
                found.group.matchedFilters |= 1L << found.place;
                isAnyDeferred = true;
            }
            else
            {
                publish(found.group, bytes, offset, length);
            }
        }
        for (int i = 0; isAnyDeferred && i < count; i++)
        {
            final TopicGroup group = index.found(i).group;
            if (group.matchedFilters != 0)
            {
                publish(group, bytes, offset, length);
                group.matchedFilters = 0;
            }
        }
    }

    private void publish(final TopicGroup group, final byte[] bytes, final int offset, final int length)
    {
        final long sequence = group.nextSequence++;
        if (group.history != null)
        {
            group.history.append();
            if (FeedHistory.isRemoval(keptPlace))
            {
                group.onRemoval(sequence);
            }
        }
        if (group.blockItems != null && keptPlace != NO_PLACE)
        {
            group.blockItems.note(placeBlockNumber, placeHashStart, FeedHistory.isRemoval(keptPlace));
        }
        if (group.followers != null)
        {
            group.followers.forEach(HistoryReader::note);
        }
        if (group.idle != null)
        {
            group.idle.onPublished();
        }
        for (int i = 0; i < group.topics.size(); i++)
        {
            final TopicState topic = group.topics.get(i);
            if (topic.polled != null)
            {
                topic.polled.add(bytes, offset, length);
            }
            if (topic.loopMask != 0 && !topic.topic.isBlockOrdered)
            {
                publish(topic, sequence, bytes, offset, length);
            }
        }
    }

    private void publish(
        final TopicState topic, final long sequence, final byte[] bytes, final int offset, final int length)
    {
        counters.increment(RelayCounter.ITEMS_PUBLISHED);
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.PUBLISH;
        action.topic = topic.topic;
        action.sequence = sequence;
        action.loopMask = topic.loopMask;
        if (!topic.topic.isPlain)
        {
            final ItemStamp stamp = action.newStamp();
            stamps.fill(topic.feed.kind, bytes, offset, length, stamp);
            stamp.matchedFilters = topic.group.matchedFilters;
        }
        action.bytes = bytes;
        action.offset = offset;
        action.length = length;
    }
}
