package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * The connections and what each of them subscribes to: opens topics to them, and shuts them.
 * Confined to the pipeline thread that runs match.
 */
final class OpenSubscriptions
{
    private final NetworkTopics topics;
    private final Resumption resumption;
    private final Sessions sessions;
    private final Histories histories;
    private final CounterSet counters;
    private final SubscriptionGauge gauge = new SubscriptionGauge();
    private final Long2ObjectHashMap<ConnectionTopics> connections = new Long2ObjectHashMap<>();
    /** Those that subscribe to the status, each once. */
    private final LongArrayList statusConnections = new LongArrayList();
    /** The number of the last one that may be behind; any of them, once it has gone round. */
    private int lastGrant;
    /** Whether the subscription that begins goes on where a session has left it. */
    private boolean isGoingOn;

    OpenSubscriptions(
        final NetworkTopics topics, final Resumption resumption, final Sessions sessions,
        final Histories histories, final CounterSet counters)
    {
        this.histories = histories;
        this.topics = topics;
        this.resumption = resumption;
        this.sessions = sessions;
        this.counters = counters;
    }

    /** How many there are, by kind; readable from any thread. */
    SubscriptionGauge gauge()
    {
        return gauge;
    }

    LongArrayList statusConnections()
    {
        return statusConnections;
    }

    /** A connection; null if it has never subscribed. */
    ConnectionTopics find(final long connectionId)
    {
        return connections.get(connectionId);
    }

    /** Whether the session of a connection keeps more that is told whole blocks than the client has come for. */
    boolean keepsWholeBlocks(final long connectionId)
    {
        return sessions.keepsWholeBlocks(connectionId);
    }

    ConnectionTopics findOrAdd(final long connectionId)
    {
        ConnectionTopics connection = connections.get(connectionId);
        if (connection == null)
        {
            connection = new ConnectionTopics();
            connections.put(connectionId, connection);
        }
        return connection;
    }

    /** What a session keeps of the same content comes back under the id that it had. */
    TopicState findOrAddTopic(
        final long connectionId, final ConnectionTopics connection, final int methodIndex,
        final SubscriptionRequest request, final ActionList<MatchedAction> out)
    {
        final KeptSubscription kept =
            sessions.findKept(connectionId, topics.contentOf(methodIndex, request));
        return kept != null && kept.topic.feed.isConfirmed ? kept.topic :
            findOrAddTopic(connection, methodIndex, request, out);
    }

    /** The salt keeps a second subscription to the same thing on one connection apart: its id must differ. */
    private TopicState findOrAddTopic(
        final ConnectionTopics connection, final int methodIndex, final SubscriptionRequest request,
        final ActionList<MatchedAction> out)
    {
        final int salt = connection.lowestFreeSalt(topics.contentOf(methodIndex, request));
        return topics.findOrAdd(methodIndex, request, salt, out);
    }

    /** Whether a subscription that is to begin in the past has to be refused, since as many do so as may. */
    boolean lacksReader(final long connectionId, final long fromNumber)
    {
        return fromNumber != SubscriptionRequest.NO_HISTORY &&
            histories.isFull(findOrAdd(connectionId), fromNumber);
    }

    /**
     * Finds where a subscriber begins that {@link #lacksReader} would not refuse.
     *
     * @param connectionId whose subscription it is.
     * @param topic        what it subscribes to.
     * @param options      what it asked for.
     * @param fromNumber   the first block that it wants, or {@link SubscriptionRequest#NO_HISTORY}.
     * @return what {@link #open} takes; {@link Resumption#LOST} if it can't go on where it wants to.
     */
    PatientSubscriber begin(
        final long connectionId, final TopicState topic, final DeliveryOptions options, final long fromNumber)
    {
        final KeptSubscription kept = sessions.take(connectionId, topic);
        final long readAnew = kept == null ? SubscriptionRequest.NO_HISTORY : kept.historyFrom();
        final boolean isFilling = fromNumber == SubscriptionRequest.NO_HISTORY &&
            readAnew != SubscriptionRequest.NO_HISTORY && options.fillsGap();
        final boolean canFill = isFilling && !histories.isFull(findOrAdd(connectionId), readAnew);
        // If there is no place to read in, what is no longer kept is passed over, and told as lost.
        isGoingOn = kept != null && options.resume() == null &&
            (readAnew == SubscriptionRequest.NO_HISTORY || isFilling && !canFill);
        // Who now asks for what is published alone is not given the past, whatever its session had not read of it.
        final boolean isAnew = readAnew != SubscriptionRequest.NO_HISTORY &&
            (canFill || fromNumber != SubscriptionRequest.NO_HISTORY);
        final long pastFrom = isAnew ? readAnew : fromNumber;
        if (!isGoingOn && options.resume() == null && pastFrom != SubscriptionRequest.NO_HISTORY)
        {
            return begin(topic, options, pastFrom, kept);
        }
        final PatientSubscriber patient =
            isGoingOn ? resumption.goOn(topic, options, kept) : resumption.begin(topic, options);
        if (kept != null)
        {
            kept.release();
        }
        return patient == Resumption.LOST && !isGoingOn && histories.canFill(findOrAdd(connectionId), topic, options) ?
            histories.fill(topic, options) : patient;
    }

    private PatientSubscriber begin(
        final TopicState topic, final DeliveryOptions options, final long fromNumber, final KeptSubscription kept)
    {
        if (kept == null)
        {
            return histories.begin(topic, options, fromNumber, null);
        }
        kept.leave();
        return histories.begin(topic, options, fromNumber, kept.told());
    }

    /** Opens a topic to a connection, as {@link #begin} has just said. */
    void open(
        final ReplyAddress to, final TopicState topic, final DeliveryOptions options,
        final PatientSubscriber patient, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = find(to.connectionId);
        connection.addSubscribed(topic);
        sessions.onGranted(to.connectionId, topic, options, patient);
        if (patient != null)
        {
            patient.grant = ++lastGrant;
            connection.addPatient(patient);
        }
        count(options, patient);
        topic.addSubscriber(to.connectionId);
        gauge.add(topic.kind, 1);
        final MatchedAction open = out.add();
        open.kind = MatchedAction.Kind.OPEN;
        open.to.copyFrom(to);
        open.topic = topic.topic;
        open.options = options;
        open.nextSequence = topic.nextSequence();
        open.isPatient = patient != null && PatientSubscriber.mayWait(options);
        open.isCatchingUp = patient != null;
        open.grant = patient == null ? 0 : patient.grant;
        open.isPast = patient != null && patient.history != null;
        open.sequence = patient == null ? topic.nextSequence() : patient.firstSequence;
        if (topic.kind == SubscriptionKind.STATUS && connection.statuses.size() == 1)
        {
            onStatusOpened(to.connectionId, connection, out);
        }
    }

    /** Whether its session was still there a client cannot know otherwise: a forgotten token passes for a new one. */
    private void onStatusOpened(
        final long connectionId, final ConnectionTopics connection, final ActionList<MatchedAction> out)
    {
        statusConnections.addLong(connectionId);
        final Session session = sessions.attachedTo(connectionId);
        if (session != null)
        {
            StatusTelling.tell(connectionId, connection, "session", ",\"kept\":" + session.keptBefore(), out);
        }
    }

    private void count(final DeliveryOptions options, final PatientSubscriber patient)
    {
        counters.increment(RelayCounter.SUBSCRIBES);
        if (options.resume() != null)
        {
            counters.increment(RelayCounter.SUBSCRIBES_RESUMED);
        }
        else if (isGoingOn)
        {
            counters.increment(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED);
            counters.add(RelayCounter.SESSION_GAPS, patient != null && isMissing(patient) ? 1 : 0);
        }
    }

    /** Whether something that it missed is no longer kept. */
    private static boolean isMissing(final PatientSubscriber patient)
    {
        return patient.lostWhy != null || patient.hidesRemovals ||
            patient.isReturning() && patient.firstSequence < patient.topic.group.history.oldest();
    }

    /** Lets a connection receive a topic no longer. */
    void shut(final long connectionId, final TopicState topic, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = find(connectionId);
        connection.removeSubscribed(topic);
        connection.giveBack();
        sessions.onUnsubscribed(connectionId, topic);
        topic.removeSubscriber(connectionId);
        gauge.add(topic.kind, -1);
        if (topic.kind == SubscriptionKind.STATUS && connection.statuses.isEmpty())
        {
            statusConnections.removeLong(connectionId);
        }
        final MatchedAction shut = out.add();
        shut.kind = MatchedAction.Kind.SHUT;
        shut.to.set(connectionId, ReplyAddress.NO_BATCH, 0);
        shut.topic = topic.topic;
    }

    /** Forgets a connection and its subscriptions; gives it if it was there, with what it still waits for. */
    ConnectionTopics forget(final long connectionId, final long nowNs)
    {
        final ConnectionTopics connection = connections.remove(connectionId);
        if (connection == null)
        {
            return null;
        }
        connection.giveAllBack();
        counters.add(RelayCounter.SUBSCRIPTIONS_DROPPED, connection.subscribedCount());
        for (final TopicState topic : connection.subscribed())
        {
            topic.removeSubscriber(connectionId);
            gauge.add(topic.kind, -1);
            topics.lingerIfUnused(topic, nowNs);
        }
        if (!connection.statuses.isEmpty())
        {
            statusConnections.removeLong(connectionId);
        }
        return connection;
    }
}
