package io.ringcast.correlate;

import io.ringcast.config.LimitsConfig;
import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.RpcError;

/**
 * The open calls: who is owed an answer, and who has joined whom. Every answer to a call that was opened leaves here.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>A call is <b>settled</b> when its caller has been answered, and <b>closed</b> when nothing more is expected of
 * upstreams either. A read that others have joined stays open until each of them is answered.
 */
final class CallBook
{
    /** How many bytes of one answer are copied to joined callers in one slot; 10 MB for a thousand would be 10 GB. */
    static final int LIMIT_COPIED_BYTES = 4 * 1024 * 1024;

    private final int limitPerConnection;
    private final long attemptTimeoutNs;
    private final CounterSet counters;
    private final PendingCalls pendingCalls;
    private final CallTexts texts;
    private final ReadsUnderWay reads = new ReadsUnderWay();
    private long openedCalls;

    CallBook(final LimitsConfig limits, final long attemptTimeoutNs, final CounterSet counters)
    {
        limitPerConnection = limits.outstandingCallsPerConnection();
        this.attemptTimeoutNs = attemptTimeoutNs;
        this.counters = counters;
        pendingCalls = new PendingCalls(Math.min(limits.outstandingCalls(), PendingCalls.MAX_SLOTS));
        texts = new CallTexts(limits.heldTextBytes());
    }

    /**
     * Opens a call.
     *
     * @param caller who waits for it; null if it is the relay's own.
     * @return the call, or null if there are too many.
     */
    PendingCall tryOpen(final Caller caller, final int flags, final long deadlineNs)
    {
        final PendingCall call =
            caller == null || caller.outstandingCalls < limitPerConnection ? pendingCalls.tryOpen() : null;
        if (call == null)
        {
            return null;
        }
        if (caller != null)
        {
            caller.outstandingCalls++;
            openedCalls++;
        }
        call.caller = caller;
        call.isOwn = caller == null;
        call.isHeadBound = caller == null || caller.isHeadBound;
        call.shownNumber = caller == null ? LaneHeads.NONE : caller.shown.number();
        call.answeredNumber = LaneHeads.NONE;
        call.deadlineNs = deadlineNs;
        call.flags = flags;
        call.isRead = (flags & MethodTable.READ) != 0;
        call.isRepeatable = false;
        call.isBroadcast = false;
        call.laneIndex = PendingCall.NO_LANE;
        call.triedLanes = 0;
        call.awaitedLanes = 0;
        call.keyHash = PendingCall.NO_KEY;
        call.sentBytes = 0;
        return call;
    }

    /** How many calls of clients have been opened so far. */
    long openedCalls()
    {
        return openedCalls;
    }

    int openCount()
    {
        return pendingCalls.openCount();
    }

    PendingCall find(final long upstreamRequestId)
    {
        return pendingCalls.find(upstreamRequestId);
    }

    /** The call whose caller has waited longest, or null. */
    PendingCall oldest()
    {
        return pendingCalls.oldest();
    }

    boolean tryKeepText(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        final boolean isKept = texts.tryKeep(call, bytes, view);
        if (!isKept)
        {
            counters.increment(RelayCounter.CALLS_UNREPEATABLE);
        }
        return isKept;
    }

    /** Keeps the text of a call that could do without. */
    void keepTextIfRoom(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        texts.tryKeep(call, bytes, view);
    }

    /** Lets a call wait for the answer to an equal one, if there is one whose answer will do. */
    boolean tryJoin(final PendingCall call, final CallKey key, final long era, final long nowNs)
    {
        final PendingCall leader = reads.find(key, call, era);
        // One that an upstream seems to have lost must not draw others after it.
        if (leader == null || !leader.isOwed ||
            leader.laneIndex != PendingCall.NO_LANE && nowNs - leader.sentAtNs >= attemptTimeoutNs)
        {
            return false;
        }
        counters.increment(RelayCounter.CALLS_JOINED);
        leader.addJoined(call);
        return true;
    }

    /** Lets equal calls join one whose text was kept. */
    void openToOthers(final PendingCall call, final CallKey key)
    {
        call.keyHash = key.hash;
        reads.add(call);
    }

    /**
     * Answers a call and those that have joined it, and closes them.
     *
     * @return a call that has to be sent, with the rest of those who joined; null if there is none.
     */
    PendingCall answerAll(
        final PendingCall call, final byte[] bytes, final FrameView view, final ActionList<CorrelatedAction> out)
    {
        final long answeredNumber = call.answeredNumber;
        answer(call, bytes, view, out);
        long copiedBytes = view.textLength;
        PendingCall joined = call.firstJoined;
        while (joined != null && copiedBytes + view.textLength <= LIMIT_COPIED_BYTES)
        {
            joined.leave();
            joined.answeredNumber = answeredNumber;
            answer(joined, bytes, view, out);
            pendingCalls.close(joined);
            copiedBytes += view.textLength;
            joined = call.firstJoined;
        }
        if (joined != null)
        {
            handOver(call, joined);
        }
        close(call);
        return joined;
    }

    /** Answers the caller, if it is still owed that. */
    void answer(
        final PendingCall call, final byte[] bytes, final FrameView view, final ActionList<CorrelatedAction> out)
    {
        if (call.isOwed && !call.isOwn)
        {
            counters.increment(RelayCounter.CALLS_ANSWERED);
            call.caller.unchargedBytes += view.textLength;
            call.caller.shown.onShown(call.answeredNumber);
            Answers.text(call.to, bytes, view, out);
        }
        settle(call);
    }

    /** Answers the caller, if it is still owed that, with what was kept. */
    void answer(final PendingCall call, final HeldAnswer held, final ActionList<CorrelatedAction> out)
    {
        if (call.isOwed)
        {
            counters.increment(RelayCounter.CALLS_ANSWERED);
            if (call.caller != null)
            {
                call.caller.unchargedBytes += held.text().length;
            }
            Answers.held(call.to, held, out);
        }
        settle(call);
    }

    /** Answers a call and those that have joined it with an error of the relay's own, and closes them. */
    void failAll(
        final PendingCall call, final int code, final String message, final ActionList<CorrelatedAction> out)
    {
        while (call.firstJoined != null)
        {
            failOne(call.firstJoined, code, message, out);
        }
        if (call.isOpen)
        {
            failOne(call, code, message, out);
        }
    }

    /** Answers one caller with an error of the relay's own; others that wait for the same go on waiting. */
    void failOne(
        final PendingCall call, final int code, final String message, final ActionList<CorrelatedAction> out)
    {
        if (call.isOwed && !call.isOwn)
        {
            Answers.error(call.to, code, message, out);
        }
        forget(call);
    }

    void failInternal(final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        failAll(call, RpcError.INTERNAL, "internal error", out);
    }

    void failLost(final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        countLost(call);
        failAll(call, RpcError.UPSTREAM_UNAVAILABLE, RpcError.CONNECTION_LOST + outcome(call), out);
    }

    /** An upstream has hung up on a long call: another one would as well, and whoever is asked loses its feeds. */
    void failHungUp(final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.CALLS_HUNG_UP_ON);
        countLost(call);
        failAll(call, RpcError.UPSTREAM_UNAVAILABLE, "the upstream hung up on a call of " + call.sentBytes +
            " bytes before the answer" + outcome(call), out);
    }

    /** Who only reads need not care. */
    private static String outcome(final PendingCall call)
    {
        return call.isRead ? "" : "; the call may have been carried out";
    }

    /** Counts those who are to hear that no upstream could answer a call. */
    void countLost(final PendingCall call)
    {
        counters.add(RelayCounter.CALLS_LOST_UPSTREAM, call.isOwed && !call.isOwn ? 1 : 0);
        for (PendingCall joined = call.firstJoined; joined != null; joined = joined.nextJoined)
        {
            counters.increment(RelayCounter.CALLS_LOST_UPSTREAM);
        }
    }

    /** Takes back the calls of a batch that is answered otherwise; they are the newest. */
    void abandonBatch(final long batchId)
    {
        PendingCall call = pendingCalls.newest();
        while (call != null && (call.isOwn || call.to.batchId == batchId))
        {
            final PendingCall older = pendingCalls.olderThan(call);
            if (!call.isOwn)
            {
                forget(call);
            }
            call = older;
        }
    }

    /** Ends a call that nobody has joined, or that nobody may wait for any more. */
    void close(final PendingCall call)
    {
        settle(call);
        CallList.remove(call);
        reads.remove(call);
        texts.release(call);
        call.heldError = null;
        pendingCalls.close(call);
    }

    /** The caller is no longer owed an answer; what nobody waits for is closed. */
    private void forget(final PendingCall call)
    {
        final PendingCall leader = call.leader;
        settle(call);
        if (leader != null)
        {
            call.leave();
            pendingCalls.close(call);
            if (!leader.isOwed && leader.firstJoined == null)
            {
                close(leader);
            }
        }
        else if (call.firstJoined == null)
        {
            close(call);
        }
    }

    private void handOver(final PendingCall from, final PendingCall to)
    {
        to.leave();
        CallTexts.move(from, to);
        to.sentBytes = from.sentBytes;
        to.keyHash = from.keyHash;
        to.isHeadBound = from.isHeadBound;
        to.shownNumber = from.shownNumber;
        to.isRepeatable = from.isRepeatable;
        reads.remove(from);
        from.keyHash = PendingCall.NO_KEY;
        while (from.firstJoined != null)
        {
            final PendingCall joined = from.firstJoined;
            joined.leave();
            to.addJoined(joined);
        }
        reads.add(to);
    }

    private void settle(final PendingCall call)
    {
        if (call.isOwed)
        {
            if (call.caller != null)
            {
                call.caller.outstandingCalls--;
            }
            pendingCalls.settle(call);
        }
    }
}
