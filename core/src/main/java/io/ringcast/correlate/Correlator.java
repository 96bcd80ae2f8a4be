package io.ringcast.correlate;

import io.ringcast.config.FormatError;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.config.TimingConfig;
import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.FailedForwards;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;
import io.ringcast.session.SlotVerdicts;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * What clients ask for: sorts each request into a call to forward, a subscription, or an error.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>{@link UpstreamCorrelator} takes what upstreams say; {@link ClientCalls} holds what is outstanding between them.
 */
public final class Correlator
{
    private static final String FAULT = "internal error";
    /** With this code a WebSocket is closed on which a message is too big for the receiver (RFC 6455, 7.4.1). */
    private static final int TOO_BIG = 1009;

    private final LimitsConfig limits;
    /** The dialect's own error for what is no call; null if it has none. */
    private final FormatError malformed;
    private final CounterSet counters;
    private final FrameDecoder elementDecoder = new FrameDecoder();
    private final FrameView elementView = new FrameView();
    private final ClientCalls calls;
    private final UpstreamCorrelator upstream;
    private final FailedForwards failedForwards;
    private final Callers callers = new Callers();
    private final Refusals refusals;
    private final MatchCalls matchCalls;
    private long lastBatchId;
    /** Calls opened before the slot: a call that waits or has joined another leaves nothing in the slot. */
    private long openedBefore;
    /** What the client of the slot may do. */
    @NotInImage("of the slot")
    private ClientRights rights = ClientRights.ALL;
    @NotInImage("of the slot")
    private SlotVerdicts verdicts;
    private boolean isOverBytes;

    /**
     * Creates it with nothing outstanding.
     *
     * @param network        its upstreams, and the methods that make subscriptions or go to all upstreams.
     * @param limits         bounds on what a client may ask for.
     * @param timing         how long a call may take.
     * @param random         spreads pauses, so that many relays do not come back to a node at once.
     * @param failedForwards the calls that encode could not send.
     * @param counters       the counters of the thread that runs correlate.
     */
    public Correlator(
        final NetworkConfig network, final LimitsConfig limits, final TimingConfig timing,
        final RandomGenerator random, final FailedForwards failedForwards, final CounterSet counters)
    {
        this.limits = limits;
        this.failedForwards = failedForwards;
        this.counters = counters;
        final MethodNames methodNames = new MethodNames(network);
        refusals = new Refusals(limits.idBytes());
        matchCalls = new MatchCalls(
            methodNames, callers, refusals, TimeUnit.MILLISECONDS.toNanos(timing.filterIdleMs()), counters);
        malformed = network.dialect().malformed();
        final int laneCount = network.upstreams().size();
        final LaneHeads heads = new LaneHeads(laneCount, network.quorum());
        final LaneRouter router = new LaneRouter(laneCount, heads, random, counters);
        final MethodTable methods = new MethodTable(network.broadcast(), network.dialect().reads(), methodNames);
        calls = new ClientCalls(limits, timing, methods, heads, router, counters);
        upstream = new UpstreamCorrelator(
            calls, heads, laneCount, network.dialect().ids() == SubscriptionIdForm.REQUEST, counters);
    }

    /** Begins a slot. */
    public void begin()
    {
        openedBefore = calls.openedCalls();
    }

    /**
     * Sorts one text from a client.
     *
     * @param connectionId who sent it.
     * @param clientRights what the client may do.
     * @param slotVerdicts takes what these refuse, or gives what they refused.
     * @param frame        the decoded text; borrowed until the slot is encoded.
     * @param nowNs        when it was received.
     * @param out          takes what it asks for.
     */
    public void onClientFrame(
        final long connectionId, final ClientRights clientRights, final SlotVerdicts slotVerdicts,
        final ReceivedFrame frame, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.CLIENT_FRAMES);
        final FrameView view = frame.view;
        rights = clientRights;
        verdicts = slotVerdicts;
        isOverBytes = rights.hasByteLimit() && !callers.tryTakeBytes(connectionId, rights, frame.length, nowNs);
        switch (view.kind)
        {
            case INVALID_JSON:
                counters.increment(RelayCounter.INVALID_JSON);
                refusals.write(out, connectionId, ReplyAddress.NO_BATCH, 0, frame.bytes, view,
                    malformed == null ? RpcError.PARSE_ERROR : malformed.code(),
                    malformed == null ? "parse error: " + view.refusal : malformed.message());
                break;

            case BATCH:
                onBatch(connectionId, frame, nowNs, out);
                break;

            default:
                onRequest(connectionId, ReplyAddress.NO_BATCH, 0, frame.bytes, view, nowNs, out);
                break;
        }
    }

    /**
     * A connection opens whose URL asks for something as a whole. Heads and logs may begin again for it, and the status
     * begins, without a call.
     *
     * @param connectionId it.
     * @param wish         what it asks for.
     * @param clientRights what the client may do.
     */
    public void onClientOpened(
        final long connectionId, final ConnectionWish wish, final ClientRights clientRights)
    {
        if (wish.restores() || wish.hasStatus())
        {
            callers.onHeadsShown(connectionId, clientRights);
        }
    }

    /**
     * Forgets a connection. Its calls run on; their answers find nobody.
     *
     * @param connectionId who went.
     * @param nowNs        when.
     */
    public void onClientClosed(final long connectionId, final long nowNs)
    {
        callers.forget(connectionId, nowNs);
    }

    /**
     * Sorts one text from an upstream.
     *
     * @param laneIndex which upstream.
     * @param frame     the decoded text; borrowed until the slot is encoded.
     * @param nowNs     when it was received.
     * @param out       takes what it answers or brings.
     */
    public void onUpstreamFrame(
        final int laneIndex, final ReceivedFrame frame, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        upstream.onFrame(laneIndex, frame, nowNs, out);
    }

    /**
     * An upstream can be used.
     *
     * @param laneIndex which upstream.
     * @param nowNs     when.
     * @param out       takes the calls that waited for one.
     */
    public void onUpstreamUp(final int laneIndex, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        calls.onLaneUp(laneIndex, nowNs, out);
    }

    /**
     * An upstream is gone: the calls that it had go to another one, or are answered.
     *
     * @param laneIndex which upstream.
     * @param closeCode of the WebSocket, if the upstream has closed it with one; else any other number.
     * @param nowNs     when.
     * @param out       takes the calls and the answers.
     */
    public void onUpstreamDown(
        final int laneIndex, final long closeCode, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        upstream.onDown(laneIndex);
        calls.onLaneDown(laneIndex, closeCode == TOO_BIG, nowNs, out);
    }

    /**
     * Time passes: calls that waited too long go elsewhere or are answered.
     *
     * @param nowNs the time.
     * @param out   takes the calls and the answers.
     */
    public void onTick(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        upstream.onTick(nowNs);
        calls.onTick(nowNs, out);
        matchCalls.onTick(nowNs);
    }

    /**
     * Answers the calls that encode could not send.
     *
     * @param out takes the answers.
     */
    public void answerFailedForwards(final ActionList<CorrelatedAction> out)
    {
        FailedForwards.Note note = failedForwards.poll();
        while (note != null)
        {
            calls.onForwardFailed(note.upstreamRequestId(), note.laneIndex(), out);
            note = failedForwards.poll();
        }
    }

    /**
     * Answers the calls that an upstream's text answers in which a fault occurred, as far as they are open.
     *
     * @param laneIndex which upstream.
     * @param frame     the decoded text.
     * @param out       what was found before the fault; takes the answers.
     */
    public void answerFailed(
        final int laneIndex, final ReceivedFrame frame, final ActionList<CorrelatedAction> out)
    {
        upstream.answerFailed(laneIndex, frame, out);
    }

    /**
     * Answers a client's text in which a fault occurred, unless its call is on its way all the same.
     *
     * @param connectionId who sent it.
     * @param frame        the decoded text.
     * @param out          what was found before the fault; takes the answers.
     */
    public void answerFailed(
        final long connectionId, final ReceivedFrame frame, final ActionList<CorrelatedAction> out)
    {
        final FrameView view = frame.view;
        if (view.kind == FrameKind.BATCH)
        {
            if (out.size() == 0 || out.get(0).elementCount == 0)
            {
                if (out.size() > 0)
                {
                    calls.abandonBatch(out.get(0).to.batchId);
                    out.clear();
                }
                answerFailedBatch(connectionId, frame, out);
            }
        }
        else if (view.kind != FrameKind.NOTIFICATION && view.kind != FrameKind.RESPONSE && out.size() == 0 &&
            calls.openedCalls() == openedBefore)
        {
            refusals.write(out, connectionId, ReplyAddress.NO_BATCH, 0, frame.bytes, view, RpcError.INTERNAL, FAULT);
        }
    }

    /**
     * How many calls wait for an upstream.
     *
     * @return the number.
     */
    public int outstandingCalls()
    {
        return calls.outstandingCalls();
    }

    private void onBatch(
        final long connectionId, final ReceivedFrame frame, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.CLIENT_BATCHES);
        final FrameView view = frame.view;
        if (view.elementCount == 0)
        {
            counters.increment(RelayCounter.INVALID_REQUESTS);
            refusals.write(out, connectionId, ReplyAddress.NO_BATCH, 0, frame.bytes, view,
                RpcError.INVALID_REQUEST, "empty batch");
            return;
        }
        final CorrelatedAction batch = out.add();
        batch.kind = CorrelatedAction.Kind.BATCH;
        batch.to.set(connectionId, ++lastBatchId, 0);
        batch.elementCount = 0;
        if (view.elementCount > limits.batchItems())
        {
            refuseBatch(batch, frame, out);
            return;
        }
        int answers = 0;
        for (int i = 0; i < view.elementCount; i++)
        {
            elementDecoder.decode(frame.bytes, view.elementOffsets[i], view.elementLengths[i], elementView);
            if (onRequest(connectionId, batch.to.batchId, answers, frame.bytes, elementView, nowNs, out))
            {
                answers++;
            }
        }
        batch.elementCount = answers;
    }

    private void answerFailedBatch(
        final long connectionId, final ReceivedFrame frame, final ActionList<CorrelatedAction> out)
    {
        final FrameView view = frame.view;
        final CorrelatedAction batch = out.add();
        batch.kind = CorrelatedAction.Kind.BATCH;
        batch.to.set(connectionId, ++lastBatchId, 0);
        int answers = 0;
        for (int i = 0; i < Math.min(view.elementCount, limits.batchItems()); i++)
        {
            elementDecoder.decode(frame.bytes, view.elementOffsets[i], view.elementLengths[i], elementView);
            if (elementView.kind != FrameKind.NOTIFICATION && elementView.kind != FrameKind.RESPONSE)
            {
                refusals.write(out, connectionId, batch.to.batchId, answers++, frame.bytes, elementView,
                    RpcError.INTERNAL, FAULT);
            }
        }
        batch.elementCount = answers;
    }

    /** As geth does: an array of one error that carries the first call's id, or web3.js would wait for ever. */
    private void refuseBatch(
        final CorrelatedAction batch, final ReceivedFrame frame, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.LIMIT_REFUSALS);
        batch.elementCount = 1;
        elementDecoder.decode(frame.bytes, frame.view.elementOffsets[0], frame.view.elementLengths[0], elementView);
        refusals.write(out, batch.to.connectionId, batch.to.batchId, 0, frame.bytes, elementView,
            RpcError.INVALID_REQUEST, "batch too large, at most " + limits.batchItems() + " calls");
    }

    /** Returns true if an answer is owed. */
    private boolean onRequest(
        final long connectionId, final long batchId, final int batchIndex, final byte[] bytes, final FrameView view,
        final long nowNs, final ActionList<CorrelatedAction> out)
    {
        switch (view.kind)
        {
            case CALL:
                counters.increment(RelayCounter.CLIENT_CALLS);
                final int verdict = verdictOf(bytes, view, nowNs);
                if (verdict == SlotVerdicts.OVER_RATE)
                {
                    refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.LIMIT_EXCEEDED,
                        "limit exceeded: too much in a second");
                }
                else if (verdict == SlotVerdicts.DENIED)
                {
                    refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.METHOD_NOT_FOUND,
                        "the method does not exist/is not available");
                }
                else
                {
                    onCall(connectionId, batchId, batchIndex, bytes, view, nowNs, out);
                }
                return true;

            case NOTIFICATION:
                if (malformed != null)
                {
                    counters.increment(RelayCounter.INVALID_REQUESTS);
                    refusals.write(
                        out, connectionId, batchId, batchIndex, bytes, view, malformed.code(), malformed.message());
                    return true;
                }
                counters.increment(RelayCounter.CLIENT_NOTIFICATIONS);
                if (verdictOf(bytes, view, nowNs) == SlotVerdicts.PASSED && !matchCalls.isMatchCall(bytes, view))
                {
                    calls.onNotification(callers.of(connectionId, rights), bytes, view, nowNs, out);
                }
                return false;

            case RESPONSE:
                counters.increment(RelayCounter.CLIENT_RESPONSES_IGNORED);
                return false;

            default:
                counters.increment(RelayCounter.INVALID_REQUESTS);
                refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.INVALID_REQUEST,
                    view.kind == FrameKind.BATCH ? "invalid request: an array in an array"
                        : "invalid request: " + view.refusal);
                return true;
        }
    }

    private int verdictOf(final byte[] bytes, final FrameView view, final long nowNs)
    {
        final int verdict =
            verdicts.ofCall(rights, isOverBytes, bytes, view.methodOffset, view.methodLength, nowNs);
        if (verdict != SlotVerdicts.PASSED)
        {
            counters.increment(verdict == SlotVerdicts.DENIED ?
                RelayCounter.METHODS_DENIED : RelayCounter.RATE_REFUSALS);
        }
        return verdict;
    }

    private void onCall(
        final long connectionId, final long batchId, final int batchIndex, final byte[] bytes, final FrameView view,
        final long nowNs, final ActionList<CorrelatedAction> out)
    {
        if (view.idLength > limits.idBytes())
        {
            counters.increment(RelayCounter.INVALID_REQUESTS);
            refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.INVALID_REQUEST,
                "invalid request: id longer than " + limits.idBytes() + " bytes");
            return;
        }
        final int flags = calls.flagsOf(bytes, view);
        if ((flags & MethodTable.LISTED) == 0 &&
            matchCalls.tryTake(rights, connectionId, batchId, batchIndex, bytes, view, nowNs, out))
        {
            return;
        }
        final Caller caller = callers.of(connectionId, rights);
        caller.isHeadBound |= matchCalls.isHeadBound(connectionId);
        calls.onCall(caller, connectionId, batchId, batchIndex, bytes, view, flags, nowNs, out);
    }
}
