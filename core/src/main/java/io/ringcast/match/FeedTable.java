package io.ringcast.match;

import io.ringcast.config.Dialect;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import org.agrona.collections.Int2ObjectHashMap;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The feeds, and the relay's own calls that begin and end them at the upstreams.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Each upstream that has a feed is a lane of it, with a state of its own; {@link FeedItems} merges what they bring.
 */
final class FeedTable
{
    private static final long RETRY_NS = 1_000_000_000L;
    private static final long RARE_RETRY_NS = 30_000_000_000L;

    /** Whether the id of the subscribe call is that of the subscription. */
    private final boolean namesFeedsByCall;
    /** Null if each feed has an id of its own at a node. */
    private final SharedTokens shared;
    private final long answerTimeoutNs;
    private final boolean[] isLaneUp;
    private final CounterSet counters;
    private final Int2ObjectHashMap<Feed> feedsById = new Int2ObjectHashMap<>();
    private final Map<String, Feed> feedsByKey = new LinkedHashMap<>();
    private int lastFeedId;
    private int ownCount;
    private long ownCallSerial;

    FeedTable(
        final int laneCount, final long answerTimeoutNs, final Dialect dialect, final CounterSet counters)
    {
        shared = dialect.sharesIds() ? new SharedTokens(laneCount) : null;
        namesFeedsByCall = dialect.ids() == SubscriptionIdForm.REQUEST;
        this.answerTimeoutNs = answerTimeoutNs;
        isLaneUp = new boolean[laneCount];
        this.counters = counters;
    }

    Feed get(final int feedId)
    {
        return feedsById.get(feedId);
    }

    /** Finds the feed that a subscribe call was for; null if it was released, or has been subscribed anew since. */
    Feed find(final int laneIndex, final long ownCallId)
    {
        final Feed feed = feedsById.get(OwnCallId.feedId(ownCallId));
        return feed != null && feed.lanes[laneIndex].ownCallId == ownCallId ? feed : null;
    }

    /** Finds a feed by what it is; null if there is none. */
    Feed find(final String method, final String feedParams)
    {
        return feedsByKey.get(method + feedParams);
    }

    /** The feeds whose items come under a subscribe call; null if that is the one it was for, or none. */
    List<Feed> sharers(final long ownCallId)
    {
        return shared == null ? null : shared.feedsOf(ownCallId);
    }

    void add(final Feed feed, final ActionList<MatchedAction> out)
    {
        feedsByKey.put(feed.key, feed);
        feedsById.put(feed.feedId, feed);
        ownCount += feed.kind == Feed.Kind.OWN ? 1 : 0;
        for (int lane = 0; lane < isLaneUp.length; lane++)
        {
            if (isLaneUp[lane])
            {
                request(feed, lane, out);
            }
        }
    }

    /**
     * Sends a call that fetches what a feed has missed.
     *
     * @return its id.
     */
    long fetch(final Feed feed, final int laneIndex, final String call, final ActionList<MatchedAction> out)
    {
        final long id = OwnCallId.fetch(feed.feedId, ++ownCallSerial);
        addOwnCall(laneIndex, id, call.getBytes(StandardCharsets.UTF_8), out);
        return id;
    }

    boolean isUp(final int laneIndex)
    {
        return isLaneUp[laneIndex];
    }

    /** Whether another upstream has not refused the feed, and may yet accept it. */
    boolean isOpenElsewhere(final Feed feed, final int laneIndex)
    {
        for (int lane = 0; lane < feed.lanes.length; lane++)
        {
            if (lane != laneIndex && feed.lanes[lane].state == FeedLane.State.REQUESTED)
            {
                return true;
            }
        }
        return false;
    }

    /** Whether an upstream has the feed, or may yet accept it. */
    boolean isOpen(final Feed feed)
    {
        for (final FeedLane lane : feed.lanes)
        {
            if (lane.state == FeedLane.State.LIVE || lane.state == FeedLane.State.REQUESTED)
            {
                return true;
            }
        }
        return false;
    }

    /** How many feeds no upstream has. */
    int ownCount()
    {
        return ownCount;
    }

    Iterable<Feed> all()
    {
        return feedsById.values();
    }

    void onLaneUp(final int laneIndex, final ActionList<MatchedAction> out)
    {
        isLaneUp[laneIndex] = true;
        for (final Feed feed : feedsById.values())
        {
            request(feed, laneIndex, out);
        }
    }

    void onLaneDown(final int laneIndex)
    {
        isLaneUp[laneIndex] = false;
        if (shared != null)
        {
            shared.onLaneDown(laneIndex);
        }
        for (final Feed feed : feedsById.values())
        {
            feed.lanes[laneIndex].state = FeedLane.State.IDLE;
        }
    }

    /** An upstream accepted a feed that was asked for. */
    void onAccepted(final Feed feed, final int laneIndex, final byte[] token)
    {
        counters.increment(RelayCounter.FEEDS_SUBSCRIBED);
        feed.lanes[laneIndex].state = FeedLane.State.LIVE;
        feed.lanes[laneIndex].wasAccepted = true;
        feed.lanes[laneIndex].upstreamToken = token;
        feed.isConfirmed = true;
        if (shared != null)
        {
            shared.onAccepted(feed, laneIndex, feed.lanes[laneIndex].ownCallId, token);
        }
    }

    /** An upstream refused a feed that it or another has accepted before, or lost it: tried again later. */
    void retryLater(final Feed feed, final int laneIndex, final long nowNs)
    {
        final FeedLane lane = feed.lanes[laneIndex];
        lane.state = FeedLane.State.REFUSED;
        // One that has never had it is not going to have it soon.
        lane.retryAtNs = nowNs + (lane.wasAccepted ? RETRY_NS : RARE_RETRY_NS);
    }

    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int lane = 0; lane < isLaneUp.length; lane++)
        {
            if (isLaneUp[lane])
            {
                retryDue(lane, nowNs, out);
            }
        }
    }

    void remove(final Feed feed, final String unsubscribeMethod, final ActionList<MatchedAction> out)
    {
        feedsByKey.remove(feed.key);
        feedsById.remove(feed.feedId);
        ownCount -= feed.kind == Feed.Kind.OWN ? 1 : 0;
        for (int lane = 0; lane < feed.lanes.length; lane++)
        {
            if (feed.lanes[lane].state == FeedLane.State.LIVE)
            {
                unsubscribe(
                    feed, lane, feed.lanes[lane].ownCallId, feed.lanes[lane].upstreamToken, unsubscribeMethod, out);
            }
        }
    }

    private void retryDue(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (final Feed feed : feedsById.values())
        {
            final FeedLane lane = feed.lanes[laneIndex];
            if (lane.state == FeedLane.State.REFUSED && nowNs - lane.retryAtNs >= 0)
            {
                request(feed, laneIndex, out);
            }
            else if (lane.state == FeedLane.State.REQUESTED)
            {
                requestAgainIfDue(feed, laneIndex, nowNs, out);
            }
        }
    }

    /** Asking again is safe: should the first call be answered after all, what it began is ended. */
    private void requestAgainIfDue(
        final Feed feed, final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        final FeedLane lane = feed.lanes[laneIndex];
        if (lane.answerDueNs == 0)
        {
            lane.answerDueNs = nowNs + answerTimeoutNs;
        }
        else if (nowNs - lane.answerDueNs >= 0)
        {
            request(feed, laneIndex, out);
        }
    }

    private void request(final Feed feed, final int laneIndex, final ActionList<MatchedAction> out)
    {
        final FeedLane lane = feed.lanes[laneIndex];
        if (feed.isLocal() || feed.isOnce() && (feed.isConfirmed || lane.ownCallId != 0))
        {
            return;
        }
        lane.state = FeedLane.State.REQUESTED;
        lane.answerDueNs = 0;
        lane.ownCallId = feed.carriesHeads() ?
            OwnCallId.subscribeHeads(feed.feedId, feed.methodIndex, ++ownCallSerial) :
            OwnCallId.subscribe(feed.feedId, feed.methodIndex, ++ownCallSerial);
        addOwnCall(
            laneIndex, lane.ownCallId, feed.position == null ? feed.subscribeCall : feed.position.call(), out);
    }

    /** Tells an upstream to end what a subscribe call has begun; the feed is null if it has been released since. */
    void unsubscribe(
        final Feed feed, final int laneIndex, final long subscribeCallId, final byte[] token,
        final String unsubscribeMethod, final ActionList<MatchedAction> out)
    {
        final long callId =
            shared == null ? subscribeCallId : shared.leave(feed, laneIndex, subscribeCallId, token);
        if (callId == SharedTokens.NONE)
        {
            return;
        }
        if (namesFeedsByCall)
        {
            addOwnCall(laneIndex, callId,
                ("\"method\":\"" + unsubscribeMethod + '"').getBytes(StandardCharsets.UTF_8), out);
            return;
        }
        final String call = "\"method\":\"" + unsubscribeMethod + "\",\"params\":[" +
            new String(token, StandardCharsets.UTF_8) + "]";
        addOwnCall(laneIndex, OwnCallId.unsubscribeOf(callId), call.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void addOwnCall(
        final int laneIndex, final long ownCallId, final byte[] call, final ActionList<MatchedAction> out)
    {
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.OWN_CALL;
        action.laneIndex = laneIndex;
        action.upstreamRequestId = ownCallId;
        action.bytes = call;
        action.offset = 0;
        action.length = call.length;
    }

    int nextFeedId()
    {
        do
        {
            lastFeedId = lastFeedId + 1 & OwnCallId.MAX_FEED_ID;
        }
        while (feedsById.containsKey(lastFeedId));
        return lastFeedId;
    }
}
