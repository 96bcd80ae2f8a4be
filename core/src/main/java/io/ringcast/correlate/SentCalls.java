package io.ringcast.correlate;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.RpcError;

import java.util.Arrays;

/**
 * Where each call is: with which upstream, or waiting for one that can have it; and who gets it next if that one fails.
 * Confined to the pipeline thread that runs correlate.
 */
final class SentCalls
{
    /** A longer call goes to one upstream alone: nodes hang up on what is too long for them, each at its own bound. */
    private static final int LONG_BYTES = 1024 * 1024;
    /** As long is what an upstream may mean that says that a message was too big: no bound is lower. */
    private static final int TOO_BIG_BYTES = 64 * 1024;

    private final Forwards forwards;
    private final CallBook book;
    private final KeptAnswers keptAnswers;
    private final long attemptTimeoutNs;
    private final LaneRouter router;
    private final CounterSet counters;
    /** For each upstream its calls, in the order in which their attempts time out; not kept if there is but one. */
    private final CallList[] sent;
    /** Calls that no upstream can have yet. */
    private final CallList waiting = new CallList();

    SentCalls(
        final Forwards forwards, final CallBook book, final KeptAnswers keptAnswers, final long attemptTimeoutNs,
        final LaneRouter router, final CounterSet counters)
    {
        this.forwards = forwards;
        this.book = book;
        this.keptAnswers = keptAnswers;
        this.attemptTimeoutNs = attemptTimeoutNs;
        this.router = router;
        this.counters = counters;
        sent = new CallList[router.laneCount()];
        Arrays.setAll(sent, lane -> new CallList());
    }

    /** A call goes to an upstream with the actions of this slot. */
    void noteSent(final PendingCall call, final int laneIndex, final long nowNs)
    {
        call.laneIndex = laneIndex;
        call.era = keptAnswers.era();
        call.wasCurrent = (call.flags & MethodTable.LATEST) != 0 && keptAnswers.isCurrent(laneIndex);
        call.triedLanes |= 1 << laneIndex;
        call.sentAtNs = nowNs;
        call.attemptSinceNs = nowNs;
        if (sent.length > 1)
        {
            sent[laneIndex].add(call);
        }
    }

    /** A call whose text is kept waits until an upstream can have it. */
    void addWaiting(final PendingCall call)
    {
        waiting.add(call);
    }

    /**
     * Calls that only read go to another upstream or wait for one; what came of the others will never be known. A long
     * one may be why the upstream hung up, and would cut the next one as well: its caller hears so.
     *
     * @param isTooBig whether the upstream said that a message was too big for it.
     */
    void onLaneDown(
        final int laneIndex, final boolean isTooBig, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        PendingCall call = sent[laneIndex].first();
        if (call != null)
        {
            router.onFailure(laneIndex, nowNs);
        }
        while (call != null)
        {
            if (isSuspect(call, isTooBig))
            {
                book.failHungUp(call, out);
            }
            else if (!call.isRepeatable || !tryMoveOrHold(call, nowNs, out))
            {
                book.failLost(call, out);
            }
            call = sent[laneIndex].first();
        }
    }

    /** Whether an upstream may hang up over a call's length. */
    static boolean isLong(final PendingCall call)
    {
        return call.sentBytes > LONG_BYTES;
    }

    /** Whether an upstream that has hung up may have done so over a call's length. */
    static boolean isSuspect(final PendingCall call, final boolean isTooBig)
    {
        return isTooBig ? call.sentBytes > TOO_BIG_BYTES : isLong(call);
    }

    /** Sends a call to an upstream that has not had it; false if there is none that can have it now. */
    boolean tryMove(final PendingCall call, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        final int laneIndex = router.choose(call.triedLanes, call.isHeadBound, call.shownNumber, true, nowNs);
        if (laneIndex == LaneRouter.NONE)
        {
            return false;
        }
        counters.increment(RelayCounter.CALLS_FAILED_OVER);
        sendText(call, laneIndex, nowNs, out);
        return true;
    }

    private boolean tryMoveOrHold(final PendingCall call, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        if (tryMove(call, nowNs, out))
        {
            return true;
        }
        if (!hasHope(call))
        {
            return false;
        }
        counters.increment(RelayCounter.CALLS_HELD);
        CallList.remove(call);
        call.laneIndex = PendingCall.NO_LANE;
        waiting.add(call);
        return true;
    }

    /** Whether an upstream is up that has not had the call. */
    private boolean hasHope(final PendingCall call)
    {
        for (int lane = 0; lane < router.laneCount(); lane++)
        {
            if (router.isUp(lane) && (call.triedLanes >>> lane & 1) == 0)
            {
                return true;
            }
        }
        return false;
    }

    /** Sends what waits, as far as an upstream can have it now. */
    void sendWaiting(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        PendingCall call = waiting.first();
        while (call != null)
        {
            final PendingCall next = call.nextInList;
            final int laneIndex = router.choose(
                call.triedLanes, call.isHeadBound, call.shownNumber, call.isRepeatable, nowNs);
            if (laneIndex != LaneRouter.NONE)
            {
                sendText(call, laneIndex, nowNs, out);
            }
            call = next;
        }
    }

    /** Answers what waits for no upstream that is there. */
    void refuseHopeless(final ActionList<CorrelatedAction> out)
    {
        PendingCall call = waiting.first();
        while (call != null)
        {
            final PendingCall next = call.nextInList;
            if (!hasHope(call))
            {
                book.countLost(call);
                book.failAll(call, RpcError.UPSTREAM_UNAVAILABLE, ClientCalls.NO_UPSTREAM, out);
            }
            call = next;
        }
    }

    /** An upstream that takes long loses a call that only reads to another one. */
    void moveLate(final long nowNs, final ActionList<CorrelatedAction> out)
    {
        for (final CallList list : sent)
        {
            moveLate(list, nowNs, out);
        }
    }

    private void moveLate(final CallList list, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        PendingCall call = list.first();
        while (call != null && nowNs - call.attemptSinceNs >= attemptTimeoutNs)
        {
            if (call.isRead)
            {
                router.onFailure(call.laneIndex, nowNs);
            }
            if (!call.isRepeatable || !tryMove(call, nowNs, out))
            {
                // It stays where it is; should another upstream come up, the next time-out finds it.
                call.attemptSinceNs = nowNs;
                CallList.remove(call);
                list.add(call);
            }
            call = list.first();
        }
    }

    private void sendText(
        final PendingCall call, final int laneIndex, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        CallList.remove(call);
        noteSent(call, laneIndex, nowNs);
        forwards.addKept(laneIndex, call, out);
    }
}
