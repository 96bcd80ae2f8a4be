package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;

/**
 * Calls that go to every upstream at once: the first success is the answer.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>If none succeeds, an upstream that knows the transaction already says so, since then it is under way; else the
 * first error is the answer. If an upstream was lost before it answered, or still owes it when the time is up, and all
 * others know the transaction already, they may know it from that one: that it was sent is the answer then, with the
 * transaction's hash. An answered call stays open until the other upstreams have answered too, so that their answers
 * are told from invented ones.
 */
final class Broadcasts
{
    private final Forwards forwards;
    private final CallBook book;
    private final KeptAnswers keptAnswers;
    private final long attemptTimeoutNs;
    private final LaneRouter router;
    private final UpstreamErrors errors;
    private final CounterSet counters;
    private final CallList open = new CallList();
    private final SentTransaction sentTransaction = new SentTransaction();

    Broadcasts(
        final Forwards forwards, final CallBook book, final KeptAnswers keptAnswers, final long attemptTimeoutNs,
        final LaneRouter router, final UpstreamErrors errors, final CounterSet counters)
    {
        this.forwards = forwards;
        this.book = book;
        this.keptAnswers = keptAnswers;
        this.attemptTimeoutNs = attemptTimeoutNs;
        this.router = router;
        this.errors = errors;
        this.counters = counters;
    }

    void send(
        final PendingCall call, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.CALLS_BROADCAST);
        call.isBroadcast = true;
        call.attemptSinceNs = nowNs;
        call.awaitedLanes = 0;
        call.hasOtherError = false;
        call.isOutcomeUnknown = false;
        if (SentTransaction.isSent(bytes, view.methodOffset, view.methodLength))
        {
            book.keepTextIfRoom(call, bytes, view);
        }
        for (int lane = 0; lane < router.laneCount(); lane++)
        {
            if (router.isUp(lane))
            {
                call.awaitedLanes |= 1 << lane;
                forwards.add(lane, PendingCalls.upstreamRequestId(call), bytes, view, out);
            }
        }
        call.triedLanes = call.awaitedLanes;
        open.add(call);
    }

    void onAnswer(
        final PendingCall call, final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        if ((call.awaitedLanes >>> laneIndex & 1) == 0)
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
            return;
        }
        keptAnswers.endEra(nowNs);
        call.awaitedLanes &= ~(1 << laneIndex);
        if (!call.isOwed)
        {
            counters.increment(RelayCounter.UPSTREAM_LATE_ANSWERS);
        }
        else if (ClientCalls.isError(bytes, view))
        {
            onError(call, laneIndex, bytes, view, nowNs);
        }
        else
        {
            book.answer(call, bytes, view, out);
        }
        concludeIfLast(call, out);
    }

    /** An upstream did not get the call, or its answer could not be read, for a fault of the relay's. */
    void onForwardFailed(final PendingCall call, final int laneIndex, final ActionList<CorrelatedAction> out)
    {
        call.awaitedLanes &= ~(1 << laneIndex);
        if (call.awaitedLanes == 0 && call.isOwed && call.heldError == null)
        {
            book.failInternal(call, out);
        }
        else
        {
            concludeIfLast(call, out);
        }
    }

    void onLaneDown(final int laneIndex, final ActionList<CorrelatedAction> out)
    {
        PendingCall call = open.first();
        while (call != null)
        {
            final PendingCall next = call.nextInList;
            if ((call.awaitedLanes >>> laneIndex & 1) == 1)
            {
                call.awaitedLanes &= ~(1 << laneIndex);
                call.isOutcomeUnknown = true;
                concludeIfLast(call, out);
            }
            call = next;
        }
    }

    /** An upstream that says nothing does not keep a caller from the error that another one has given. */
    void onTick(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        PendingCall call = open.first();
        while (call != null && nowNs - call.attemptSinceNs >= attemptTimeoutNs)
        {
            if (!call.isOwed || call.heldError != null)
            {
                conclude(call, out);
            }
            else
            {
                call.attemptSinceNs = nowNs;
                CallList.remove(call);
                open.add(call);
            }
            call = open.first();
        }
    }

    private void onError(
        final PendingCall call, final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs)
    {
        final UpstreamErrors.Verdict verdict = errors.verdict(bytes, view.errorOffset, view.errorLength);
        if (verdict == UpstreamErrors.Verdict.TROUBLE)
        {
            router.onFailure(laneIndex, nowNs);
        }
        if (UpstreamErrors.isLost(bytes, view.errorOffset, view.errorLength))
        {
            call.isOutcomeUnknown = true;
            return;
        }
        final boolean isKnown = verdict == UpstreamErrors.Verdict.KNOWN;
        call.hasOtherError |= !isKnown;
        if (call.heldError == null || isKnown && !call.heldError.isKnown())
        {
            call.heldError = HeldAnswer.of(bytes, view, isKnown);
        }
    }

    private void concludeIfLast(final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        if (call.awaitedLanes == 0)
        {
            conclude(call, out);
        }
    }

    private void conclude(final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        if (call.isOwed && call.heldError == null)
        {
            book.failLost(call, out);
            return;
        }
        if (call.isOwed)
        {
            book.answer(call, answerOf(call), out);
        }
        book.close(call);
    }

    private HeldAnswer answerOf(final PendingCall call)
    {
        // One that still owes its answer may have it, and have passed it on, just as one that was lost.
        final boolean isUnknown = call.isOutcomeUnknown || call.awaitedLanes != 0;
        final boolean isSentByUs = isUnknown && call.heldError.isKnown() && !call.hasOtherError;
        final String hash = !isSentByUs || call.textLength == 0 ? null :
            sentTransaction.hashOf(call.text, call.paramsOffset, call.paramsLength);
        return hash == null ? call.heldError : HeldAnswer.success('"' + hash + '"');
    }
}
