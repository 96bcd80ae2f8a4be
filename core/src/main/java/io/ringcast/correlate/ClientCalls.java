package io.ringcast.correlate;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;

import java.util.concurrent.TimeUnit;

/**
 * The life of a client's call: to an upstream, to another one if the first fails it, and its answer to the caller.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>A call that only reads may be sent to each upstream once. Any other is sent once and never again, since an
 * upstream that did not answer may have carried it out; {@link Broadcasts} are the exception, to each upstream once.
 * {@link CallBook} sees to it that each is answered once.
 */
final class ClientCalls
{
    static final String NO_UPSTREAM = "no upstream is connected";

    /** No transaction is longer: six blobs with their proofs are 1.7 MB in hex. A longer text could cut all at once. */
    private static final int LIMIT_BROADCAST_BYTES = 2 * 1024 * 1024;

    private final long callTimeoutNs;
    private final MethodTable methods;
    private final LaneHeads heads;
    private final LaneRouter router;
    private final CounterSet counters;
    private final Forwards forwards;
    private final CallBook book;
    private final KeptAnswers keptAnswers;
    private final Broadcasts broadcasts;
    private final UpstreamErrors errors = new UpstreamErrors();
    private final ShownBlock shownBlock = new ShownBlock();
    private final CallKey key = new CallKey();
    private final ReplyAddress to = new ReplyAddress();
    private final SentCalls sent;

    ClientCalls(
        final LimitsConfig limits, final TimingConfig timing, final MethodTable methods, final LaneHeads heads,
        final LaneRouter router, final CounterSet counters)
    {
        callTimeoutNs = TimeUnit.MILLISECONDS.toNanos(timing.callTimeoutMs());
        final long attemptTimeoutNs = TimeUnit.MILLISECONDS.toNanos(timing.attemptTimeoutMs());
        this.methods = methods;
        this.heads = heads;
        this.router = router;
        this.counters = counters;
        forwards = new Forwards(counters);
        book = new CallBook(limits, attemptTimeoutNs, counters);
        keptAnswers = new KeptAnswers(limits.cacheBytes(), heads, counters);
        broadcasts = new Broadcasts(forwards, book, keptAnswers, attemptTimeoutNs, router, errors, counters);
        sent = new SentCalls(forwards, book, keptAnswers, attemptTimeoutNs, router, counters);
    }

    /** What {@link MethodTable} says of a call's method; to be asked before {@link #onCall} takes the call. */
    int flagsOf(final byte[] bytes, final FrameView view)
    {
        return methods.flagsOf(bytes, view.methodOffset, view.methodLength, key.wrapMethod(bytes, view));
    }

    /** Takes a call; answers it, sends it, or lets it wait. */
    void onCall(
        final Caller caller, final long connectionId, final long batchId, final int batchIndex, final byte[] bytes,
        final FrameView view, final int methodFlags, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        int flags = methodFlags;
        HeldAnswer kept = null;
        if ((flags & MethodTable.READ) != 0)
        {
            key.wrapParams(view);
            flags = CacheRules.settle(flags, key);
            kept = keptAnswers.find(key, flags);
        }
        final PendingCall call = kept != null || !router.isAnyUp() ? null :
            book.tryOpen(caller, flags, nowNs + callTimeoutNs);
        if (call != null)
        {
            call.to.set(connectionId, batchId, batchIndex);
            call.to.setId(bytes, view.idOffset, view.idLength);
            route(call, bytes, view, nowNs, out);
            return;
        }
        to.set(connectionId, batchId, batchIndex);
        to.setId(bytes, view.idOffset, view.idLength);
        if (kept != null)
        {
            caller.unchargedBytes += kept.text().length;
            caller.shown.onShown(kept.shownNumber());
            Answers.held(to, kept, out);
        }
        else if (router.isAnyUp())
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            Answers.error(to, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many calls wait for an answer", out);
        }
        else
        {
            counters.increment(RelayCounter.CALLS_LOST_UPSTREAM);
            Answers.error(to, RpcError.UPSTREAM_UNAVAILABLE, NO_UPSTREAM, out);
        }
    }

    private void route(
        final PendingCall call, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        call.sentBytes = view.textLength;
        if ((call.flags & MethodTable.BROADCAST) != 0 && router.laneCount() > 1 &&
            view.textLength <= LIMIT_BROADCAST_BYTES)
        {
            broadcasts.send(call, bytes, view, nowNs, out);
            return;
        }
        if (call.isRead && book.tryJoin(call, key, keptAnswers.era(), nowNs))
        {
            return;
        }
        if (call.isRead && book.tryKeepText(call, bytes, view))
        {
            call.isRepeatable = router.laneCount() > 1 && !SentCalls.isLong(call);
            book.openToOthers(call, key);
        }
        final int laneIndex = router.choose(
            0, call.isHeadBound, call.shownNumber, call.isRepeatable, nowNs);
        if (laneIndex != LaneRouter.NONE)
        {
            sent.noteSent(call, laneIndex, nowNs);
            forwards.add(laneIndex, PendingCalls.upstreamRequestId(call), bytes, view, out);
        }
        else if (call.textLength > 0 || book.tryKeepText(call, bytes, view))
        {
            counters.increment(RelayCounter.CALLS_HELD);
            sent.addWaiting(call);
        }
        else
        {
            counters.increment(RelayCounter.LIMIT_REFUSALS);
            book.failAll(
                call, RpcError.LIMIT_EXCEEDED, "limit exceeded: too many calls wait for an upstream", out);
        }
    }

    /** A call without an id is run by one upstream and answered by nobody. */
    void onNotification(
        final Caller caller, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        final int laneIndex = router.choose(0, caller.isHeadBound, caller.shown.number(), false, nowNs);
        if (laneIndex == LaneRouter.NONE)
        {
            counters.increment(RelayCounter.NOTIFICATIONS_DROPPED);
        }
        else
        {
            forwards.add(laneIndex, 0, bytes, view, out);
        }
    }

    /** Takes an upstream's answer under an id that is not the relay's own. */
    void onAnswer(
        final int laneIndex, final long upstreamRequestId, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        final PendingCall call = book.find(upstreamRequestId);
        if (call == null || (call.triedLanes >>> laneIndex & 1) == 0)
        {
            counters.increment(RelayCounter.UPSTREAM_UNKNOWN_IDS);
        }
        else if (call.isBroadcast)
        {
            broadcasts.onAnswer(call, laneIndex, bytes, view, nowNs, out);
        }
        else if (call.laneIndex != laneIndex)
        {
            counters.increment(RelayCounter.UPSTREAM_LATE_ANSWERS);
        }
        else if (router.laneCount() == 1 || !isWorthAnotherTry(call, bytes, view, nowNs) ||
            !sent.tryMove(call, nowNs, out))
        {
            if (!call.isOwn && isError(bytes, view) &&
                UpstreamErrors.isLost(bytes, view.errorOffset, view.errorLength))
            {
                onLost(call, nowNs, out);
            }
            else
            {
                finish(call, laneIndex, bytes, view, nowNs, out);
            }
        }
    }

    /** The connection that carried the call alone is lost, and no other upstream is to have it. */
    private void onLost(final PendingCall call, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        if (!call.isRead)
        {
            keptAnswers.endEra(nowNs);
        }
        if (SentCalls.isLong(call))
        {
            book.failHungUp(call, out);
        }
        else
        {
            book.failLost(call, out);
        }
    }

    /** An upstream's answer could not be read, for a fault of the relay's. */
    void onAnswerFailed(
        final int laneIndex, final long upstreamRequestId, final ActionList<CorrelatedAction> out)
    {
        final PendingCall call = book.find(upstreamRequestId);
        if (call != null && (call.laneIndex == laneIndex || (call.awaitedLanes >>> laneIndex & 1) == 1))
        {
            onForwardFailed(upstreamRequestId, laneIndex, out);
        }
    }

    /** A call's text could not be encoded, for a fault of the relay's: no upstream has it from this attempt. */
    void onForwardFailed(
        final long upstreamRequestId, final int laneIndex, final ActionList<CorrelatedAction> out)
    {
        final PendingCall call = book.find(upstreamRequestId);
        if (call != null && call.isBroadcast)
        {
            broadcasts.onForwardFailed(call, laneIndex, out);
        }
        else if (call != null)
        {
            book.failInternal(call, out);
        }
    }

    /** Takes back the calls of a batch that is answered otherwise. */
    void abandonBatch(final long batchId)
    {
        book.abandonBatch(batchId);
    }

    /** How many calls of clients have been opened so far. */
    long openedCalls()
    {
        return book.openedCalls();
    }

    void onLaneUp(final int laneIndex, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        router.setUp(laneIndex, true);
        heads.setUp(laneIndex, true, nowNs);
        sent.sendWaiting(nowNs, out);
    }

    /** Calls that the upstream had go to another one, or are answered: their outcome will never be known. */
    void onLaneDown(
        final int laneIndex, final boolean isTooBig, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        router.setUp(laneIndex, false);
        heads.setUp(laneIndex, false, nowNs);
        keptAnswers.endEra(nowNs);
        if (router.laneCount() == 1)
        {
            loseAll(isTooBig, out);
            return;
        }
        sent.onLaneDown(laneIndex, isTooBig, nowNs, out);
        broadcasts.onLaneDown(laneIndex, out);
        sent.refuseHopeless(out);
    }

    /** The only upstream has gone: it had every call, or the one that a call has joined. */
    private void loseAll(final boolean isTooBig, final ActionList<CorrelatedAction> out)
    {
        for (PendingCall call = book.oldest(); call != null; call = book.oldest())
        {
            final PendingCall lost = call.leader == null ? call : call.leader;
            if (SentCalls.isSuspect(lost, isTooBig))
            {
                book.failHungUp(lost, out);
            }
            else
            {
                book.failLost(lost, out);
            }
        }
    }

    /** An upstream has announced a head: it may have become one that a waiting call can go to. */
    void onHead(final boolean isNew, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        if (isNew && keptAnswers.onNewHead(nowNs))
        {
            askForFinalBlock(nowNs, out);
        }
        sent.sendWaiting(nowNs, out);
    }

    /** An upstream announces heads no longer, so that nothing is known of what is latest there. */
    void onHeadsLost(final long nowNs)
    {
        keptAnswers.endEra(nowNs);
    }

    void onTick(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        keptAnswers.onTick(nowNs);
        PendingCall call = book.oldest();
        while (call != null && nowNs - call.deadlineNs >= 0)
        {
            onTimeOut(call, nowNs, out);
            call = book.oldest();
        }
        heads.onTick(nowNs);
        if (router.laneCount() > 1)
        {
            router.onTick(nowNs);
            sent.moveLate(nowNs, out);
            broadcasts.onTick(nowNs, out);
            sent.sendWaiting(nowNs, out);
        }
    }

    int outstandingCalls()
    {
        return book.openCount();
    }

    /** Answers everybody who waits for a call, and ends it. */
    private void finish(
        final PendingCall call, final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        if ((call.flags & MethodTable.SHOWS_BLOCK) != 0 && !isError(bytes, view))
        {
            noteShown(call, laneIndex, bytes, view, nowNs, out);
        }
        if (call.isOwn)
        {
            keptAnswers.onFinalBlock(bytes, view);
        }
        else if (call.isRead)
        {
            keptAnswers.offer(call, laneIndex, bytes, view);
        }
        else
        {
            keptAnswers.endEra(nowNs);
        }
        final PendingCall rest = book.answerAll(call, bytes, view, out);
        if (rest != null)
        {
            counters.increment(RelayCounter.JOINED_SENT);
            sent.addWaiting(rest);
            sent.sendWaiting(nowNs, out);
        }
    }

    private void noteShown(
        final PendingCall call, final int laneIndex, final byte[] bytes, final FrameView view, final long nowNs,
        final ActionList<CorrelatedAction> out)
    {
        final long answeredBefore = heads.answeredNumber(laneIndex);
        call.answeredNumber = shownBlock.numberIn(bytes, view);
        if (heads.onAnswered(laneIndex, call.answeredNumber, nowNs))
        {
            // The latest state is a newer one than that of the last head.
            keptAnswers.endEra(nowNs);
        }
        if (heads.answeredNumber(laneIndex) != answeredBefore)
        {
            // It may be as far now as somebody waits for.
            sent.sendWaiting(nowNs, out);
        }
    }

    private void askForFinalBlock(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        final int laneIndex = router.choose(0, true, LaneHeads.NONE, false, nowNs);
        final PendingCall call =
            laneIndex == LaneRouter.NONE ? null : book.tryOpen(null, MethodTable.READ, nowNs + callTimeoutNs);
        if (call != null)
        {
            sent.noteSent(call, laneIndex, nowNs);
            forwards.addQuestion(laneIndex, call, out);
        }
    }

    /** Whether another upstream may answer what this one could not; a call that only reads is then worth a try. */
    private boolean isWorthAnotherTry(
        final PendingCall call, final byte[] bytes, final FrameView view, final long nowNs)
    {
        final UpstreamErrors.Verdict verdict = isError(bytes, view) ?
            errors.verdict(bytes, view.errorOffset, view.errorLength) : UpstreamErrors.Verdict.ANSWER;
        if (verdict == UpstreamErrors.Verdict.TROUBLE)
        {
            router.onFailure(call.laneIndex, nowNs);
            return call.isRepeatable;
        }
        router.onAnswer(call.laneIndex, nowNs - call.sentAtNs, nowNs);
        return call.isRepeatable && verdict == UpstreamErrors.Verdict.LACKING;
    }

    /** Some nodes send {@code "error":null} beside a result. */
    static boolean isError(final byte[] bytes, final FrameView view)
    {
        return view.errorOffset != FrameView.ABSENT &&
            (bytes[view.errorOffset] != 'n' || view.resultOffset == FrameView.ABSENT);
    }

    private void onTimeOut(final PendingCall call, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        if (call.heldError != null)
        {
            book.answer(call, call.heldError, out);
            book.close(call);
            return;
        }
        if (!call.isRead)
        {
            // It may have been carried out all the same.
            keptAnswers.endEra(nowNs);
        }
        else if (call.laneIndex != PendingCall.NO_LANE)
        {
            router.onFailure(call.laneIndex, nowNs);
        }
        counters.add(RelayCounter.CALLS_TIMED_OUT, call.isOwn ? 0 : 1);
        book.failOne(call, RpcError.TIMEOUT, "request timed out", out);
    }
}
