package io.ringcast.match;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadSink;
import io.ringcast.lane.ItemCursors;
import io.ringcast.lane.ItemHash;
import io.ringcast.lane.LaneRules;
import io.ringcast.lane.LaneStatus;
import io.ringcast.lane.LogArbiter;
import io.ringcast.lane.LogSink;
import io.ringcast.lane.SeenItems;
import io.ringcast.lane.VotedItems;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import io.ringcast.session.StageClock;
import io.ringcast.session.Stamping;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes what the upstreams bring of each feed, merges it, and publishes what is new to the feed's topics.
 * Confined to the pipeline thread that runs match.
 */
final class FeedItems implements HeadSink
{
    private static final int PENDING_REMEMBERED = 65_536;
    private static final long NO_PLACE = -1;
    private static final byte[] HASH = "hash".getBytes(StandardCharsets.US_ASCII);

    private final LaneRules rules;
    private final CounterSet counters;
    private final FeedTable feeds;
    private final HeadArbiter heads;
    private final List<Feed> logFeeds = new ArrayList<>();
    private final LogKeys logKeys = new LogKeys();
    private final ItemHash itemHash = new ItemHash();
    private final JsonCursor members = new JsonCursor();
    private final long[] hash = new long[HexWords.WORDS];
    private final HistoryBudget historyBudget;
    private final int historyItems;
    private final StampSource stamps;
    private final StatusFeed status;
    private final BlockOrder order;
    private final CountedFeeds counted;
    private Histories histories;
    private Feed headFeed;
    private long slotSequence;
    private long eventNs;
    /** Where the next item that is published stands on its chain. */
    private long placeBlockNumber;
    private long placeHashStart;
    private long place = NO_PLACE;
    private ActionList<MatchedAction> out;

    FeedItems(
        final LaneRules rules, final FeedTable feeds, final DeliveryConfig delivery, final Stamping stamping,
        final StageClock clock, final CounterSet counters)
    {
        historyBudget = new HistoryBudget(delivery.historyBytes());
        historyItems = delivery.historyItems();
        stamps = new StampSource(clock);
        this.rules = rules;
        this.feeds = feeds;
        this.counters = counters;
        counted = new CountedFeeds(stamping.epoch());
        heads = new HeadArbiter(rules, counters, this);
        order = new BlockOrder(heads, clock);
        status = new StatusFeed(stamping.laneNames(), this);
    }

    /** A slot begins; what was handed on a ring's length before it is no longer read by anybody. */
    void begin(final long sequence)
    {
        slotSequence = sequence;
        place = NO_PLACE;
    }

    /** A group's items are kept from here on. */
    void onGroupAdded(final TopicGroup group)
    {
        if (group.feed.history != null)
        {
            group.history = new TopicHistory(
                group.feed.history, historyBudget, historyItems, group.filters == null, group.nextSequence);
        }
    }

    BlockOrder order()
    {
        return order;
    }

    void setHistories(final Histories readers)
    {
        histories = readers;
    }

    HistoryBudget historyBudget()
    {
        return historyBudget;
    }

    StatusFeed status()
    {
        return status;
    }

    CountedFeeds counted()
    {
        return counted;
    }

    HeadArbiter heads()
    {
        return heads;
    }

    LaneStatus status(final int laneIndex, final String name, final long nowNs)
    {
        boolean isSilent = false;
        for (int i = 0; i < logFeeds.size(); i++)
        {
            isSilent |= !logFeeds.get(i).logs.isPushed(laneIndex);
        }
        return heads.status(laneIndex, name, nowNs).withLogsSilent(isSilent);
    }

    boolean hasLogFeeds()
    {
        return !logFeeds.isEmpty();
    }

    void onFeedAdded(final Feed feed, final String feedParams)
    {
        if (historyBudget.isOn())
        {
            feed.history = new FeedHistory(
                historyBudget, historyItems, () -> slotSequence, rules.ringSlots(), 0);
        }
        switch (feed.kind)
        {
            case HEADS:
                headFeed = feed;
                break;

            case LOGS:
                feed.logs = new LogArbiter(
                    rules, LogsFilterText.of(feedParams), () -> slotSequence, counters, logSink(feed));
                logFeeds.add(feed);
                break;

            case OWN:
                break;

            case STATUS:
                status.setFeed(feed);
                break;

            case PENDING:
                feed.seen = rules.laneCount() > 1 && rules.quorum() == 1 ? new SeenItems(PENDING_REMEMBERED) : null;
                feed.votes = rules.quorum() > 1 ?
                    new VotedItems(PENDING_REMEMBERED, rules.quorum(), counters) : null;
                break;

            default:
                if (feed.position != null)
                {
                    counted.onAdded(feed);
                    break;
                }
                feed.cursors = rules.laneCount() > 1 || feed.rules != null && feed.rules.beginsWhole ?
                    new ItemCursors(rules.laneCount(), rules.quorum(), counters) : null;
                break;
        }
    }

    void onFeedRemoved(final Feed feed)
    {
        logFeeds.remove(feed);
        if (feed.position != null)
        {
            counted.onRemoved(feed);
        }
        if (feed.kind == Feed.Kind.STATUS)
        {
            status.setFeed(null);
        }
        if (feed.history != null)
        {
            feed.history.clear();
        }
        if (feed == headFeed)
        {
            headFeed = null;
            heads.onReleased();
        }
    }

    void onLaneLive(final Feed feed, final int laneIndex, final long nowNs, final ActionList<MatchedAction> actions)
    {
        out = actions;
        beginEvent(ItemStamp.NO_LANE, nowNs, false);
        if (feed == headFeed)
        {
            heads.onLaneLive(laneIndex, nowNs);
            workOnLogs(nowNs);
        }
        else if (feed.logs != null)
        {
            feed.logs.onLaneLive(laneIndex, nowNs);
        }
        else if (feed.cursors != null && feed.rules != null && feed.rules.beginsWhole)
        {
            feed.cursors.rewind(laneIndex);
        }
        else if (feed.cursors != null)
        {
            feed.cursors.onLaneLive(laneIndex);
        }
    }

    void onLaneDown(final Feed feed, final int laneIndex, final long nowNs, final ActionList<MatchedAction> actions)
    {
        out = actions;
        beginEvent(ItemStamp.NO_LANE, nowNs, false);
        if (feed == headFeed)
        {
            heads.onLaneDown(laneIndex, nowNs);
            workOnLogs(nowNs);
        }
        else if (feed.logs != null)
        {
            feed.logs.onLaneDown(laneIndex, nowNs);
        }
    }

    void onItem(
        final Feed feed, final CorrelatedAction item, final long nowNs, final ActionList<MatchedAction> actions)
    {
        out = actions;
        beginEvent(item.laneIndex, nowNs, false);
        switch (feed.kind)
        {
            case HEADS:
                onHead(feed, item, nowNs);
                break;

            case LOGS:
                if (!feed.logs.onLog(item.laneIndex, item.bytes, item.valueOffset, item.valueLength, nowNs))
                {
                    onMalformed(feed, item);
                }
                break;

            case PENDING:
                onPending(feed, item);
                break;

            default:
                onOther(feed, item);
                break;
        }
    }

    void onFetched(
        final CorrelatedAction answer, final long nowNs, final ActionList<MatchedAction> actions)
    {
        out = actions;
        beginEvent(answer.laneIndex, nowNs, true);
        final Feed feed = feeds.get(OwnCallId.feedId(answer.upstreamRequestId));
        if (feed == null)
        {
            return;
        }
        if (feed == headFeed)
        {
            final long before = heads.saidHeads(answer.laneIndex);
            heads.onFetched(
                answer.laneIndex, answer.upstreamRequestId, answer.isError, answer.bytes, answer.valueOffset,
                answer.valueLength, nowNs);
            tellLogs(answer.laneIndex, before, nowNs);
        }
        else if (feed.logs != null)
        {
            feed.logs.onFetched(
                answer.laneIndex, answer.upstreamRequestId, answer.isError, answer.bytes, answer.valueOffset,
                answer.valueLength, nowNs);
        }
    }

    void onTime(final long nowNs, final ActionList<MatchedAction> actions)
    {
        out = actions;
        beginEvent(ItemStamp.NO_LANE, nowNs, false);
        heads.onTime(nowNs);
        workOnLogs(nowNs);
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        status.onHead(head.number(), eventNs);
        setPlace(head.number(), head.hashStart(), 0, false);
        keep(headFeed, bytes, offset, length);
        stamps.beginHead(head);
        publishToAll(headFeed, bytes, offset, length);
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.onHead(head);
        }
        histories.onHead(head);
        if (head.isFetched())
        {
            status.onRepaired(head.number(), eventNs, out);
        }
    }

    @Override
    public void onGap(final long lastNumber, final long nextNumber)
    {
        status.onHeadGap(lastNumber, nextNumber, eventNs, out);
    }

    @Override
    public void onLate(final Head head, final byte[] bytes, final int length)
    {
        status.onLate("newHeads", head.number(), bytes, 0, length, eventNs, out);
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.onLateHead(head, status.isAsked(), eventNs);
        }
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        return feeds.fetch(headFeed, laneIndex, call, out);
    }

    @Override
    public void reset(final int laneIndex)
    {
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.RESET_LANE;
        action.laneIndex = laneIndex;
    }

    private void onHead(final Feed feed, final CorrelatedAction item, final long nowNs)
    {
        final long before = heads.saidHeads(item.laneIndex);
        if (heads.onHead(item.laneIndex, item.bytes, item.valueOffset, item.valueLength, nowNs))
        {
            tellLogs(item.laneIndex, before, nowNs);
        }
        else
        {
            onMalformed(feed, item);
        }
    }

    private void tellLogs(final int laneIndex, final long saidBefore, final long nowNs)
    {
        if (heads.saidHeads(laneIndex) != saidBefore)
        {
            for (int i = 0; i < logFeeds.size(); i++)
            {
                heads.tellLastHead(laneIndex, logFeeds.get(i).logs);
            }
        }
        workOnLogs(nowNs);
    }

    private void workOnLogs(final long nowNs)
    {
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.onTime(nowNs);
        }
    }

    /** A single upstream's items are nobody else's: they are passed on as they are. */
    private void onMalformed(final Feed feed, final CorrelatedAction item)
    {
        counters.increment(RelayCounter.ITEMS_MALFORMED);
        if (rules.laneCount() == 1)
        {
            publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
    }

    private void onPending(final Feed feed, final CorrelatedAction item)
    {
        if (feed.seen == null && feed.votes == null || isToPublish(feed, item))
        {
            publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
    }

    /** A pending transaction is its hash, or an object that has it. */
    private boolean isToPublish(final Feed feed, final CorrelatedAction item)
    {
        int offset = item.valueOffset;
        int length = item.valueLength;
        if (members.tryBegin(item.bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(HASH))
                {
                    offset = members.valueOffset;
                    length = members.valueLength;
                }
            }
        }
        if (HexWords.tryRead(item.bytes, offset, length, HexWords.TOPIC_DIGITS, hash, 0))
        {
            return isToPublish(feed, hash[0], hash[1], item.laneIndex);
        }
        itemHash.read(item.bytes, item.valueOffset, item.valueLength);
        return isToPublish(feed, itemHash.high, itemHash.low, item.laneIndex);
    }

    private boolean isToPublish(final Feed feed, final long highBits, final long lowBits, final int laneIndex)
    {
        if (feed.votes != null)
        {
            return feed.votes.tryConfirm(highBits, lowBits, laneIndex);
        }
        final boolean isNew = feed.seen.add(highBits, lowBits);
        if (!isNew)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        return isNew;
    }

    /** Whoever brings the next item first is passed on; who leaves some out is asked for them. */
    private void onCounted(final Feed feed, final CorrelatedAction item)
    {
        final long place = feed.rules.position(item.bytes, item.valueOffset, item.valueLength);
        counted.noteTip(feed.rules.tip(item.bytes, item.valueOffset, item.valueLength));
        if (place < 0)
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
        }
        else if (place < feed.position.next)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        else if (place > feed.position.next)
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
            feed.position.isBroken = true;
        }
        else
        {
            feed.position.next++;
            publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
    }

    private void onOther(final Feed feed, final CorrelatedAction item)
    {
        if (feed.position != null)
        {
            onCounted(feed, item);
            return;
        }
        if (feed.cursors != null)
        {
            if (feed.rules == null)
            {
                itemHash.read(item.bytes, item.valueOffset, item.valueLength);
            }
            else
            {
                feed.rules.readIdentity(item.bytes, item.valueOffset, item.valueLength, itemHash);
            }
            if (!feed.cursors.tryAppend(item.laneIndex, itemHash))
            {
                return;
            }
        }
        publish(feed, item.bytes, item.valueOffset, item.valueLength);
        feed.isOver = feed.rules != null && feed.rules.isLast(item.bytes, item.valueOffset, item.valueLength);
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
        keep(feed, bytes, offset, length);
        publishToAll(feed, bytes, offset, length);
    }

    private LogSink logSink(final Feed feed)
    {
        return new LogSink()
        {
            @Override
            public void onLog(
                final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
                final byte[] bytes, final int offset, final int length)
            {
                setPlace(blockNumber, hashStart, logIndex, isRemoved);
                publish(feed, bytes, offset, length);
            }

            @Override
            public void onGap(final long blockNumber)
            {
                status.onLogGap(blockNumber, eventNs, out);
            }

            @Override
            public void onRepaired(final long blockNumber, final int count)
            {
                status.onLogsRepaired(blockNumber, count, eventNs, out);
            }

            @Override
            public void onLate(final long blockNumber, final byte[] bytes, final int offset, final int length)
            {
                status.onLate("logs", blockNumber, bytes, offset, length, eventNs, out);
            }

            @Override
            public long fetch(final int laneIndex, final String call)
            {
                return feeds.fetch(feed, laneIndex, call, out);
            }
        };
    }

    private void setPlace(
        final long blockNumber, final long hashStart, final int index, final boolean isRemoved)
    {
        placeBlockNumber = blockNumber;
        placeHashStart = hashStart;
        place = FeedHistory.place(index, isRemoved);
    }

    /** The one copy that the history takes. */
    private void keep(final Feed feed, final byte[] bytes, final int offset, final int length)
    {
        if (feed.history != null)
        {
            feed.history.append(bytes, offset, length, eventNs, placeBlockNumber, placeHashStart, place);
            place = NO_PLACE;
        }
    }

    private void publish(final Feed feed, final byte[] bytes, final int offset, final int length)
    {
        keep(feed, bytes, offset, length);
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

    private void beginEvent(final int laneIndex, final long nowNs, final boolean isAnswer)
    {
        eventNs = nowNs;
        stamps.beginEvent(laneIndex, nowNs, isAnswer);
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
