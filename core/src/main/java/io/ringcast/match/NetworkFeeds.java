package io.ringcast.match;

import io.ringcast.config.SubscriptionMethod;
import io.ringcast.lane.LaneRules;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which feeds a network has, those included that the relay needs for itself.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Heads are needed wherever there is an order to keep: with several upstreams always, with one of them as long as
 * there is a feed of logs.
 */
final class NetworkFeeds
{
    private static final int NONE = -1;
    private static final SubscriptionRequest HEADS =
        new SubscriptionRequest(Feed.HEADS_PARAMS, Feed.HEADS_PARAMS, null, DeliveryOptions.PLAIN);

    private final FeedTable table;
    private final FeedItems items;
    private final LaneRules rules;
    private final List<SubscriptionMethod> methods;
    private final ItemRules[] itemRules;
    private final CounterSet counters;
    private final int headsMethod;
    private final long lingerNs;
    private Feed heads;
    private boolean isLingering;
    private long lingeringSinceNs;

    NetworkFeeds(
        final FeedTable table, final FeedItems items, final LaneRules rules, final List<SubscriptionMethod> methods,
        final long lingerNs, final CounterSet counters)
    {
        this.table = table;
        this.items = items;
        this.rules = rules;
        this.methods = methods;
        itemRules = methods.stream().map(method -> ItemRules.of(method.items())).toArray(ItemRules[]::new);
        this.lingerNs = lingerNs;
        this.counters = counters;
        int found = NONE;
        for (int i = 0; i < methods.size(); i++)
        {
            found = methods.get(i).subscribe().equals(Feed.HEADS_METHOD) ? i : found;
        }
        headsMethod = found;
    }

    /** Which of the subscribe methods heads are subscribed to by. */
    int headsMethod()
    {
        return headsMethod;
    }

    Iterable<Feed> all()
    {
        return table.all();
    }

    Feed find(final int methodIndex, final String feedParams)
    {
        return table.find(methods.get(methodIndex).subscribe(), feedParams);
    }

    int ownCount()
    {
        return table.ownCount();
    }

    Feed findOrAdd(
        final int methodIndex, final SubscriptionRequest request, final ActionList<MatchedAction> out)
    {
        final String method = methods.get(methodIndex).subscribe();
        final Feed known = table.find(method, request.feedKey());
        if (known != null)
        {
            return known;
        }
        final String call = "\"method\":\"" + method + "\",\"params\":" + request.feedParams();
        final Feed feed = new Feed(
            table.nextFeedId(), method + request.feedKey(), methodIndex, call.getBytes(StandardCharsets.UTF_8),
            request.isFiltered() ? new TopicIndex() : null, rules.laneCount());
        feed.rules = itemRules[methodIndex];
        feed.position = position(methods.get(methodIndex), request);
        table.add(feed, out);
        items.onFeedAdded(feed, request.feedParams());
        if (feed.carriesHeads())
        {
            heads = feed;
        }
        else if (feed.kind == Feed.Kind.LOGS)
        {
            needHeads(out);
        }
        return feed;
    }

    /** The place where a feed begins; null if its items are not counted. */
    private static FeedPosition position(final SubscriptionMethod method, final SubscriptionRequest request)
    {
        if (request.start() == SubscriptionRequest.NO_START)
        {
            return null;
        }
        final String rest = request.feedParams().substring(1);
        return new FeedPosition(method.subscribe() + request.feedParams(),
            "\"method\":\"" + method.subscribe() + "\",\"params\":{\"" + method.items().position().param() + "\":",
            request.start(), rest.length() > 1 ? ',' + rest : rest);
    }

    void removeIfUnwanted(final Feed feed, final ActionList<MatchedAction> out)
    {
        if (!feed.isUnwanted() || feed.isOver)
        {
            return;
        }
        detach(feed, out);
        forget(feed);
    }

    /** Ends a feed at the upstreams; who has a subscription to it keeps what is there. */
    void detach(final Feed feed, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.FEEDS_RELEASED);
        table.remove(feed, methods.get(feed.methodIndex).unsubscribe(), out);
    }

    /** Forgets the items of a feed that was detached. */
    void forget(final Feed feed)
    {
        items.onFeedRemoved(feed);
        if (feed.carriesHeads())
        {
            heads = null;
        }
    }

    /** The heads linger, as topics do, when what they were needed for is gone. */
    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        if (heads == null || !heads.isNeeded || isHeadsNeeded())
        {
            isLingering = false;
        }
        else if (!isLingering)
        {
            isLingering = true;
            lingeringSinceNs = nowNs;
        }
        else if (nowNs - lingeringSinceNs >= lingerNs)
        {
            heads.isNeeded = false;
            removeIfUnwanted(heads, out);
        }
    }

    void onLaneUp(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        items.heads().onLaneUp(laneIndex, nowNs);
        table.onLaneUp(laneIndex, out);
        if (isHeadsNeeded())
        {
            needHeads(out);
        }
    }

    void onLaneDown(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        items.heads().onLaneLost(laneIndex, nowNs);
        for (final Feed feed : table.all())
        {
            if (feed.lanes[laneIndex].state == FeedLane.State.LIVE ||
                feed.carriesHeads() && items.heads().isPolledInstead(laneIndex))
            {
                feed.lanes[laneIndex].state = FeedLane.State.IDLE;
                items.onLaneDown(feed, laneIndex, nowNs, out);
            }
        }
        table.onLaneDown(laneIndex);
    }

    private boolean isHeadsNeeded()
    {
        return headsMethod != NONE && (rules.laneCount() > 1 || items.hasLogFeeds());
    }

    private void needHeads(final ActionList<MatchedAction> out)
    {
        if (headsMethod != NONE)
        {
            findOrAdd(headsMethod, HEADS, out).isNeeded = true;
        }
    }
}
