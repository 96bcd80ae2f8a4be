package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotVerdicts;

import java.util.List;

/**
 * Connections whose URL asks for something as a whole: lets begin what begins by itself, and makes those of one session
 * follow each other.
 * Confined to the pipeline thread that runs match.
 */
final class SessionConnections
{
    /** Takes the calls that have waited for the end of another connection. Called on that thread. */
    interface HeldCalls
    {
        void onHeld(HeldSubscribe held, long nowNs, ActionList<MatchedAction> out);
    }

    private final LimitsConfig limits;
    private final List<SubscriptionMethod> methods;
    private final DeliveryOptions networkOptions;
    private final Sessions sessions;
    private final OpenSubscriptions subscriptions;
    private final NetworkTopics topics;
    private final HeldCalls calls;
    private final CounterSet counters;
    @NotInImage("of the slot")
    private SlotVerdicts verdicts = new SlotVerdicts();

    SessionConnections(
        final NetworkConfig config, final LimitsConfig limits, final Sessions sessions,
        final OpenSubscriptions subscriptions, final NetworkTopics topics, final HeldCalls calls,
        final CounterSet counters)
    {
        this.limits = limits;
        methods = config.subscriptionMethods();
        networkOptions = config.options();
        this.sessions = sessions;
        this.subscriptions = subscriptions;
        this.topics = topics;
        this.calls = calls;
        this.counters = counters;
    }

    /** A slot begins. */
    void begin(final SlotVerdicts slotVerdicts)
    {
        verdicts = slotVerdicts;
    }

    /**
     * Holds a call of a connection that waits for the end of another, or refuses it if too many wait already: what came
     * later must not be done sooner.
     *
     * @return false if the connection waits for none.
     */
    boolean tryHold(
        final CorrelatedAction action, final DeliveryOptions connectionOptions, final ActionList<MatchedAction> out)
    {
        final Session.Arrival arrival = sessions.arrivalOf(action.to.connectionId);
        if (arrival == null)
        {
            return false;
        }
        if (sessions.held().hasRoom(arrival, HeldSubscribe.lengthBytes(action)))
        {
            sessions.held().add(arrival, new HeldSubscribe(action, connectionOptions));
            return true;
        }
        counters.increment(RelayCounter.LIMIT_REFUSALS);
        if (action.kind == CorrelatedAction.Kind.SUBSCRIBE)
        {
            counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
        }
        Replies.error(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: " + sessions.held().limits(), out);
        return true;
    }

    boolean isHeld(final ReplyAddress to)
    {
        final Session.Arrival arrival = sessions.arrivalOf(to.connectionId);
        return arrival != null && arrival.held.stream().anyMatch(held -> held.action.to.isSame(to));
    }

    /**
     * A connection opens whose URL asks for something as a whole.
     *
     * @param connectionId it.
     * @param wish         what it asks for.
     * @param rights       who pays for what begins by itself.
     * @param connectionOptions what its URL asks for, for each subscription; null if nothing.
     * @param nowNs        when.
     * @param out          takes what begins by itself, or the end of the connection that has the session.
     */
    void onOpened(
        final long connectionId, final ConnectionWish wish, final ClientRights rights,
        final DeliveryOptions connectionOptions, final long nowNs, final ActionList<MatchedAction> out)
    {
        final Session.Arrival arrival = new Session.Arrival(connectionId, wish, rights, connectionOptions);
        if (wish.sessionKey() == null)
        {
            begin(arrival, nowNs, out);
            return;
        }
        final Session session = sessions.of(wish.sessionKey());
        final Session.Arrival overtaken = session == null ? null : session.next;
        if (sessions.arrive(arrival).next != arrival)
        {
            begin(arrival, nowNs, out);
        }
        else
        {
            // The one that has the session was told when the first came that waits for it.
            endForSession(overtaken == null ? session.connectionId : overtaken.connectionId, out);
        }
    }

    /** A connection has proved to have read so much. */
    void onRead(final long connectionId, final byte[] positions, final int lengthBytes)
    {
        final Session session = sessions.attachedTo(connectionId);
        if (session != null)
        {
            session.onRead(positions, lengthBytes);
        }
    }

    private void endForSession(final long connectionId, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.SESSIONS_TAKEN_OVER);
        final MatchedAction end = out.add();
        end.kind = MatchedAction.Kind.TAKE_OVER;
        end.to.set(connectionId, ReplyAddress.NO_BATCH, 0);
    }

    /** Lets begin by itself what does, and then what the client has asked for meanwhile. */
    private void begin(final Session.Arrival arrival, final long nowNs, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = subscriptions.findOrAdd(arrival.connectionId);
        final Session session = sessions.attachedTo(arrival.connectionId);
        if (session != null)
        {
            session.onCome();
            sessions.extend(session, nowNs);
        }
        if (session != null && arrival.wish.restores())
        {
            for (final KeptSubscription kept : List.copyOf(session.kept))
            {
                restore(session, connection, kept, arrival, nowNs, out);
            }
        }
        if (arrival.wish.hasStatus())
        {
            beginStatus(arrival, connection, nowNs, out);
        }
        final HeldSubscribes waiting = sessions.held();
        try
        {
            for (HeldSubscribe held = waiting.poll(arrival); held != null; held = waiting.poll(arrival))
            {
                calls.onHeld(held, nowNs, out);
            }
        }
        finally
        {
            waiting.drop(arrival);
        }
    }

    private boolean hasRoom(final ConnectionTopics connection, final ClientRights rights)
    {
        return connection.count() < limits.subscriptionsPerConnection() && connection.tryTake(rights, verdicts);
    }

    private void restore(
        final Session session, final ConnectionTopics connection, final KeptSubscription kept,
        final Session.Arrival arrival, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (!hasRoom(connection, arrival.rights))
        {
            // It stays kept, for a subscribe when there is room.
            counters.increment(RelayCounter.SESSION_RESTORES_REFUSED);
            return;
        }
        if (subscriptions.lacksReader(arrival.connectionId, kept.historyFrom()))
        {
            // It stays kept, for a subscribe when there is a place.
            counters.increment(RelayCounter.RESUMES_REFUSED);
            connection.giveBack();
            return;
        }
        final ReplyAddress to = new ReplyAddress();
        to.set(arrival.connectionId, ReplyAddress.NO_BATCH, 0);
        final PatientSubscriber patient = subscriptions.begin(
            arrival.connectionId, kept.topic, kept.options, kept.historyFrom());
        if (patient == Resumption.LOST)
        {
            counters.increment(RelayCounter.RESUMES_REFUSED);
            connection.giveBack();
            topics.lingerIfUnused(kept.topic, nowNs);
            return;
        }
        subscriptions.open(to, kept.topic, kept.options, patient, out);
        session.restored.add(kept.topic);
    }

    /** Who asks for it by the URL can't be told the id; it knows the items by their shape. */
    private void beginStatus(
        final Session.Arrival arrival, final ConnectionTopics connection, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        final DeliveryOptions options =
            (arrival.options == null ? networkOptions : arrival.options).withFields(null);
        final SubscriptionRequest request =
            new SubscriptionRequest(StatusFeed.PARAMS, StatusFeed.PARAMS, null, options);
        final int method = SubscriptionMethod.statusIndex(methods);
        if (sessions.claimRestored(arrival.connectionId, topics.contentOf(method, request)) != null)
        {
            return;
        }
        if (!hasRoom(connection, arrival.rights))
        {
            counters.increment(RelayCounter.SESSION_RESTORES_REFUSED);
        }
        else
        {
            final ReplyAddress to = new ReplyAddress();
            to.set(arrival.connectionId, ReplyAddress.NO_BATCH, 0);
            final TopicState topic =
                subscriptions.findOrAddTopic(arrival.connectionId, connection, method, request, out);
            PatientSubscriber patient =
                subscriptions.begin(arrival.connectionId, topic, options, SubscriptionRequest.NO_HISTORY);
            if (patient == Resumption.LOST)
            {
                // What the session kept is given up by now, and nobody can be told so: it begins anew.
                patient =
                    subscriptions.begin(arrival.connectionId, topic, options, SubscriptionRequest.NO_HISTORY);
            }
            if (patient == Resumption.LOST)
            {
                connection.giveBack();
                topics.lingerIfUnused(topic, nowNs);
                return;
            }
            subscriptions.open(to, topic, options, patient, out);
        }
    }

    /** A connection has ended and its subscriptions are kept: the next one of its session begins. */
    void onFollowed(final Session.Arrival next, final long nowNs, final ActionList<MatchedAction> out)
    {
        begin(next, nowNs, out);
    }
}
