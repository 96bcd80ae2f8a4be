package io.ringcast.match;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.LaneRules;
import io.ringcast.lane.LaneStatus;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import io.ringcast.session.StageClock;
import io.ringcast.session.Stamping;

import java.util.function.LongSupplier;

/**
 * Takes what the upstreams bring of each feed, and hands it to whom that kind of feed is merged by: {@link ChainItems},
 * {@link PendingItems} or {@link OtherItems}. What is new, {@link ItemPublisher} publishes to the feed's topics.
 * Confined to the pipeline thread that runs match.
 */
final class FeedItems
{
    private final LaneRules rules;
    private final FeedTable feeds;
    private final HistoryBudget historyBudget;
    private final int historyItems;
    private final ItemPublisher publisher;
    /** One for all feeds, so that it is there from the beginning: an image of the stages holds no later lambdas. */
    private final LongSupplier slotSequence;
    private final StatusFeed status;
    private final CountedFeeds counted;
    private final ChainItems chain;
    private final PendingItems pending;
    private final OtherItems others;
    private final BlockOrder order;

    FeedItems(
        final LaneRules rules, final FeedTable feeds, final DeliveryConfig delivery, final Stamping stamping,
        final StageClock clock, final CounterSet counters)
    {
        this.rules = rules;
        this.feeds = feeds;
        historyBudget = new HistoryBudget(delivery.historyBytes(), counters);
        historyItems = delivery.historyItems();
        publisher = new ItemPublisher(clock, counters);
        slotSequence = publisher::slotSequence;
        status = new StatusFeed(stamping.laneNames(), publisher);
        counted = new CountedFeeds(stamping.epoch());
        chain = new ChainItems(rules, feeds, status, publisher, counters);
        pending = new PendingItems(rules, publisher, counters);
        others = new OtherItems(rules, counted, publisher, counters);
        order = new BlockOrder(chain.heads(), historyBudget, clock, counters);
    }

    /** A slot begins. */
    void begin(final long sequence, final long beganAtNs)
    {
        publisher.begin(sequence, beganAtNs);
    }

    /** A group's items are kept from here on. */
    void onGroupAdded(final TopicGroup group)
    {
        if (group.feed.history != null)
        {
            group.history = new TopicHistory(
                group.feed.history, historyBudget.indexes(), historyItems, group.filters == null, group.nextSequence);
        }
    }

    BlockOrder order()
    {
        return order;
    }

    void setHistories(final Histories readers)
    {
        chain.setFollowers(readers, order);
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
        return chain.heads();
    }

    LaneStatus status(final int laneIndex, final String name, final long nowNs)
    {
        return chain.status(laneIndex, name, nowNs);
    }

    /** An upstream's connection is to be made anew. */
    static void resetLane(final int laneIndex, final ActionList<MatchedAction> actions)
    {
        final MatchedAction action = actions.add();
        action.kind = MatchedAction.Kind.RESET_LANE;
        action.laneIndex = laneIndex;
    }

    boolean hasLogFeeds()
    {
        return chain.hasLogFeeds();
    }

    void onFeedAdded(final Feed feed, final String feedParams)
    {
        if (historyBudget.isOn())
        {
            feed.history = new FeedHistory(
                historyBudget.feeds(feed), historyBudget.feedLimitBytes(), historyItems, slotSequence,
                rules.ringSlots(), 0);
        }
        switch (feed.kind)
        {
            case HEADS:
                chain.onHeadsAdded(feed);
                break;

            case LOGS:
                chain.onLogsAdded(feed, feedParams);
                break;

            case OWN:
                break;

            case STATUS:
                status.setFeed(feed);
                break;

            case PENDING:
                pending.onFeedAdded(feed);
                break;

            default:
                others.onFeedAdded(feed);
                break;
        }
    }

    void onFeedRemoved(final Feed feed)
    {
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
            feed.history.spilling.clear();
            feed.history.clear();
        }
        chain.onFeedRemoved(feed);
    }

    void onLaneLive(final Feed feed, final int laneIndex, final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(ItemStamp.NO_LANE, nowNs, false, actions);
        chain.onLaneLive(feed, laneIndex, nowNs);
        others.onLaneLive(feed, laneIndex);
    }

    void onLaneDown(final Feed feed, final int laneIndex, final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(ItemStamp.NO_LANE, nowNs, false, actions);
        chain.onLaneDown(feed, laneIndex, nowNs);
    }

    /** An upstream refused the feed of heads: it may be asked for them instead. */
    void onHeadsRefused(final int laneIndex, final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(ItemStamp.NO_LANE, nowNs, false, actions);
        chain.onHeadsRefused(laneIndex, nowNs);
    }

    /** The feed of heads; null if there is none. */
    Feed headFeed()
    {
        return chain.headFeed();
    }

    void onItem(
        final Feed feed, final CorrelatedAction item, final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(item.laneIndex, nowNs, false, actions);
        switch (feed.kind)
        {
            case HEADS:
                chain.onHead(feed, item, nowNs);
                break;

            case LOGS:
                chain.onLog(feed, item, nowNs);
                break;

            case PENDING:
                pending.onItem(feed, item);
                break;

            default:
                others.onItem(feed, item);
                break;
        }
    }

    void onFetched(
        final CorrelatedAction answer, final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(answer.laneIndex, nowNs, true, actions);
        final Feed feed = feeds.get(OwnCallId.feedId(answer.upstreamRequestId));
        if (feed != null)
        {
            chain.onFetched(feed, answer, nowNs);
        }
    }

    void onTime(final long nowNs, final ActionList<MatchedAction> actions)
    {
        publisher.beginEvent(ItemStamp.NO_LANE, nowNs, false, actions);
        chain.onTime(nowNs);
    }

    /** Publishes what came from a client. */
    void publishOwn(
        final Feed feed, final byte[] bytes, final int offset, final int length, final long nowNs,
        final ActionList<MatchedAction> actions)
    {
        publisher.publishOwn(feed, bytes, offset, length, nowNs, actions);
    }
}
