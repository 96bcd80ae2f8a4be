package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotVerdicts;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides who subscribes to what: grants and refuses subscriptions, and ends them.
 * Confined to the pipeline thread that runs match.
 */
final class ClientSubscriptions
{
    private static final String NO_FILTER_LISTS =
        "relay option any can't be had: the node does not give all logs";
    /** How many subscriptions of a feed begin with one event; the rest follows with the next ones. */
    private static final int LIMIT_PER_EVENT = 512;

    private final LimitsConfig limits;
    private final long subscribeTimeoutNs;
    private final List<SubscriptionMethod> methods;
    private final CounterSet counters;
    private final SubscriptionGauge gauge = new SubscriptionGauge();
    private final SubscriptionParser parser;
    private final SubscriptionIdToken idToken;
    private final DialectAnswers answers;
    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final Resumption resumption;
    private final OwnTopics ownTopics;
    private final Long2ObjectHashMap<ConnectionTopics> connections = new Long2ObjectHashMap<>();
    private final DeliveryOptions networkOptions;
    private DeliveryOptions connectionOptions;
    private SlotVerdicts verdicts = new SlotVerdicts();
    private int waitingCount;

    ClientSubscriptions(
        final NetworkConfig config, final LimitsConfig limits, final long subscribeTimeoutNs,
        final NetworkFeeds feeds, final NetworkTopics topics, final OwnTopics ownTopics, final Resumption resumption,
        final CounterSet counters)
    {
        networkOptions = config.options();
        this.limits = limits;
        this.subscribeTimeoutNs = subscribeTimeoutNs;
        methods = config.subscriptionMethods();
        this.resumption = resumption;
        this.feeds = feeds;
        this.topics = topics;
        this.counters = counters;
        this.ownTopics = ownTopics;
        parser = new SubscriptionParser(config.dialect(), config.logs(), limits, config.topics());
        idToken = new SubscriptionIdToken(config.dialect().ids());
        answers = new DialectAnswers(config.dialect());
    }

    /** A slot begins; null if the client's connection asked for nothing, or the slot is no client's. */
    void begin(final DeliveryOptions optionsOfConnection, final SlotVerdicts slotVerdicts)
    {
        verdicts = slotVerdicts;
        connectionOptions = optionsOfConnection;
    }

    void onSubscribe(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = connection(action.to.connectionId);
        if (connection.count() >= limits.subscriptionsPerConnection())
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " +
                limits.subscriptionsPerConnection() + " subscriptions on one connection", out);
            return;
        }
        final SubscriptionMethod method = methods.get(action.methodIndex);
        final SubscriptionRequest request;
        try
        {
            request = parser.parse(
                method, action.bytes, action.valueOffset, action.valueLength,
                connectionOptions == null ? networkOptions : connectionOptions);
        }
        catch (final BadParams e)
        {
            refuse(action.to, RpcError.INVALID_PARAMS, e.getMessage(), out);
            return;
        }
        if (topics.isUnavailable(request))
        {
            refuse(action.to, RpcError.INVALID_PARAMS, NO_FILTER_LISTS, out);
            return;
        }
        if (ownTopics.isFull(request))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many topics", out);
            return;
        }
        if (!connection.tryTake(action.rights, verdicts))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many subscriptions of one key", out);
            return;
        }
        subscribe(action.to, connection, action.methodIndex, topics.available(request), nowNs, out);
    }

    void onUnsubscribe(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = connections.get(action.to.connectionId);
        final boolean isId = idToken.tryRead(action.bytes, action.valueOffset, action.valueLength);
        final TopicState topic = isId && connection != null ? connection.find(idToken.high(), idToken.low()) : null;
        if (topic == null)
        {
            counters.increment(RelayCounter.UNSUBSCRIBES_UNKNOWN);
            answers.unknown(action.to, idToken.isPresent(), out);
            return;
        }
        counters.increment(RelayCounter.UNSUBSCRIBES);
        leave(action.to.connectionId, connection, topic, out);
        topics.lingerIfUnused(topic, nowNs);
        answers.ended(action.to, out);
    }

    /** A topic has come to an end by itself. */
    void end(final TopicState topic, final ActionList<MatchedAction> out)
    {
        final long[] owners = new long[topic.owners.size()];
        int count = 0;
        for (final LongHashSet.LongIterator owner = topic.owners.iterator(); owner.hasNext(); )
        {
            owners[count++] = owner.nextValue();
        }
        for (final long connectionId : owners)
        {
            counters.increment(RelayCounter.SUBSCRIPTIONS_ENDED);
            leave(connectionId, connections.get(connectionId), topic, out);
        }
    }

    private void leave(
        final long connectionId, final ConnectionTopics connection, final TopicState topic,
        final ActionList<MatchedAction> out)
    {
        connection.removeSubscribed(topic);
        connection.giveBack();
        topic.removeSubscriber(connectionId);
        gauge.add(topic.kind, -1);
        final MatchedAction shut = out.add();
        shut.kind = MatchedAction.Kind.SHUT;
        shut.to.set(connectionId, ReplyAddress.NO_BATCH, 0);
        shut.topic = topic.topic;
    }

    /**
     * Forgets a connection and its subscriptions.
     *
     * @param connectionId who went.
     * @param nowNs        when.
     */
    void onClientClosed(final long connectionId, final long nowNs)
    {
        final ConnectionTopics connection = connections.remove(connectionId);
        if (connection == null)
        {
            return;
        }
        connection.giveAllBack();
        counters.add(RelayCounter.SUBSCRIPTIONS_DROPPED, connection.subscribedCount());
        for (final TopicState topic : connection.subscribed())
        {
            topic.removeSubscriber(connectionId);
            gauge.add(topic.kind, -1);
            topics.lingerIfUnused(topic, nowNs);
        }
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

    /**
     * Time passes: subscribes that waited too long are refused, at most {@value #LIMIT_PER_EVENT} of each feed.
     *
     * @param nowNs the time.
     * @param out   takes what is decided.
     */
    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        if (waitingCount > 0)
        {
            workOnWaiting(nowNs, out);
        }
    }

    /** Grants the first of those who wait for a feed; the ticks grant the others. */
    void grantWaiting(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int left = LIMIT_PER_EVENT; left > 0 && !feed.waiting.isEmpty(); left--)
        {
            final WaitingSubscribe waiting = feed.waiting.pollFirst();
            endWaiting(waiting);
            grant(waiting.to, waiting.topic, waiting.options, nowNs, out);
        }
    }

    /** No upstream gives the feed: whoever waits for it is told so. */
    void onFeedRefused(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final List<WaitingSubscribe> refused = takeWaiting(feed);
        for (final TopicGroup group : new ArrayList<>(feed.groups))
        {
            for (final TopicState topic : new ArrayList<>(group.topics))
            {
                topics.release(topic, out);
            }
        }
        for (final WaitingSubscribe waiting : refused)
        {
            if (waiting.topic.group.tellsFilters)
            {
                topics.refuseAllLogs();
                refuse(waiting.to, RpcError.INVALID_PARAMS, NO_FILTER_LISTS, out);
            }
            else if (waiting.topic.group.filters != null)
            {
                topics.refuseAllLogs();
                final SubscriptionRequest request = new SubscriptionRequest(
                    "[\"logs\"," + waiting.topic.group.filters[0].filter.canonicalJson() + "]", null, null,
                    waiting.options).filteredUpstream();
                subscribe(waiting.to, connection(waiting.to.connectionId), feed.methodIndex, request, nowNs, out);
            }
            else
            {
                connections.get(waiting.to.connectionId).giveBack();
                counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
                final MatchedAction error = Replies.errorObject(waiting.to, action.bytes, out);
                error.offset = action.valueOffset;
                error.length = action.valueLength;
            }
        }
    }

    /** Finds a subscription that may be behind; null if the connection has left it. */
    PatientSubscriber findPatient(final long connectionId, final int topicId)
    {
        final ConnectionTopics connection = connections.get(connectionId);
        return connection == null ? null : connection.findPatient(topicId);
    }

    boolean isWaiting(final ReplyAddress to)
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

    /**
     * Gives the numbers of live subscriptions.
     *
     * @return by kind; readable from any thread.
     */
    SubscriptionGauge subscriptions()
    {
        return gauge;
    }

    private void subscribe(
        final ReplyAddress to, final ConnectionTopics connection, final int methodIndex,
        final SubscriptionRequest request, final long nowNs, final ActionList<MatchedAction> out)
    {
        final TopicState topic = findOrAddTopic(connection, methodIndex, request, out);
        if (topic.feed.isConfirmed)
        {
            grant(to, topic, request.options(), nowNs, out);
        }
        else
        {
            connection.addWaiting(topic);
            topic.waitingCount++;
            waitingCount++;
            topic.feed.waiting.add(new WaitingSubscribe(
                to, topic, request.options(), nowNs + subscribeTimeoutNs));
        }
    }

    /** The salt keeps a second subscription to the same thing on one connection apart: its id must differ. */
    private TopicState findOrAddTopic(
        final ConnectionTopics connection, final int methodIndex, final SubscriptionRequest request,
        final ActionList<MatchedAction> out)
    {
        final int salt = connection.lowestFreeSalt(topics.contentOf(methodIndex, request));
        return topics.findOrAdd(methodIndex, request, salt, out);
    }

    private void grant(
        final ReplyAddress to, final TopicState topic, final DeliveryOptions options, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        final PatientSubscriber patient = resumption.begin(topic, options);
        if (patient == Resumption.LOST)
        {
            counters.increment(RelayCounter.RESUMES_REFUSED);
            counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
            Replies.errorObject(to, resumption.lost(topic), out);
            topics.lingerIfUnused(topic, nowNs);
            return;
        }
        final ConnectionTopics connection = connections.get(to.connectionId);
        connection.addSubscribed(topic);
        if (patient != null)
        {
            connection.patient.add(patient);
        }
        if (options.resume() != null)
        {
            counters.increment(RelayCounter.SUBSCRIBES_RESUMED);
        }
        counters.increment(RelayCounter.SUBSCRIBES);
        topic.addSubscriber(to.connectionId);
        gauge.add(topic.kind, 1);
        answers.granted(to, topic, out);
        final MatchedAction open = out.add();
        open.kind = MatchedAction.Kind.OPEN;
        open.to.copyFrom(to);
        open.topic = topic.topic;
        open.options = options;
        open.nextSequence = topic.group.nextSequence;
        open.isPatient = patient != null && patient.policy() != LagPolicy.DISCONNECT;
        open.isCatchingUp = patient != null;
        open.sequence = patient == null ? topic.group.nextSequence : patient.firstSequence;
    }

    private List<WaitingSubscribe> takeWaiting(final Feed feed)
    {
        final List<WaitingSubscribe> taken = new ArrayList<>(feed.waiting);
        feed.waiting.clear();
        for (final WaitingSubscribe waiting : taken)
        {
            endWaiting(waiting);
        }
        return taken;
    }

    private void endWaiting(final WaitingSubscribe waiting)
    {
        waitingCount--;
        waiting.topic.waitingCount--;
        connections.get(waiting.to.connectionId).removeWaiting(waiting.topic);
    }

    private void workOnWaiting(final long nowNs, final ActionList<MatchedAction> out)
    {
        for (final Feed feed : feeds.all())
        {
            if (feed.isConfirmed)
            {
                grantWaiting(feed, nowNs, out);
            }
            else
            {
                expireWaiting(feed, nowNs, out);
            }
        }
    }

    private void expireWaiting(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int left = LIMIT_PER_EVENT; left > 0 && !feed.waiting.isEmpty(); left--)
        {
            if (nowNs - feed.waiting.peekFirst().deadlineNs < 0)
            {
                return;
            }
            final WaitingSubscribe waiting = feed.waiting.pollFirst();
            endWaiting(waiting);
            connections.get(waiting.to.connectionId).giveBack();
            topics.lingerIfUnused(waiting.topic, nowNs);
            counters.increment(RelayCounter.CALLS_TIMED_OUT);
            refuse(waiting.to, RpcError.TIMEOUT, "request timed out: no upstream has answered", out);
        }
    }

    private ConnectionTopics connection(final long connectionId)
    {
        ConnectionTopics connection = connections.get(connectionId);
        if (connection == null)
        {
            connection = new ConnectionTopics();
            connections.put(connectionId, connection);
        }
        return connection;
    }

    private void refuse(
        final ReplyAddress to, final int errorCode, final String errorMessage, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
        Replies.error(to, errorCode, errorMessage, out);
    }
}
