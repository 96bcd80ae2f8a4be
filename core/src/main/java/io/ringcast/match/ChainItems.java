package io.ringcast.match;

import io.ringcast.lane.Head;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadSink;
import io.ringcast.lane.LaneRules;
import io.ringcast.lane.LaneStatus;
import io.ringcast.lane.LogArbiter;
import io.ringcast.lane.LogSink;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.PolledFeedId;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Merges and publishes the items that stand on the chain, heads and logs: the heads that are published say which logs
 * are to come, so both are decided on here.
 * Confined to the pipeline thread that runs match.
 */
final class ChainItems implements HeadSink
{
    private final LaneRules rules;
    private final FeedTable feeds;
    private final StatusFeed status;
    private final ItemPublisher publisher;
    /** One for all feeds, so that it is there from the beginning: an image of the stages holds no later lambdas. */
    private final LongSupplier slotSequence;
    private final CounterSet counters;
    private final HeadArbiter heads;
    private final List<Feed> logFeeds = new ArrayList<>();
    private Histories histories;
    private BlockOrder order;
    private Feed headFeed;

    ChainItems(
        final LaneRules rules, final FeedTable feeds, final StatusFeed status, final ItemPublisher publisher,
        final CounterSet counters)
    {
        this.rules = rules;
        this.feeds = feeds;
        this.status = status;
        this.publisher = publisher;
        slotSequence = publisher::slotSequence;
        this.counters = counters;
        heads = new HeadArbiter(rules, counters, this);
    }

    /** Who is told of each head that is published, beside the topics. */
    void setFollowers(final Histories readers, final BlockOrder wholeBlocks)
    {
        histories = readers;
        order = wholeBlocks;
    }

    HeadArbiter heads()
    {
        return heads;
    }

    boolean hasLogFeeds()
    {
        return !logFeeds.isEmpty();
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

    void onHeadsAdded(final Feed feed)
    {
        headFeed = feed;
    }

    void onLogsAdded(final Feed feed, final String feedParams)
    {
        feed.logs = new LogArbiter(
            rules, LogsFilterText.of(feedParams), slotSequence, counters, logSink(feed));
        logFeeds.add(feed);
        feed.logs.beginOn(heads);
    }

    void onFeedRemoved(final Feed feed)
    {
        logFeeds.remove(feed);
        if (feed == headFeed)
        {
            headFeed = null;
            heads.onReleased();
        }
    }

    void onLaneLive(final Feed feed, final int laneIndex, final long nowNs)
    {
        if (feed == headFeed)
        {
            heads.onLaneLive(laneIndex, PolledFeedId.isOne(feed.lanes[laneIndex].upstreamToken), nowNs);
            workOnLogs(nowNs);
        }
        else if (feed.logs != null)
        {
            feed.logs.onLaneLive(laneIndex, nowNs);
        }
    }

    void onLaneDown(final Feed feed, final int laneIndex, final long nowNs)
    {
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

    /** An upstream refused the feed of heads. */
    void onHeadsRefused(final int laneIndex, final long nowNs)
    {
        heads.onLaneRefused(laneIndex, nowNs);
    }

    /** The feed of heads; null if there is none. */
    Feed headFeed()
    {
        return headFeed;
    }

    void onHead(final Feed feed, final CorrelatedAction item, final long nowNs)
    {
        final long before = heads.saidHeads(item.laneIndex);
        if (heads.onHead(item.laneIndex, item.bytes, item.valueOffset, item.valueLength, nowNs))
        {
            tellLogs(item.laneIndex, true, before, nowNs);
        }
        else
        {
            onMalformed(feed, item);
        }
    }

    void onLog(final Feed feed, final CorrelatedAction item, final long nowNs)
    {
        if (!feed.logs.onLog(item.laneIndex, item.bytes, item.valueOffset, item.valueLength, nowNs))
        {
            onMalformed(feed, item);
        }
    }

    /** An answer to a call by which something missing was fetched. */
    void onFetched(final Feed feed, final CorrelatedAction answer, final long nowNs)
    {
        if (feed == headFeed)
        {
            final long before = heads.saidHeads(answer.laneIndex);
            heads.onFetched(
                answer.laneIndex, answer.upstreamRequestId, answer.isError, answer.bytes, answer.valueOffset,
                answer.valueLength, nowNs);
            tellLogs(answer.laneIndex, false, before, nowNs);
        }
        else if (feed.logs != null)
        {
            feed.logs.onFetched(
                answer.laneIndex, answer.upstreamRequestId, answer.isError, answer.bytes, answer.valueOffset,
                answer.valueLength, nowNs);
        }
    }

    void onTime(final long nowNs)
    {
        heads.onTime(nowNs);
        workOnLogs(nowNs);
    }

    @Override
    public void onHead(final Head head, final byte[] bytes, final int offset, final int length)
    {
        status.onHead(head.number(), publisher.eventNs());
        publisher.publishHead(headFeed, head, bytes, offset, length);
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.onHead(head, publisher.eventNs());
        }
        histories.onHead(head);
        order.onHead(head.number());
        if (head.isFetched())
        {
            status.onRepaired(head.number(), publisher.eventNs(), publisher.out());
        }
    }

    @Override
    public void onGap(final long lastNumber, final long nextNumber)
    {
        status.onHeadGap(lastNumber, nextNumber, publisher.eventNs(), publisher.out());
    }

    @Override
    public void onQuorum(final boolean isMet, final int agreeing)
    {
        status.onQuorum(isMet, rules.quorum(), agreeing, publisher.eventNs(), publisher.out());
    }

    @Override
    public void onLate(final Head head, final byte[] bytes, final int length)
    {
        status.onLate("newHeads", head.number(), bytes, 0, length, publisher.eventNs(), publisher.out());
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.onLateHead(head, status.isAsked(), publisher.eventNs());
        }
    }

    @Override
    public long fetch(final int laneIndex, final String call)
    {
        return feeds.fetch(headFeed, laneIndex, call, publisher.out());
    }

    @Override
    public void reset(final int laneIndex)
    {
        final MatchedAction action = publisher.out().add();
        action.kind = MatchedAction.Kind.RESET_LANE;
        action.laneIndex = laneIndex;
    }

    private void tellLogs(final int laneIndex, final boolean isPushed, final long saidBefore, final long nowNs)
    {
        if (heads.saidHeads(laneIndex) != saidBefore)
        {
            for (int i = 0; i < logFeeds.size(); i++)
            {
                heads.tellLastHead(laneIndex, isPushed, logFeeds.get(i).logs);
            }
        }
        workOnLogs(nowNs);
    }

    private void workOnLogs(final long nowNs)
    {
        final int leftOut = logFeeds.isEmpty() ? 0 : heads.leftOutMask();
        for (int i = 0; i < logFeeds.size(); i++)
        {
            logFeeds.get(i).logs.setLeftOut(leftOut);
            logFeeds.get(i).logs.setRoundTrip(heads.roundTripNs());
            logFeeds.get(i).logs.onTime(nowNs);
        }
    }

    /** A single upstream's items are nobody else's: they are passed on as they are. */
    private void onMalformed(final Feed feed, final CorrelatedAction item)
    {
        counters.increment(RelayCounter.ITEMS_MALFORMED);
        if (rules.laneCount() == 1)
        {
            publisher.publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
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
                publisher.setPlace(blockNumber, hashStart, logIndex, isRemoved);
                publisher.publish(feed, bytes, offset, length);
                if (!feed.logs.hasOrder(blockNumber) && feed.history != null)
                {
                    feed.unorderedTo = feed.history.next();
                }
            }

            @Override
            public void onGap(final long blockNumber)
            {
                status.onLogGap(blockNumber, publisher.eventNs(), publisher.out());
            }

            @Override
            public void onRepaired(final long blockNumber, final int count)
            {
                status.onLogsRepaired(blockNumber, count, publisher.eventNs(), publisher.out());
            }

            @Override
            public void onLate(final long blockNumber, final byte[] bytes, final int offset, final int length)
            {
                status.onLate("logs", blockNumber, bytes, offset, length, publisher.eventNs(), publisher.out());
            }

            @Override
            public long fetch(final int laneIndex, final String call)
            {
                return feeds.fetch(feed, laneIndex, call, publisher.out());
            }
        };
    }
}
