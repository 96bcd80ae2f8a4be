package io.ringcast.correlate;

import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.JsonCursor;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.OwnCallId;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What upstreams say: finds the caller of each answer and the feed of each item.
 * Confined to the pipeline thread that runs correlate.
 */
final class UpstreamCorrelator
{
    private static final long NOT_AN_ID = -1;
    private static final int MAX_ID_DIGITS = 18;
    private static final byte[] UNSUBSCRIBE = "unsubscribe".getBytes(StandardCharsets.US_ASCII);

    /** What a client hears whose subscribe an upstream answered with something that is no id. */
    private static final byte[] NO_SUBSCRIPTION_ID =
        "{\"code\":-32603,\"message\":\"the upstream's answer holds no subscription id\"}"
            .getBytes(StandardCharsets.US_ASCII);

    private static final byte[] TOO_MANY =
        "{\"code\":-32603,\"message\":\"the upstream has named too many subscriptions\"}"
            .getBytes(StandardCharsets.US_ASCII);

    private final ClientCalls calls;
    private final LaneHeads heads;
    /** Whether items come as further answers to the subscribe. */
    private final boolean hasItemsAsAnswers;
    private final CounterSet counters;
    /** For each upstream, its subscription ids and the call that each was the answer to. */
    private final TokenMap[] callBySubscription;
    private final EarlyItems earlyItems = new EarlyItems();
    private final FrameDecoder elementDecoder = new FrameDecoder();
    private final FrameView elementView = new FrameView();
    private final JsonCursor members = new JsonCursor();

    UpstreamCorrelator(
        final ClientCalls calls, final LaneHeads heads, final int laneCount, final boolean hasItemsAsAnswers,
        final CounterSet counters)
    {
        this.hasItemsAsAnswers = hasItemsAsAnswers;
        this.calls = calls;
        this.heads = heads;
        this.counters = counters;
        callBySubscription = new TokenMap[laneCount];
        Arrays.setAll(callBySubscription, lane -> new TokenMap());
    }

    void onFrame(
        final int laneIndex, final ReceivedFrame frame, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.UPSTREAM_FRAMES);
        final FrameView view = frame.view;
        switch (view.kind)
        {
            case NOTIFICATION:
                onNotification(laneIndex, frame.bytes, view, nowNs, out);
                break;

            case RESPONSE:
                onResponse(laneIndex, frame.bytes, view, nowNs, out);
                break;

            case BATCH:
                onBatch(laneIndex, frame, nowNs, out);
                break;

            default:
                counters.increment(RelayCounter.UPSTREAM_INVALID);
                break;
        }
    }

    /** The upstream's subscriptions ended with its connection. */
    void onDown(final int laneIndex)
    {
        callBySubscription[laneIndex].clear();
        counters.add(RelayCounter.UPSTREAM_UNKNOWN_SUBSCRIPTIONS, earlyItems.forget(laneIndex));
    }

    void onTick(final long nowNs)
    {
        counters.add(RelayCounter.UPSTREAM_UNKNOWN_SUBSCRIPTIONS, earlyItems.expire(nowNs));
    }

    private void onBatch(
        final int laneIndex, final ReceivedFrame frame, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        final FrameView view = frame.view;
        counters.add(RelayCounter.UPSTREAM_INVALID, Math.max(0, view.elementCount - FrameView.MAX_ELEMENTS));
        for (int i = 0; i < Math.min(view.elementCount, FrameView.MAX_ELEMENTS); i++)
        {
            elementDecoder.decode(frame.bytes, view.elementOffsets[i], view.elementLengths[i], elementView);
            switch (elementView.kind)
            {
                case NOTIFICATION:
                    onNotification(laneIndex, frame.bytes, elementView, nowNs, out);
                    break;

                case RESPONSE:
                    onResponse(laneIndex, frame.bytes, elementView, nowNs, out);
                    break;

                default:
                    counters.increment(RelayCounter.UPSTREAM_INVALID);
                    break;
            }
        }
    }

    private void onResponse(
        final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        final long upstreamRequestId = parseId(bytes, view.idOffset, view.idLength);
        if (upstreamRequestId == NOT_AN_ID)
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
        }
        else if (hasItemsAsAnswers &&
            callBySubscription[laneIndex].get(bytes, view.idOffset, view.idLength) != TokenMap.MISSING)
        {
            onFurtherAnswer(laneIndex, upstreamRequestId, bytes, view, nowNs, out);
        }
        else if (OwnCallId.isOwn(upstreamRequestId))
        {
            onOwnAnswer(laneIndex, upstreamRequestId, bytes, view, nowNs, out);
        }
        else
        {
            calls.onAnswer(laneIndex, upstreamRequestId, bytes, view, nowNs, out);
        }
    }

    /** A subscribe that was accepted is answered again: with an item, or because it has been ended. */
    private void onFurtherAnswer(
        final int laneIndex, final long ownCallId, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        if (ClientCalls.isError(bytes, view))
        {
            view.itemErrorOffset = view.errorOffset;
            view.itemErrorLength = view.errorLength;
            onItemError(laneIndex, ownCallId, bytes, view, nowNs, out);
        }
        else if (members.tryBegin(bytes, view.resultOffset, view.resultLength) && members.isObject() &&
            members.next() && members.isNamed(UNSUBSCRIBE))
        {
            callBySubscription[laneIndex].removeValue(ownCallId);
        }
        else
        {
            addItem(laneIndex, ownCallId, bytes, view.resultOffset, view.resultLength, nowNs, out);
        }
    }

    /** Answers the calls of a text that a fault kept from being read; those that it did answer are closed. */
    void answerFailed(final int laneIndex, final ReceivedFrame frame, final ActionList<CorrelatedAction> out)
    {
        final FrameView view = frame.view;
        if (view.kind == FrameKind.RESPONSE)
        {
            calls.onAnswerFailed(laneIndex, parseId(frame.bytes, view.idOffset, view.idLength), out);
        }
        else if (view.kind == FrameKind.BATCH)
        {
            for (int i = 0; i < Math.min(view.elementCount, FrameView.MAX_ELEMENTS); i++)
            {
                elementDecoder.decode(frame.bytes, view.elementOffsets[i], view.elementLengths[i], elementView);
                if (elementView.kind == FrameKind.RESPONSE)
                {
                    calls.onAnswerFailed(
                        laneIndex, parseId(frame.bytes, elementView.idOffset, elementView.idLength), out);
                }
            }
        }
    }

    private void onOwnAnswer(
        final int laneIndex, final long ownCallId, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        final boolean isSubscribe = !OwnCallId.isUnsubscribe(ownCallId) && !OwnCallId.isFetch(ownCallId);
        final boolean isError = ClientCalls.isError(bytes, view);
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.OWN_ANSWER;
        action.laneIndex = laneIndex;
        action.upstreamRequestId = ownCallId;
        action.isError = isError;
        action.bytes = bytes;
        action.valueOffset = isError ? view.errorOffset : view.resultOffset;
        action.valueLength = isError ? view.errorLength : view.resultLength;

        if (OwnCallId.isUnsubscribe(ownCallId))
        {
            callBySubscription[laneIndex].removeValue(OwnCallId.subscribeOf(ownCallId));
            loseHeads(laneIndex, ownCallId, nowNs);
        }
        else if (isSubscribe && !isError && (hasItemsAsAnswers || isSubscriptionId(bytes[view.resultOffset])))
        {
            final int from = hasItemsAsAnswers ? view.idOffset : view.resultOffset;
            final byte[] token =
                Arrays.copyOfRange(bytes, from, from + (hasItemsAsAnswers ? view.idLength : view.resultLength));
            if (!callBySubscription[laneIndex].tryPut(token, ownCallId))
            {
                counters.increment(RelayCounter.UPSTREAM_INVALID);
                refuse(action, TOO_MANY);
                final CorrelatedAction reset = out.add();
                reset.kind = CorrelatedAction.Kind.LANE_OVERFULL;
                reset.laneIndex = laneIndex;
                return;
            }
            if (OwnCallId.isHeads(ownCallId))
            {
                heads.setLive(laneIndex, true);
            }
            releaseEarlyItems(laneIndex, token, ownCallId, nowNs, out);
        }
        else if (isSubscribe && !isError)
        {
            counters.increment(RelayCounter.UPSTREAM_INVALID);
            refuse(action, NO_SUBSCRIPTION_ID);
        }
        else if (OwnCallId.isFetch(ownCallId) && !isError)
        {
            // What is fetched is shown to clients as what is pushed.
            calls.onHead(
                heads.onFetched(laneIndex, bytes, view.resultOffset, view.resultLength, nowNs), nowNs, out);
        }
    }

    private static void refuse(final CorrelatedAction answer, final byte[] error)
    {
        answer.isError = true;
        answer.bytes = error;
        answer.valueOffset = 0;
        answer.valueLength = error.length;
    }

    /** A string or a number: null, true, lists and objects name nothing that could be unsubscribed. */
    private static boolean isSubscriptionId(final byte first)
    {
        return first == '"' || first == '-' || first >= '0' && first <= '9';
    }

    private void loseHeads(final int laneIndex, final long subscribeCallId, final long nowNs)
    {
        if (OwnCallId.isHeads(subscribeCallId))
        {
            heads.setLive(laneIndex, false);
            calls.onHeadsLost(nowNs);
        }
    }

    private void releaseEarlyItems(
        final int laneIndex, final byte[] token, final long ownCallId, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        byte[] item = earlyItems.takeFirst(laneIndex, token);
        while (item != null)
        {
            counters.increment(RelayCounter.UPSTREAM_EARLY_ITEMS);
            addItem(laneIndex, ownCallId, item, 0, item.length, nowNs, out);
            item = earlyItems.takeFirst(laneIndex, token);
        }
    }

    private void onNotification(
        final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        if (view.subscriptionOffset == FrameView.ABSENT)
        {
            counters.increment(RelayCounter.UPSTREAM_INVALID);
            return;
        }
        final long ownCallId =
            callBySubscription[laneIndex].get(bytes, view.subscriptionOffset, view.subscriptionLength);
        if (view.itemOffset == FrameView.ABSENT)
        {
            onItemError(laneIndex, ownCallId, bytes, view, nowNs, out);
        }
        else if (ownCallId != TokenMap.MISSING)
        {
            addItem(laneIndex, ownCallId, bytes, view.itemOffset, view.itemLength, nowNs, out);
        }
        else if (!earlyItems.tryHold(
            laneIndex, bytes, view.subscriptionOffset, view.subscriptionLength, view.itemOffset, view.itemLength,
            nowNs))
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_SUBSCRIPTIONS);
        }
    }

    private void onItemError(
        final int laneIndex, final long ownCallId, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.UPSTREAM_ITEM_ERRORS);
        if (ownCallId != TokenMap.MISSING)
        {
            final CorrelatedAction action = out.add();
            action.kind = CorrelatedAction.Kind.FEED_LOST;
            action.laneIndex = laneIndex;
            action.upstreamRequestId = ownCallId;
            action.bytes = bytes;
            action.valueOffset = view.itemErrorOffset;
            action.valueLength = view.itemErrorLength;
            loseHeads(laneIndex, ownCallId, nowNs);
        }
    }

    private void addItem(
        final int laneIndex, final long ownCallId, final byte[] bytes, final int offset, final int length,
        final long nowNs, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.ITEMS_IN);
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.ITEM;
        action.laneIndex = laneIndex;
        action.upstreamRequestId = ownCallId;
        action.bytes = bytes;
        action.valueOffset = offset;
        action.valueLength = length;
        if (OwnCallId.isHeads(ownCallId))
        {
            calls.onHead(heads.onHead(laneIndex, bytes, offset, length, nowNs), nowNs, out);
        }
    }

    /** The relay sends plain decimal ids; anything else was not its own. */
    private static long parseId(final byte[] bytes, final int offset, final int length)
    {
        if (offset == FrameView.ABSENT || length > MAX_ID_DIGITS)
        {
            return NOT_AN_ID;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++)
        {
            final int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9)
            {
                return NOT_AN_ID;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
