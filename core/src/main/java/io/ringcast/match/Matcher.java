package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.config.TimingConfig;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.lane.LaneRules;
import io.ringcast.lane.LaneStatus;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.SubscriptionGauge;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;
import io.ringcast.session.RelayMethod;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.Stamping;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.SlotVerdicts;
import io.ringcast.session.StageClock;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Decides who subscribes to what, and which topics an item goes to.
 * Confined to the pipeline thread that runs match.
 *
 * <p>It decides topics, never connections: the loops know which of their connections a topic has. This class sorts what
 * correlate found and what the upstreams answer to the relay itself; {@link ClientSubscriptions} and
 * {@link PolledFilters} have the clients' side, {@link FeedItems} the upstreams' items.
 */
public final class Matcher
{
    /** How long a subscription outlives its last item, beyond the wait for a pong. */
    private static final long END_NS = 5_000_000_000L;

    private final FeedTable table;
    private final FeedItems items;
    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final OpenSubscriptions open;
    private final ClientSubscriptions subscriptions;
    private final FeedLife life;
    private final Sessions sessions;
    private final Replays replays;
    private final RelayCalls calls;
    private final Histories histories;
    private final OwnTopics ownTopics;
    private final FilterQueries queries;
    private final PolledFilters filters;
    private final LaneBoard board;
    /** What {@code relay_networks} answers. */
    private final byte[] networks;
    private final StageClock stageClock;

    /**
     * Creates it without topics.
     *
     * @param network  the network that it is for.
     * @param config   the relay's bounds and waits.
     * @param stamping what the stamps of items need.
     * @param secret   makes the ids of filters such that nobody can guess them.
     * @param counters the pipeline thread's counters.
     */
    public Matcher(
        final NetworkConfig network, final RelayConfig config, final Stamping stamping, final byte[] secret,
        final CounterSet counters)
    {
        final LimitsConfig limits = config.limits();
        final TimingConfig timing = config.timing();
        stageClock = new StageClock(stamping.clock());
        final List<SubscriptionMethod> methods = network.subscriptionMethods();
        final int laneCount = network.upstreams().size();
        final long subscribeTimeoutNs = TimeUnit.MILLISECONDS.toNanos(timing.callTimeoutMs());
        final List<String> laneNames = network.upstreams().stream().map(UpstreamConfig::name).toList();
        final LaneRules rules = new LaneRules(
            laneNames, network.quorum(), TimeUnit.MILLISECONDS.toNanos(timing.repairDeadlineMs()),
            limits.repairBlocks(), limits.staleGaps(), limits.reorgHistoryBytes(),
            TimeUnit.MILLISECONDS.toNanos(timing.pollMinMs()), TimeUnit.MILLISECONDS.toNanos(timing.pollMaxMs()),
            config.ringSlots());
        table = new FeedTable(laneCount, subscribeTimeoutNs, network.dialect(), counters);
        items = new FeedItems(rules, table, config.delivery(), stamping, stageClock, counters);
        final long lingerNs = TimeUnit.MILLISECONDS.toNanos(timing.lingerMs());
        networks = NetworkList.toJson(config, network);
        board = new LaneBoard(laneNames, items);
        feeds = new NetworkFeeds(table, items, rules, methods, lingerNs, counters);
        topics = new NetworkTopics(network, lingerNs, limits.lingeringTopics(), feeds, items, counters);
        ownTopics = new OwnTopics(
            network.topics(), Math.max(0, methods.indexOf(SubscriptionMethod.ETH)), feeds, topics, items, counters);
        final Resumption resumption = new Resumption(stamping.epoch());
        final long attemptNs = TimeUnit.MILLISECONDS.toNanos(timing.attemptTimeoutMs());
        histories = new Histories(
            items.heads(), new HistoryCalls(table, items.heads(), laneCount, attemptNs, counters),
            items.historyBudget(), resumption, stageClock, counters);
        items.setHistories(histories);
        sessions = new Sessions(config.delivery(), config.limits(), topics, items.historyBudget(), counters);
        open = new OpenSubscriptions(topics, resumption, sessions, histories, counters);
        subscriptions = new ClientSubscriptions(
            network, limits, subscribeTimeoutNs, feeds, topics, ownTopics, resumption, sessions, open,
            histories, items.counted(), counters);
        replays = new Replays(
            resumption, open, histories, items.order(), limits.writeBufferBytes(), stageClock, counters);
        calls = new RelayCalls(open, board, new OwnLimits(limits, config.delivery(), stageClock),
            new CursorCalls(stamping.epoch(), open, resumption, new SubscriptionIdToken(network.dialect().ids())),
            counters);
        queries = new FilterQueries(
            table, items.heads(), laneCount, subscribeTimeoutNs, attemptNs, counters);
        filters = new PolledFilters(
            limits, subscribeTimeoutNs, TimeUnit.MILLISECONDS.toNanos(timing.filterIdleMs()), network.logs(),
            feeds.headsMethod(), topics, queries, new FilterIds(secret), counters);
        life = new FeedLife(network, table, items, subscriptions, filters, new EndedFeeds(feeds, topics, subscriptions,
            TimeUnit.MILLISECONDS.toNanos(timing.activationFallbackMs()) + END_NS), counters);
    }

    /**
     * A slot begins.
     *
     * @param sequence          its sequence.
     * @param beganAtNs         when the beginning of its text was read, or when it happened if it has none.
     * @param connectionOptions what the URL of the client's connection asked for, or null.
     * @param verdicts          takes what the client's rights refuse, or gives what they refused.
     * @param readings          takes what is read off the clock, or gives what was.
     */
    public void begin(
        final long sequence, final long beganAtNs, final DeliveryOptions connectionOptions,
        final SlotVerdicts verdicts, final SlotReadings readings)
    {
        stageClock.begin(readings);
        items.begin(sequence, beganAtNs);
        subscriptions.begin(connectionOptions, verdicts);
        filters.begin(verdicts);
    }

    /**
     * Takes one thing that correlate found, if it is match's.
     *
     * @param action what was found.
     * @param nowNs  when its text was received.
     * @param out    takes what is decided.
     */
    public void onAction(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        switch (action.kind)
        {
            case ITEM:
                life.onItem(action, nowNs, out);
                break;

            case SUBSCRIBE:
                subscriptions.onSubscribe(action, nowNs, out);
                break;

            case UNSUBSCRIBE:
                subscriptions.onUnsubscribe(action, nowNs, out);
                break;

            case OWN_ANSWER:
                onOwnAnswer(action, nowNs, out);
                break;

            case FEED_LOST:
                life.onLost(action, nowNs, out);
                break;

            case LANE_OVERFULL:
                FeedItems.resetLane(action.laneIndex, out);
                break;

            case FILTER_CALL:
                filters.onCall(action, nowNs, out);
                break;

            case RELAY_CALL:
                onRelayCall(action, nowNs, out);
                break;

            default:
                break;
        }
    }

    /**
     * Answers a subscribe or unsubscribe in whose text a fault occurred, unless it was answered before.
     *
     * @param action what correlate found.
     * @param out    what was decided before the fault; takes the answer.
     */
    public void answerFailed(final CorrelatedAction action, final ActionList<MatchedAction> out)
    {
        final boolean isOurs =
            action.kind == CorrelatedAction.Kind.SUBSCRIBE || action.kind == CorrelatedAction.Kind.UNSUBSCRIBE ||
            action.kind == CorrelatedAction.Kind.RELAY_CALL || action.kind == CorrelatedAction.Kind.FILTER_CALL;
        if (isOurs && !isAnswered(action.to, out) && !isWaiting(action.to))
        {
            Replies.error(action.to, RpcError.INTERNAL, "internal error", out);
        }
    }

    /**
     * Forgets a connection and its subscriptions.
     *
     * @param connectionId who went.
     * @param nowNs        when.
     * @param out          takes what another connection of the same session has waited for.
     */
    public void onClientClosed(final long connectionId, final long nowNs, final ActionList<MatchedAction> out)
    {
        subscriptions.onClientClosed(connectionId, nowNs, out);
        ownTopics.onClientClosed(connectionId);
        calls.onClientClosed(connectionId);
        filters.onClientClosed(connectionId, nowNs);
        queries.onClientClosed(connectionId);
    }

    /**
     * A connection opens whose URL asks for something as a whole.
     *
     * @param connectionId it.
     * @param wish         what it asks for.
     * @param rights       what the client may do.
     * @param nowNs        when.
     * @param out          takes what is decided.
     */
    public void onClientOpened(
        final long connectionId, final ConnectionWish wish, final ClientRights rights, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        subscriptions.onOpened(connectionId, wish, rights, nowNs, out);
    }

    /** A connection with a session has read so much, as {@link io.ringcast.session.ReadPositions} writes it, from 0. */
    public void onClientRead(final long connectionId, final byte[] positions, final int lengthBytes)
    {
        subscriptions.onRead(connectionId, positions, lengthBytes);
    }

    /**
     * A connection's loop has told its figures, which were asked for.
     *
     * @param connectionId it.
     * @param text         as {@link io.ringcast.session.FiguresText} writes it, from 0.
     * @param lengthBytes  its length.
     * @param out          takes the answer.
     */
    public void onClientFigures(
        final long connectionId, final byte[] text, final int lengthBytes, final ActionList<MatchedAction> out)
    {
        calls.onFigures(connectionId, text, lengthBytes, out);
    }

    /**
     * A connection that is behind in a topic asks for what comes next, or tells where it stands as it begins to lag.
     *
     * @param connectionId who asks.
     * @param topicId      in which topic.
     * @param grant        which of its subscriptions to it: it may have left that one, and come again.
     * @param ticket       what the answer is marked with; {@link EgressAction#NO_TICKET} if it asks for nothing.
     * @param sequence     the number of the first item that it wants.
     * @param nowNs        when.
     * @param out          takes the answer.
     */
    public void onCatchUp(
        final long connectionId, final int topicId, final int grant, final int ticket, final long sequence,
        final long nowNs, final ActionList<MatchedAction> out)
    {
        final PatientSubscriber subscriber = subscriptions.findPatient(connectionId, topicId, grant);
        if (ticket != EgressAction.NO_TICKET)
        {
            replays.onAsked(subscriber, connectionId, topicId, ticket, sequence, nowNs, out);
        }
        else if (subscriber != null)
        {
            histories.onAnsweredTo(subscriber, sequence);
            replays.onLag(subscriber, connectionId, sequence);
        }
    }

    /**
     * Answers a question of a connection that is behind in whose slot a fault occurred, unless it was answered before:
     * the connection is cut off, and its loop waits for nothing more.
     *
     * @param connectionId who asked.
     * @param topicId      in which topic.
     * @param grant        which of its subscriptions to it: it may have left that one, and come again.
     * @param ticket       what the answer is marked with.
     * @param sequence     the number of the first item that it wanted.
     * @param out          what was decided before the fault; takes the answer.
     */
    public void catchUpFailed(
        final long connectionId, final int topicId, final int grant, final int ticket, final long sequence,
        final ActionList<MatchedAction> out)
    {
        if (ticket != EgressAction.NO_TICKET)
        {
            replays.onFailed(subscriptions.findPatient(connectionId, topicId, grant), connectionId, topicId, ticket,
                sequence, out);
        }
    }

    /**
     * An upstream can be used: every feed is subscribed there.
     *
     * @param laneIndex which upstream.
     * @param nowNs     when.
     * @param out       takes the calls.
     */
    public void onUpstreamUp(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        feeds.onLaneUp(laneIndex, nowNs, out);
        items.status().onLaneUp(laneIndex, nowNs, out);
    }

    /**
     * A long text of an upstream is arriving.
     *
     * @param laneIndex which upstream.
     * @param nowNs     when.
     */
    public void onUpstreamReading(final int laneIndex, final long nowNs)
    {
        items.heads().onLaneBusy(laneIndex, nowNs);
    }

    /**
     * An upstream is gone; subscriptions stay, and what it was asked for others are asked for.
     *
     * @param laneIndex which upstream.
     * @param nowNs     when.
     * @param out       takes the calls.
     */
    public void onUpstreamDown(final int laneIndex, final long nowNs, final ActionList<MatchedAction> out)
    {
        feeds.onLaneDown(laneIndex, nowNs, out);
        life.onLaneDown(nowNs, out);
        queries.onLaneDown(laneIndex, nowNs, out);
        histories.onLaneDown(laneIndex);
        items.status().onLaneDown(laneIndex, nowNs, out);
    }

    /**
     * The relay is about to close all connections; those who asked are told before.
     *
     * @param text        members of a JSON object that are told with it, each with a comma before it, from 0.
     * @param lengthBytes its length.
     * @param nowNs       when.
     * @param out         takes what is told.
     */
    public void onDrain(
        final byte[] text, final int lengthBytes, final long nowNs, final ActionList<MatchedAction> out)
    {
        items.status().onDrain(new String(text, 0, lengthBytes, StandardCharsets.US_ASCII), nowNs, out);
        calls.onDrain(out);
    }

    /** The journal was given up: nothing more is recorded. */
    public void onJournalBroken(final long nowNs, final ActionList<MatchedAction> out)
    {
        items.status().onJournalBroken(nowNs, out);
    }

    /**
     * Time passes: topics that nobody listens to are released, subscribes that waited too long are refused, feeds that
     * an upstream refused are asked for again, and gaps are declared.
     *
     * @param nowNs the time.
     * @param out   takes what is decided.
     */
    public void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        items.onTime(nowNs, out);
        table.onTick(nowNs, out);
        topics.onTick(nowNs, out);
        subscriptions.onTick(nowNs, out);
        filters.onTick(nowNs, out);
        queries.onTick(nowNs, out);
        histories.onTick(nowNs);
        replays.onTick(nowNs, out);
        feeds.onTick(nowNs, out);
        life.onTick(nowNs, out);
        board.onTick(nowNs);
        subscriptions.subscriptions().set(filters.count(), sessions.keepingCount());
        if (items.status().onTick(nowNs, out))
        {
            calls.onHeartbeat(out);
        }
        stageClock.onTick(nowNs);
    }

    /**
     * The slot is done; those who read what was before are sent what has come of it.
     *
     * @param nowNs when.
     * @param out   takes what is sent, and the calls for more.
     */
    public void end(final long nowNs, final ActionList<MatchedAction> out)
    {
        items.order().onSlotEnd(out);
        histories.onSlotEnd(open, nowNs, out);
        replays.onSlotEnd(nowNs, out);
        topics.onSlotEnd(out);
    }

    /**
     * How many topics there are, lingering ones included.
     *
     * @return the number.
     */
    public int topicCount()
    {
        return topics.size();
    }

    /**
     * Gives the numbers of live subscriptions.
     *
     * @return by kind; readable from any thread.
     */
    public SubscriptionGauge subscriptions()
    {
        return subscriptions.subscriptions();
    }

    /**
     * Tells how the upstreams do.
     *
     * @return one entry for each, at most about a second old; readable from any thread.
     */
    public Supplier<List<LaneStatus>> lanes()
    {
        return board::snapshot;
    }

    private boolean isWaiting(final ReplyAddress to)
    {
        return subscriptions.isWaiting(to) || filters.isWaiting(to) || queries.isWaiting(to) ||
            calls.isWaiting(to);
    }

    private static boolean isAnswered(final ReplyAddress to, final ActionList<MatchedAction> out)
    {
        for (int i = 0; i < out.size(); i++)
        {
            final MatchedAction action = out.get(i);
            final boolean isReply = action.kind == MatchedAction.Kind.REPLY_RESULT ||
                action.kind == MatchedAction.Kind.REPLY_ERROR ||
                action.kind == MatchedAction.Kind.REPLY_ERROR_OBJECT;
            if (isReply && action.to.isSame(to))
            {
                return true;
            }
        }
        return false;
    }

    private void onOwnAnswer(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (OwnCallId.isUnsubscribe(action.upstreamRequestId))
        {
            return;
        }
        if (!OwnCallId.isFetch(action.upstreamRequestId))
        {
            life.onSubscribeAnswer(action, nowNs, out);
        }
        else if (!histories.tryAnswer(action, nowNs) && !queries.tryAnswer(action, nowNs, out))
        {
            life.onFetched(action, nowNs, out);
        }
    }

    private void onRelayCall(
        final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        if (action.methodIndex == RelayMethod.PUBLISH)
        {
            ownTopics.onPublish(action, nowNs, out);
        }
        else if (action.methodIndex == RelayMethod.NETWORKS)
        {
            Replies.result(action.to, networks, out);
        }
        else
        {
            calls.onCall(action, nowNs, out);
        }
    }
}
