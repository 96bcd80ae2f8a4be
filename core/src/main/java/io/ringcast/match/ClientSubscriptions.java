package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotVerdicts;
import org.agrona.collections.LongHashSet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides who subscribes to what: grants and refuses subscriptions, and ends them.
 * Confined to the pipeline thread that runs match.
 */
final class ClientSubscriptions
{
    private static final String TOO_FAR_AHEAD = "fromBlock with relay option history; allowed: at most " +
        Histories.LIMIT_BLOCKS_AHEAD + " blocks above the newest";

    private final LimitsConfig limits;
    private final long subscribeTimeoutNs;
    private final List<SubscriptionMethod> methods;
    private final CounterSet counters;
    private final SubscriptionParser parser;
    private final SubscriptionIdToken idToken;
    private final DialectAnswers answers;
    /** Whether a subscription has the id of the request that made it. */
    private final boolean isIdChosen;
    private final CountedFeeds counted;
    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final Resumption resumption;
    private final Histories histories;
    private final NetworkOffer offer;
    private final OwnTopics ownTopics;
    private final Sessions sessions;
    private final OpenSubscriptions open;
    private final SessionConnections arrivals;
    private final WaitingSubscribes waiting;
    private final DeliveryOptions networkOptions;
    private DeliveryOptions connectionOptions;
    @NotInImage("of the slot")
    private SlotVerdicts verdicts = new SlotVerdicts();

    ClientSubscriptions(
        final NetworkConfig config, final LimitsConfig limits, final long subscribeTimeoutNs,
        final NetworkFeeds feeds, final NetworkTopics topics, final OwnTopics ownTopics, final Resumption resumption,
        final Sessions sessions, final OpenSubscriptions open, final Histories histories, final CountedFeeds counted,
        final CounterSet counters)
    {
        this.sessions = sessions;
        this.open = open;
        this.counted = counted;
        isIdChosen = config.dialect().ids() == SubscriptionIdForm.REQUEST;
        arrivals = new SessionConnections(config, limits, sessions, open, topics, this::onHeld, counters);
        networkOptions = config.options();
        this.limits = limits;
        this.subscribeTimeoutNs = subscribeTimeoutNs;
        methods = config.subscriptionMethods();
        this.resumption = resumption;
        this.histories = histories;
        offer = new NetworkOffer(topics, histories);
        this.feeds = feeds;
        this.topics = topics;
        this.counters = counters;
        this.ownTopics = ownTopics;
        parser = new SubscriptionParser(config.dialect(), config.logs(), limits, config.topics());
        idToken = new SubscriptionIdToken(config.dialect().ids());
        answers = new DialectAnswers(config.dialect(), counted);
        waiting = new WaitingSubscribes(feeds, topics, open, this::grant, this::refuse, counters);
    }

    /** A slot begins; null if the client's connection asked for nothing, or the slot is no client's. */
    void begin(final DeliveryOptions optionsOfConnection, final SlotVerdicts slotVerdicts)
    {
        verdicts = slotVerdicts;
        arrivals.begin(slotVerdicts);
        connectionOptions = optionsOfConnection;
    }

    void onSubscribe(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final ConnectionTopics connection = open.findOrAdd(action.to.connectionId);
        if (arrivals.tryHold(action, connectionOptions, out))
        {
            return;
        }
        if (isRefusedUnread(action, connection, out))
        {
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
        if (isRefused(request, action.to, connection, out))
        {
            return;
        }
        if (!connection.tryTake(action.rights, verdicts))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many subscriptions of one key", out);
            return;
        }
        subscribe(action.to, connection, action.methodIndex, settled(method, request, action.to), nowNs, out);
    }

    /** Refuses a client for what it has already, whatever it wants. */
    private boolean isRefusedUnread(
        final CorrelatedAction action, final ConnectionTopics connection, final ActionList<MatchedAction> out)
    {
        if (connection.count() >= limits.subscriptionsPerConnection())
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " +
                limits.subscriptionsPerConnection() + " subscriptions on one connection", out);
            return true;
        }
        if (isIdChosen && idToken.tryRead(action) && connection.isTaken(idToken.high(), idToken.low()))
        {
            refuse(action.to, RpcError.INVALID_REQUEST,
                "Subscription for '" + unquoted(action.to) + "' already exists", out);
            return true;
        }
        return false;
    }

    /** Refuses what can't be had of this network, or not by this client now. */
    private boolean isRefused(
        final SubscriptionRequest request, final ReplyAddress to, final ConnectionTopics connection,
        final ActionList<MatchedAction> out)
    {
        if (ownTopics.isFull(request))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            refuse(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many topics", out);
            return true;
        }
        final String lacking = offer.lackingFor(request);
        if (lacking != null)
        {
            refuse(to, RpcError.INVALID_PARAMS, lacking, out);
            return true;
        }
        if (request.hasHistory() && histories.isFull(connection, request.fromNumber()))
        {
            refuseReader(to, out);
            return true;
        }
        if (request.hasHistory() && histories.isTooFarAhead(request.fromNumber()))
        {
            refuse(to, RpcError.INVALID_PARAMS, TOO_FAR_AHEAD, out);
            return true;
        }
        return false;
    }

    /** The request with what depends on who asks and on what there is. */
    private SubscriptionRequest settled(
        final SubscriptionMethod method, final SubscriptionRequest request, final ReplyAddress to)
    {
        if (!isIdChosen)
        {
            return topics.available(request);
        }
        final SubscriptionRequest named =
            request.named(new String(to.idToken, 0, to.idLength, StandardCharsets.UTF_8));
        return named.start() == SubscriptionRequest.NO_START ? named : counted.resolved(method.subscribe(), named);
    }

    private static String unquoted(final ReplyAddress to)
    {
        final String token = new String(to.idToken, 0, to.idLength, StandardCharsets.UTF_8);
        return token.startsWith("\"") ? token.substring(1, token.length() - 1) : token;
    }

    void onUnsubscribe(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (arrivals.tryHold(action, connectionOptions, out))
        {
            return;
        }
        final ConnectionTopics connection = open.find(action.to.connectionId);
        final boolean isId = idToken.tryRead(action);
        final TopicState topic = isId && connection != null ? connection.find(idToken.high(), idToken.low()) : null;
        if (topic == null && isId && isKeptEnded(action.to.connectionId, nowNs))
        {
            answers.ended(action.to, out);
            return;
        }
        if (topic == null)
        {
            counters.increment(RelayCounter.UNSUBSCRIBES_UNKNOWN);
            answers.unknown(action.to, idToken.isPresent(), out);
            return;
        }
        counters.increment(RelayCounter.UNSUBSCRIBES);
        open.shut(action.to.connectionId, topic, out);
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
            open.shut(connectionId, topic, out);
        }
        sessions.onEnded(topic);
    }

    /** A client that ends by its old id what it has not yet subscribed to again has no use for what is kept of it. */
    private boolean isKeptEnded(final long connectionId, final long nowNs)
    {
        final TopicState topic = sessions.findKept(connectionId, idToken.high(), idToken.low());
        if (topic == null)
        {
            return false;
        }
        sessions.take(connectionId, topic).release();
        topics.lingerIfUnused(topic, nowNs);
        counters.increment(RelayCounter.UNSUBSCRIBES);
        return true;
    }

    private void onHeld(final HeldSubscribe held, final long nowNs, final ActionList<MatchedAction> out)
    {
        connectionOptions = held.connectionOptions;
        if (held.action.kind == CorrelatedAction.Kind.SUBSCRIBE)
        {
            onSubscribe(held.action, nowNs, out);
        }
        else
        {
            onUnsubscribe(held.action, nowNs, out);
        }
    }

    /**
     * A connection opens whose URL asks for something as a whole; see {@link SessionConnections#onOpened}. Where
     * clients choose their ids and say where they begin there are no sessions: they would only find their ids in use.
     */
    void onOpened(
        final long connectionId, final ConnectionWish wish, final ClientRights rights, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        if (!isIdChosen)
        {
            arrivals.onOpened(connectionId, wish, rights, connectionOptions, nowNs, out);
        }
    }

    /** A connection has proved to have read so much. */
    void onRead(final long connectionId, final byte[] positions, final int lengthBytes)
    {
        arrivals.onRead(connectionId, positions, lengthBytes);
    }

    /**
     * Forgets a connection and its subscriptions.
     *
     * @param connectionId who went.
     * @param nowNs        when.
     * @param out          takes what another connection has waited for.
     */
    void onClientClosed(final long connectionId, final long nowNs, final ActionList<MatchedAction> out)
    {
        final Session.Arrival next = sessions.onClosed(connectionId, nowNs);
        final ConnectionTopics gone = open.forget(connectionId, nowNs);
        if (gone != null)
        {
            waiting.forget(connectionId, gone, nowNs);
        }
        if (next != null)
        {
            arrivals.onFollowed(next, nowNs, out);
        }
    }

    /**
     * Time passes: subscribes that waited too long are refused.
     *
     * @param nowNs the time.
     * @param out   takes what is decided.
     */
    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        sessions.onTick(nowNs);
        waiting.onTick(nowNs, out);
    }

    /** Grants the first of those who wait for a feed; the ticks grant the others. */
    void grantWaiting(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        waiting.grant(feed, nowNs, out);
    }

    /** Grants all who wait for a feed that may be about to end: the ticks would not find it any more. */
    void grantAllWaiting(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        waiting.grantAll(feed, nowNs, out);
    }

    /** No upstream gives the feed: whoever waits for it is told so. */
    void onFeedRefused(
        final Feed feed, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final List<WaitingSubscribe> refused = waiting.take(feed);
        for (final TopicGroup group : new ArrayList<>(feed.groups))
        {
            for (final TopicState topic : new ArrayList<>(group.topics))
            {
                topics.release(topic, out);
            }
        }
        refused.forEach(one -> open.find(one.to.connectionId).beginMove());
        for (final WaitingSubscribe one : refused)
        {
            final ConnectionTopics connection = open.find(one.to.connectionId);
            connection.endMove();
            if (one.topic.group.tellsFilters)
            {
                topics.refuseAllLogs();
                connection.giveBack();
                refuse(one.to, RpcError.INVALID_PARAMS, NetworkOffer.NO_FILTER_LISTS, out);
            }
            else if (one.topic.group.filters != null)
            {
                topics.refuseAllLogs();
                final SubscriptionRequest request = new SubscriptionRequest(
                    "[\"logs\"," + one.topic.group.filters[0].filter.canonicalJson() + "]", null, null,
                    one.options, one.fromNumber).filteredUpstream();
                subscribe(one.to, connection, feed.methodIndex, request, nowNs, out);
            }
            else
            {
                connection.giveBack();
                counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
                final MatchedAction error = Replies.errorObject(one.to, action.bytes, out);
                error.offset = action.valueOffset;
                error.length = action.valueLength;
            }
        }
    }

    /** Finds a subscription that may be behind; null if the connection has left it. */
    PatientSubscriber findPatient(final long connectionId, final int topicId, final int grant)
    {
        final ConnectionTopics connection = open.find(connectionId);
        return connection == null ? null : connection.findPatient(topicId, grant);
    }

    boolean isWaiting(final ReplyAddress to)
    {
        return arrivals.isHeld(to) || waiting.has(to);
    }

    /**
     * Gives the numbers of live subscriptions.
     *
     * @return by kind; readable from any thread.
     */
    SubscriptionGauge subscriptions()
    {
        return open.gauge();
    }

    private void subscribe(
        final ReplyAddress to, final ConnectionTopics connection, final int methodIndex,
        final SubscriptionRequest request, final long nowNs, final ActionList<MatchedAction> out)
    {
        final TopicState restored =
            sessions.claimRestored(to.connectionId, topics.contentOf(methodIndex, request));
        if (restored != null)
        {
            connection.giveBack();
            answers.granted(to, restored, out);
            return;
        }
        final TopicState topic = open.findOrAddTopic(to.connectionId, connection, methodIndex, request, out);
        if (topic.feed.isConfirmed)
        {
            grant(to, topic, request.options(), request.fromNumber(), nowNs, out);
        }
        else
        {
            waiting.add(connection, new WaitingSubscribe(
                to, topic, request.options(), request.fromNumber(), nowNs + subscribeTimeoutNs));
        }
    }

    private void grant(final WaitingSubscribe granted, final long nowNs, final ActionList<MatchedAction> out)
    {
        grant(granted.to, granted.topic, granted.options, granted.fromNumber, nowNs, out);
    }

    private void grant(
        final ReplyAddress to, final TopicState topic, final DeliveryOptions options, final long fromNumber,
        final long nowNs, final ActionList<MatchedAction> out)
    {
        if (open.lacksReader(to.connectionId, fromNumber))
        {
            open.find(to.connectionId).giveBack();
            refuseReader(to, out);
            topics.lingerIfUnused(topic, nowNs);
            return;
        }
        final PatientSubscriber patient = open.begin(to.connectionId, topic, options, fromNumber);
        if (patient == Resumption.LOST)
        {
            counters.increment(RelayCounter.RESUMES_REFUSED);
            counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
            open.find(to.connectionId).giveBack();
            Replies.errorObject(to, resumption.lost(topic), out);
            topics.lingerIfUnused(topic, nowNs);
            return;
        }
        if (to.batchId == ReplyAddress.NO_BATCH)
        {
            answers.granted(to, topic, out);
            open.open(to, topic, options, patient, out);
        }
        else
        {
            // The last answer of a batch completes it, and all its topics are opened in the order of the calls.
            open.open(to, topic, options, patient, out);
            answers.granted(to, topic, out);
        }
    }

    private void refuseReader(final ReplyAddress to, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.LIMIT_REFUSALS);
        refuse(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + Histories.LIMIT_READERS +
            " subscriptions may read from fromBlock at once, " + Histories.LIMIT_READERS_PER_CONNECTION +
            " of one connection", out);
    }

    private void refuse(
        final ReplyAddress to, final int errorCode, final String errorMessage, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
        Replies.error(to, errorCode, errorMessage, out);
    }
}
