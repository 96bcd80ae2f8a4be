package io.ringcast.match;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.DeliveryOptions;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The subscriptions that clients with a token have left, until they come back or their time is over.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A session has one connection at most. The next one with its token waits until that one has ended, and with it the
 * question how far the client has read. What is kept holds its topic, so its items go on being numbered and kept in the
 * history. It has a deadline, from when it was left; a connection that comes and does not ask for it puts that off
 * once. When too much is kept, the session goes whose deadline is next of {@link SessionShares who} has the most.
 */
final class Sessions
{
    /** Bytes of calls of one connection that may wait for the end of another. */
    private static final long LIMIT_HELD_BYTES = 1 << 20;
    /** The same of all connections of a network. */
    private static final long LIMIT_HELD_BYTES_TOGETHER = 64 << 20;

    private final int maxSessions;
    private final int maxSubscriptions;
    private final int maxPerSession;
    private final long ttlNs;
    private final NetworkTopics topics;
    private final HistoryBudget budget;
    private final CounterSet counters;
    private final Map<String, Session> byKey = new LinkedHashMap<>();
    private final Long2ObjectHashMap<Session> byConnection = new Long2ObjectHashMap<>();
    /** All that is kept, in the order of the deadlines, with whose it is. */
    private final LinkedHashMap<KeptSubscription, Session> kept = new LinkedHashMap<>();
    /** Those that keep something. */
    private final Set<Session> keeping = new LinkedHashSet<>();
    private final SessionShares shares = new SessionShares();
    private final HeldSubscribes held;

    Sessions(
        final DeliveryConfig config, final LimitsConfig limits, final NetworkTopics topics, final HistoryBudget budget,
        final CounterSet counters)
    {
        held = new HeldSubscribes(
            limits.subscriptionsPerConnection(), LIMIT_HELD_BYTES, LIMIT_HELD_BYTES_TOGETHER);
        maxSessions = config.sessions();
        maxSubscriptions = config.sessionSubscriptions();
        maxPerSession = limits.subscriptionsPerConnection();
        ttlNs = TimeUnit.MILLISECONDS.toNanos(config.sessionTtlMs());
        this.topics = topics;
        this.budget = budget;
        this.counters = counters;
    }

    /**
     * A connection comes with a token.
     *
     * @param arrival it, and what it asks for.
     * @return its session: attached to it, unless another connection has to end first.
     */
    Session arrive(final Session.Arrival arrival)
    {
        final Session session = byKey.computeIfAbsent(
            arrival.wish.sessionKey(), key -> new Session(key, arrival.wish.share()));
        byConnection.put(arrival.connectionId, session);
        if (session.isAttached())
        {
            dropNext(session);
            session.next = arrival;
        }
        else
        {
            session.connectionId = arrival.connectionId;
        }
        counters.increment(RelayCounter.SESSION_CONNECTIONS);
        return session;
    }

    /** The connection that waits for a session waits no longer, or another one does in its place. */
    private void dropNext(final Session session)
    {
        if (session.next != null)
        {
            held.drop(session.next);
            session.next = null;
        }
    }

    /** What waits of the connections that wait for the end of another. */
    HeldSubscribes held()
    {
        return held;
    }

    /** The session of a token; null if nothing is known of it. */
    Session of(final String key)
    {
        return byKey.get(key);
    }

    /** The session that a connection has or waits for; null if it came without a token. */
    Session of(final long connectionId)
    {
        return byConnection.isEmpty() ? null : byConnection.get(connectionId);
    }

    /** The arrival that a connection still is; null if it has its session, or none. */
    Session.Arrival arrivalOf(final long connectionId)
    {
        final Session session = of(connectionId);
        return session == null || session.next == null || session.next.connectionId != connectionId ? null :
            session.next;
    }

    /** The session that a connection has; null if it has none or waits for it. */
    Session attachedTo(final long connectionId)
    {
        final Session session = of(connectionId);
        return session != null && session.connectionId == connectionId ? session : null;
    }

    /** What is kept of the same content for a connection, the first subscribed to; null if nothing is. */
    KeptSubscription findKept(final long connectionId, final String content)
    {
        final Session session = attachedTo(connectionId);
        for (int i = 0; session != null && i < session.kept.size(); i++)
        {
            if (session.kept.get(i).topic.content.equals(content))
            {
                return session.kept.get(i);
            }
        }
        return null;
    }

    /** What is kept of a topic for a connection, which it is taken from; null if nothing is. */
    KeptSubscription take(final long connectionId, final TopicState topic)
    {
        final Session session = attachedTo(connectionId);
        for (int i = 0; session != null && i < session.kept.size(); i++)
        {
            if (session.kept.get(i).topic == topic)
            {
                final KeptSubscription taken = session.kept.remove(i);
                onTaken(session, taken);
                return taken;
            }
        }
        return null;
    }

    /** The topic of what is kept for a connection under a subscription id; null if nothing is. */
    TopicState findKept(final long connectionId, final long idHigh, final long idLow)
    {
        final Session session = attachedTo(connectionId);
        for (int i = 0; session != null && i < session.kept.size(); i++)
        {
            final TopicState topic = session.kept.get(i).topic;
            if (topic.idHigh == idHigh && topic.idLow == idLow)
            {
                return topic;
            }
        }
        return null;
    }

    /** Whether a client may come yet for more that it was told as whole blocks than it has come for. */
    boolean keepsWholeBlocks(final long connectionId)
    {
        final Session session = attachedTo(connectionId);
        return session != null && session.keepsWholeBlocks();
    }

    /** A subscription of a connection has begun; it is kept when the connection ends. */
    void onGranted(
        final long connectionId, final TopicState topic, final DeliveryOptions options,
        final PatientSubscriber patient)
    {
        final Session session = attachedTo(connectionId);
        if (session != null)
        {
            session.live.put(topic, new KeptSubscription(topic, options, patient,
                patient == null ? topic.nextSequence() : patient.firstSequence));
            if (patient != null)
            {
                patient.isKept = true;
            }
        }
    }

    /** A connection has ended a subscription. */
    void onUnsubscribed(final long connectionId, final TopicState topic)
    {
        final Session session = attachedTo(connectionId);
        if (session != null)
        {
            final KeptSubscription left = session.live.remove(topic);
            if (left != null)
            {
                left.release();
            }
            session.restored.remove(topic);
        }
    }

    /** A topic has come to an end by itself: nobody comes back for it. */
    void onEnded(final TopicState topic)
    {
        if (topic.keptCount == 0)
        {
            return;
        }
        for (final Session session : List.copyOf(keeping))
        {
            for (int i = session.kept.size() - 1; i >= 0; i--)
            {
                if (session.kept.get(i).topic == topic)
                {
                    final KeptSubscription ended = session.kept.remove(i);
                    onTaken(session, ended);
                    ended.release();
                }
            }
            forgetIfEmpty(session);
        }
    }

    /** Tells whether a subscription has begun by itself and is now subscribed to: true once. */
    TopicState claimRestored(final long connectionId, final String content)
    {
        final Session session = attachedTo(connectionId);
        for (int i = 0; session != null && i < session.restored.size(); i++)
        {
            if (session.restored.get(i).content.equals(content))
            {
                return session.restored.remove(i);
            }
        }
        return null;
    }

    /**
     * A connection has ended; what it had is kept. Before its subscriptions are forgotten.
     *
     * @param connectionId it.
     * @param nowNs        when.
     * @return the connection that has waited for that, now attached; null if there is none.
     */
    Session.Arrival onClosed(final long connectionId, final long nowNs)
    {
        final Session session = byConnection.isEmpty() ? null : byConnection.remove(connectionId);
        if (session == null)
        {
            return null;
        }
        if (session.connectionId != connectionId)
        {
            if (session.next != null && session.next.connectionId == connectionId)
            {
                dropNext(session);
            }
            return null;
        }
        final int before = session.kept.size();
        session.detach();
        counters.add(RelayCounter.SESSION_SUBSCRIPTIONS_KEPT, session.kept.size() - before);
        for (int i = before; i < session.kept.size(); i++)
        {
            session.kept.get(i).watch(budget);
            keep(session, session.kept.get(i), nowNs);
        }
        while (session.kept.size() > maxPerSession)
        {
            counters.increment(RelayCounter.SESSION_SUBSCRIPTIONS_EVICTED);
            release(session, session.kept.get(0), nowNs);
        }
        final Session.Arrival next = session.next;
        session.next = null;
        if (next != null)
        {
            session.connectionId = next.connectionId;
        }
        forgetIfEmpty(session);
        evict(nowNs);
        return next;
    }

    private void keep(final Session session, final KeptSubscription subscription, final long nowNs)
    {
        subscription.untilNs = nowNs + ttlNs;
        kept.put(subscription, session);
        shares.onKept(session, subscription);
        if (keeping.add(session))
        {
            shares.onKeeping(session);
        }
    }

    /** A session got a connection: what it keeps is kept for the whole time from here on, but only once. */
    void extend(final Session session, final long nowNs)
    {
        for (int i = 0; i < session.kept.size(); i++)
        {
            final KeptSubscription subscription = session.kept.get(i);
            if (!subscription.isExtended)
            {
                subscription.isExtended = true;
                kept.remove(subscription);
                keep(session, subscription, nowNs);
            }
        }
    }

    /** Time passes. */
    void onTick(final long nowNs)
    {
        while (!kept.isEmpty())
        {
            final Map.Entry<KeptSubscription, Session> next = kept.entrySet().iterator().next();
            if (nowNs - next.getKey().untilNs < 0)
            {
                return;
            }
            final Session session = next.getValue();
            counters.increment(RelayCounter.SESSIONS_EXPIRED);
            for (final KeptSubscription subscription : List.copyOf(session.kept))
            {
                if (nowNs - subscription.untilNs >= 0)
                {
                    release(session, subscription, nowNs);
                }
            }
            forgetIfEmpty(session);
        }
    }

    /** How many sessions keep something; for the gauge. */
    int keepingCount()
    {
        return keeping.size();
    }

    private void evict(final long nowNs)
    {
        while (keeping.size() > maxSessions || kept.size() > maxSubscriptions)
        {
            counters.increment(RelayCounter.SESSIONS_EVICTED);
            final boolean areTooMany = keeping.size() > maxSessions;
            giveUp(areTooMany ? shares.nextOfMostSessions() : shares.nextOfMostSubscriptions(), nowNs);
        }
    }

    private void giveUp(final Session session, final long nowNs)
    {
        for (final KeptSubscription subscription : List.copyOf(session.kept))
        {
            release(session, subscription, nowNs);
        }
        forgetIfEmpty(session);
    }

    /** It is kept no more. */
    private void onTaken(final Session session, final KeptSubscription taken)
    {
        kept.remove(taken);
        shares.onTaken(session, taken);
        taken.topic.keptCount--;
        if (session.kept.isEmpty() && keeping.remove(session))
        {
            shares.onKeepingNothing(session);
        }
    }

    private void release(final Session session, final KeptSubscription subscription, final long nowNs)
    {
        session.kept.remove(subscription);
        onTaken(session, subscription);
        subscription.release();
        topics.lingerIfUnused(subscription.topic, nowNs);
    }

    private void forgetIfEmpty(final Session session)
    {
        if (session.connectionId == ConnectionId.NONE && session.kept.isEmpty())
        {
            byKey.remove(session.key);
        }
    }
}
