package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.FiguresText;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayMethod;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers what clients ask the relay itself about their own affairs.
 * Confined to the pipeline thread that runs match.
 *
 * <p>What only the client's I/O loop knows is asked there and comes back as an event of the ring: so it is recorded as
 * any input, and a replay answers the same.
 */
final class RelayCalls
{
    private static final int LIMIT_WAITING = 1_024;
    /** So many of one connection: its loop may be busy, and others ask too. */
    private static final int LIMIT_WAITING_PER_CONNECTION = LIMIT_WAITING / 4;
    private static final List<String> USUAL_WINDOW = List.of("\"60s\"");

    /** A call that waits for its loop. */
    private record Waiting(int ticket, ReplyAddress to)
    {
    }

    private final OpenSubscriptions subscriptions;
    private final LaneBoard board;
    private final OwnLimits limits;
    private final CursorCalls cursors;
    private final CounterSet counters;
    private final ParamsReader params = new ParamsReader();
    private final List<Waiting> waiting = new ArrayList<>(0);
    private int lastTicket = FiguresText.STATUS;

    RelayCalls(
        final OpenSubscriptions subscriptions, final LaneBoard board, final OwnLimits limits,
        final CursorCalls cursors, final CounterSet counters)
    {
        this.subscriptions = subscriptions;
        this.board = board;
        this.limits = limits;
        this.cursors = cursors;
        this.counters = counters;
    }

    void onCall(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        switch (action.methodIndex)
        {
            case RelayMethod.CURSOR -> cursors.onCall(action, out);
            case RelayMethod.LIMITS -> Replies.result(
                action.to, limits.toJson(action.rights, subscriptions.find(action.to.connectionId)), out);
            case RelayMethod.MY_LATENCY -> ask(action, out);
            default -> Replies.result(action.to, board.toJson(nowNs), out);
        }
    }

    /** A loop has told a connection's figures. */
    void onFigures(
        final long connectionId, final byte[] text, final int length, final ActionList<MatchedAction> out)
    {
        final int ticket = FiguresText.ticket(text, length);
        final String members = FiguresText.members(text, length);
        final ConnectionTopics connection = subscriptions.find(connectionId);
        if (ticket == FiguresText.STATUS || ticket == FiguresText.DRAIN)
        {
            StatusTelling.tell(connectionId, connection, "own", "," + members + losses(connection), out);
            return;
        }
        for (int i = 0; i < waiting.size(); i++)
        {
            if (waiting.get(i).ticket == ticket && waiting.get(i).to.connectionId == connectionId)
            {
                answer(waiting.remove(i).to, members, losses(connection), out);
                return;
            }
        }
    }

    private void answer(
        final ReplyAddress to, final String members, final String losses, final ActionList<MatchedAction> out)
    {
        if (members.equals(FiguresText.NONE))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            Replies.error(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many connections are measured", out);
        }
        else
        {
            Replies.result(to, ('{' + members + losses + '}').getBytes(StandardCharsets.US_ASCII), out);
        }
    }

    /** A heartbeat has been told: behind it, those who listen are told what waits for them, if anything does. */
    void onHeartbeat(final ActionList<MatchedAction> out)
    {
        for (int i = 0; i < subscriptions.statusConnections().size(); i++)
        {
            measure(subscriptions.statusConnections().getLong(i), FiguresText.STATUS, out);
        }
    }

    /** The end of the relay has been told: behind it, each is told how far it has been handed its subscriptions. */
    void onDrain(final ActionList<MatchedAction> out)
    {
        for (int i = 0; i < subscriptions.statusConnections().size(); i++)
        {
            measure(subscriptions.statusConnections().getLong(i), FiguresText.DRAIN, out);
        }
    }

    void onClientClosed(final long connectionId)
    {
        if (!waiting.isEmpty())
        {
            waiting.removeIf(call -> call.to.connectionId == connectionId);
        }
    }

    boolean isWaiting(final ReplyAddress to)
    {
        return waiting.stream().anyMatch(call -> call.to.isSame(to));
    }

    private void ask(final CorrelatedAction action, final ActionList<MatchedAction> out)
    {
        if (ConnectionId.isCallsOnly(action.to.connectionId))
        {
            Replies.error(action.to, RpcError.METHOD_NOT_FOUND,
                "relay_myLatency is for connections that can have subscriptions", out);
        }
        else if (!hasUsualWindow(action))
        {
            Replies.error(
                action.to, RpcError.INVALID_PARAMS, "relay_myLatency params; allowed: none, or [\"60s\"]", out);
        }
        else if (isFull(action.to.connectionId))
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            Replies.error(action.to, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + LIMIT_WAITING +
                " calls of relay_myLatency may wait at once, " + LIMIT_WAITING_PER_CONNECTION +
                " of one connection", out);
        }
        else
        {
            lastTicket = lastTicket == Integer.MAX_VALUE ? 1 : lastTicket + 1;
            final ReplyAddress to = new ReplyAddress();
            to.copyFrom(action.to);
            waiting.add(new Waiting(lastTicket, to));
            measure(to.connectionId, lastTicket, out);
        }
    }

    private boolean isFull(final long connectionId)
    {
        int ofConnection = 0;
        for (int i = 0; i < waiting.size(); i++)
        {
            ofConnection += waiting.get(i).to.connectionId == connectionId ? 1 : 0;
        }
        return waiting.size() == LIMIT_WAITING || ofConnection == LIMIT_WAITING_PER_CONNECTION;
    }

    /** There are figures of one stretch of time only. */
    private boolean hasUsualWindow(final CorrelatedAction action)
    {
        final List<String> arguments = params.split(action.bytes, action.valueOffset, action.valueLength);
        return arguments != null && (arguments.isEmpty() || arguments.equals(USUAL_WINDOW));
    }

    private static void measure(final long connectionId, final int ticket, final ActionList<MatchedAction> out)
    {
        final MatchedAction ask = out.add();
        ask.kind = MatchedAction.Kind.MEASURE;
        ask.to.set(connectionId, ReplyAddress.NO_BATCH, 0);
        ask.ticket = ticket;
    }

    private static String losses(final ConnectionTopics connection)
    {
        long lost = 0;
        long merged = 0;
        for (int i = 0; connection != null && i < connection.patient.size(); i++)
        {
            lost += connection.patient.get(i).lostTotal;
            merged += connection.patient.get(i).mergedTotal;
        }
        return ",\"lost\":" + lost + ",\"merged\":" + merged;
    }
}
