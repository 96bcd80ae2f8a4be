package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The subscribes that wait until an upstream has accepted their feed.
 * Confined to the pipeline thread that runs match.
 */
final class WaitingSubscribes
{
    /** How many subscriptions of a feed begin with one event; the rest follows with the next ones. */
    static final int LIMIT_PER_EVENT = 512;

    /** Begins a subscription whose feed has been accepted. */
    interface Grants
    {
        void grant(WaitingSubscribe waiting, long nowNs, ActionList<MatchedAction> out);
    }

    /** Answers a subscribe with an error. */
    interface Refusals
    {
        void refuse(ReplyAddress to, int errorCode, String errorMessage, ActionList<MatchedAction> out);
    }

    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final OpenSubscriptions open;
    private final Grants grants;
    private final Refusals refusals;
    private final CounterSet counters;
    private int waitingCount;

    WaitingSubscribes(
        final NetworkFeeds feeds, final NetworkTopics topics, final OpenSubscriptions open, final Grants grants,
        final Refusals refusals, final CounterSet counters)
    {
        this.feeds = feeds;
        this.topics = topics;
        this.open = open;
        this.grants = grants;
        this.refusals = refusals;
        this.counters = counters;
    }

    void add(final ConnectionTopics connection, final WaitingSubscribe waiting)
    {
        connection.addWaiting(waiting.topic);
        waiting.topic.waitingCount++;
        waitingCount++;
        waiting.topic.feed.waiting.add(waiting);
    }

    boolean has(final ReplyAddress to)
    {
        for (final Feed feed : feeds.all())
        {
            for (final WaitingSubscribe waiting : feed.waiting)
            {
                if (waiting.to.isSame(to))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /** The connection has gone. */
    void forget(final long connectionId, final ConnectionTopics connection, final long nowNs)
    {
        final Set<Feed> awaited = new HashSet<>();
        for (final TopicState topic : connection.waiting())
        {
            topic.waitingCount--;
            waitingCount--;
            awaited.add(topic.feed);
            topics.lingerIfUnused(topic, nowNs);
        }
        for (final Feed feed : awaited)
        {
            feed.waiting.removeIf(waiting -> waiting.to.connectionId == connectionId);
        }
    }

    /** Grants the first of those who wait for a feed; the ticks grant the others. */
    void grant(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        grant(feed, LIMIT_PER_EVENT, nowNs, out);
    }

    /** Grants all who wait for a feed that may be about to end: the ticks would not find it any more. */
    void grantAll(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (feed.isConfirmed)
        {
            grant(feed, feed.waiting.size(), nowNs, out);
        }
    }

    /** Takes all who wait for a feed. */
    List<WaitingSubscribe> take(final Feed feed)
    {
        final List<WaitingSubscribe> taken = new ArrayList<>(feed.waiting);
        feed.waiting.clear();
        for (final WaitingSubscribe waiting : taken)
        {
            end(waiting);
        }
        return taken;
    }

    /** Grants and refuses, at most {@value #LIMIT_PER_EVENT} of each feed. */
    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        if (waitingCount > 0)
        {
            workOnWaiting(nowNs, out);
        }
    }

    private void grant(
        final Feed feed, final int limit, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int left = limit; left > 0 && !feed.waiting.isEmpty(); left--)
        {
            final WaitingSubscribe waiting = feed.waiting.pollFirst();
            end(waiting);
            grants.grant(waiting, nowNs, out);
        }
    }

    private void end(final WaitingSubscribe waiting)
    {
        waitingCount--;
        waiting.topic.waitingCount--;
        open.find(waiting.to.connectionId).removeWaiting(waiting.topic);
    }

    private void workOnWaiting(final long nowNs, final ActionList<MatchedAction> out)
    {
        for (final Feed feed : feeds.all())
        {
            if (feed.isConfirmed)
            {
                grant(feed, nowNs, out);
            }
            else
            {
                expire(feed, nowNs, out);
            }
        }
    }

    private void expire(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int left = LIMIT_PER_EVENT; left > 0 && !feed.waiting.isEmpty(); left--)
        {
            if (nowNs - feed.waiting.peekFirst().deadlineNs < 0)
            {
                return;
            }
            final WaitingSubscribe waiting = feed.waiting.pollFirst();
            end(waiting);
            open.find(waiting.to.connectionId).giveBack();
            topics.lingerIfUnused(waiting.topic, nowNs);
            counters.increment(RelayCounter.CALLS_TIMED_OUT);
            refusals.refuse(waiting.to, RpcError.TIMEOUT, "request timed out: no upstream has answered", out);
        }
    }
}
