package io.ringcast.match;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What upstreams say of feeds: their items, that they are accepted, refused or lost.
 * Confined to the pipeline thread that runs match.
 */
final class FeedLife
{
    /** What clients hear whose subscription went with the only upstream that had it and can't be asked for again. */
    private static final byte[] GONE = ("{\"code\":" + RpcError.UPSTREAM_UNAVAILABLE +
        ",\"message\":\"the upstream that had the subscription is gone\"}").getBytes(StandardCharsets.US_ASCII);

    private final List<SubscriptionMethod> methods;
    /** Whether subscribers can be told that their subscription has ended, and so may be left without it. */
    private final boolean tellsErrors;
    private final FeedTable table;
    private final FeedItems items;
    private final ClientSubscriptions subscriptions;
    private final PolledFilters filters;
    private final EndedFeeds ended;
    private final CounterSet counters;
    /** The refusal of heads that is told if no upstream turns out to be one that can be polled; null if none is. */
    private CorrelatedAction heldRefusal;

    FeedLife(
        final NetworkConfig network, final FeedTable table, final FeedItems items,
        final ClientSubscriptions subscriptions, final PolledFilters filters, final EndedFeeds ended,
        final CounterSet counters)
    {
        methods = network.subscriptionMethods();
        tellsErrors = network.dialect().error() != null;
        this.table = table;
        this.items = items;
        this.subscriptions = subscriptions;
        this.filters = filters;
        this.ended = ended;
        this.counters = counters;
    }

    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        ended.onTick(nowNs, out);
        settleHeads(nowNs, out);
    }

    /** An upstream answers a call by which something was fetched. */
    void onFetched(final CorrelatedAction answer, final long nowNs, final ActionList<MatchedAction> out)
    {
        items.onFetched(answer, nowNs, out);
        settleHeads(nowNs, out);
    }

    /** Who waits for heads that an upstream refuses is granted them if they are polled, and else refused. */
    private void settleHeads(final long nowNs, final ActionList<MatchedAction> out)
    {
        final Feed feed = items.headFeed();
        if (feed == null || feed.isConfirmed)
        {
            heldRefusal = null;
        }
        else if (isPolledInstead(feed))
        {
            heldRefusal = null;
            feed.isConfirmed = true;
            subscriptions.grantWaiting(feed, nowNs, out);
            filters.onFeedAccepted(nowNs, out);
        }
        else if (heldRefusal != null && !items.heads().isAnyAskedInstead() && !table.isOpen(feed))
        {
            final CorrelatedAction refusal = heldRefusal;
            heldRefusal = null;
            refuse(feed, refusal, nowNs, out);
        }
    }

    private boolean isPolledInstead(final Feed feed)
    {
        for (int lane = 0; lane < feed.lanes.length; lane++)
        {
            if (items.heads().isPolledInstead(lane))
            {
                return true;
            }
        }
        return false;
    }

    /** An upstream is gone: what it alone had, and what can't be asked for again, is at an end. */
    void onLaneDown(final long nowNs, final ActionList<MatchedAction> out)
    {
        List<Feed> lost = List.of();
        for (final Feed feed : table.all())
        {
            if (feed.isOnce() && feed.isConfirmed && !table.isOpen(feed))
            {
                lost = lost.isEmpty() ? new ArrayList<>() : lost;
                lost.add(feed);
            }
        }
        for (final Feed feed : lost)
        {
            ended.fail(feed, GONE, 0, GONE.length, nowNs, out);
        }
    }

    void onItem(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final List<Feed> sharers = table.sharers(action.upstreamRequestId);
        if (sharers != null)
        {
            for (int i = 0; i < sharers.size(); i++)
            {
                take(sharers.get(i), action, nowNs, out);
            }
            endThoseOver(sharers, nowNs, out);
            return;
        }
        final Feed feed = table.find(action.laneIndex, action.upstreamRequestId);
        if (feed == null)
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_SUBSCRIPTIONS);
        }
        else
        {
            take(feed, action, nowNs, out);
            if (feed.position != null && feed.position.isBroken)
            {
                feed.position.isBroken = false;
                loseIfLive(feed, action, nowNs, out);
            }
            if (feed.isOver)
            {
                ended.add(feed, nowNs, out);
            }
        }
    }

    private void take(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed.mayEnd() && !feed.waiting.isEmpty())
        {
            // The item may be the last one.
            subscriptions.grantAllWaiting(feed, nowNs, out);
        }
        items.onItem(feed, action, nowNs, out);
    }

    /** All feeds of one subscription at an upstream end together. */
    private void endThoseOver(final List<Feed> sharers, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int i = sharers.size() - 1; i >= 0; i--)
        {
            if (sharers.get(i).isOver)
            {
                ended.add(sharers.get(i), nowNs, out);
            }
        }
    }

    /** An upstream answers a subscribe. */
    void onSubscribeAnswer(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final Feed feed = table.find(action.laneIndex, action.upstreamRequestId);
        if (feed != null && feed.lanes[action.laneIndex].state != FeedLane.State.REQUESTED)
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
        }
        else if (action.isError)
        {
            if (feed != null)
            {
                onRefused(feed, action, nowNs, out);
            }
        }
        else
        {
            onAccepted(feed, action, nowNs, out);
        }
    }

    /** A feed that nobody wants, or that was asked for anew, is ended: its items would come for nobody, or twice. */
    private void onAccepted(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final byte[] token =
            Arrays.copyOfRange(action.bytes, action.valueOffset, action.valueOffset + action.valueLength);
        if (feed == null)
        {
            final int method = OwnCallId.methodIndex(action.upstreamRequestId);
            if (method >= methods.size())
            {
                counters.increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
                return;
            }
            table.unsubscribe(null, action.laneIndex, action.upstreamRequestId, token,
                methods.get(method).unsubscribe(), out);
        }
        else
        {
            table.onAccepted(feed, action.laneIndex, token);
            items.counted().onAccepted(action.bytes, action.valueOffset, action.valueLength);
            feed.isDoubted = false;
            subscriptions.grantWaiting(feed, nowNs, out);
            filters.onFeedAccepted(nowNs, out);
            items.onLaneLive(feed, action.laneIndex, nowNs, out);
        }
    }

    private void onRefused(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.FEEDS_REFUSED);
        table.retryLater(feed, action.laneIndex, nowNs);
        if (feed.carriesHeads())
        {
            items.onHeadsRefused(action.laneIndex, nowNs, out);
        }
        if (feed.carriesHeads() && !feed.isConfirmed && items.heads().isAnyAskedInstead())
        {
            heldRefusal = copyOf(action);
        }
        else if (!feed.isConfirmed && !table.isOpenElsewhere(feed, action.laneIndex))
        {
            refuse(feed, action, nowNs, out);
        }
        else if (feed.isDoubted && !table.isOpen(feed))
        {
            ended.fail(feed, action.bytes, action.valueOffset, action.valueLength, nowNs, out);
        }
    }

    private void refuse(
        final Feed feed, final CorrelatedAction refusal, final long nowNs, final ActionList<MatchedAction> out)
    {
        subscriptions.onFeedRefused(feed, refusal, nowNs, out);
        filters.onFeedRefused(feed, refusal, nowNs, out);
    }

    private static CorrelatedAction copyOf(final CorrelatedAction refusal)
    {
        final CorrelatedAction copy = new CorrelatedAction();
        copy.laneIndex = refusal.laneIndex;
        copy.bytes =
            Arrays.copyOfRange(refusal.bytes, refusal.valueOffset, refusal.valueOffset + refusal.valueLength);
        copy.valueLength = refusal.valueLength;
        return copy;
    }

    /** The upstream may go on sending on the old subscription: it is ended before the feed is asked for anew. */
    void onLost(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final Feed feed = table.find(action.laneIndex, action.upstreamRequestId);
        if (feed != null)
        {
            lose(feed, action, nowNs, out);
            feed.isDoubted = tellsErrors;
            if (feed.isOnce() && !table.isOpen(feed))
            {
                ended.fail(feed, action.bytes, action.valueOffset, action.valueLength, nowNs, out);
            }
        }
    }

    /** What was on its way when the upstream was told to stop changes nothing. */
    private void loseIfLive(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed.lanes[action.laneIndex].state == FeedLane.State.LIVE)
        {
            lose(feed, action, nowNs, out);
        }
    }

    private void lose(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final String unsubscribe = methods.get(feed.methodIndex).unsubscribe();
        table.unsubscribe(feed, action.laneIndex, action.upstreamRequestId,
            feed.lanes[action.laneIndex].upstreamToken, unsubscribe, out);
        table.retryLater(feed, action.laneIndex, nowNs);
        items.onLaneDown(feed, action.laneIndex, nowNs, out);
    }
}
