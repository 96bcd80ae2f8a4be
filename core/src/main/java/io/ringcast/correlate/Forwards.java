package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;

import java.util.Arrays;

/**
 * The ways to send a call to an upstream.
 * Confined to the pipeline thread that runs correlate.
 */
final class Forwards
{
    private final CounterSet counters;

    Forwards(final CounterSet counters)
    {
        this.counters = counters;
    }

    /** A call whose text lies in the slot. */
    void add(
        final int laneIndex, final long upstreamRequestId, final byte[] bytes, final FrameView view,
        final ActionList<CorrelatedAction> out)
    {
        add(laneIndex, upstreamRequestId, bytes, view.textOffset, view.textLength, view.idOffset, view.idLength, out);
    }

    /** A call whose text was kept. Encode may come to the action later, and the call's array is used again: a copy. */
    void addKept(final int laneIndex, final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        add(laneIndex, PendingCalls.upstreamRequestId(call), Arrays.copyOf(call.text, call.textLength), 0,
            call.textLength, call.idOffset, call.idLength, out);
    }

    /** The relay's question for the final block. */
    void addQuestion(final int laneIndex, final PendingCall call, final ActionList<CorrelatedAction> out)
    {
        add(laneIndex, PendingCalls.upstreamRequestId(call), FinalBlock.QUESTION, 0, FinalBlock.QUESTION.length,
            FinalBlock.QUESTION_ID_OFFSET, FinalBlock.QUESTION_ID_LENGTH, out);
    }

    private void add(
        final int laneIndex, final long upstreamRequestId, final byte[] bytes, final int textOffset,
        final int textLength, final int idOffset, final int idLength, final ActionList<CorrelatedAction> out)
    {
        counters.increment(RelayCounter.CALLS_FORWARDED);
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.FORWARD;
        action.laneIndex = laneIndex;
        action.upstreamRequestId = upstreamRequestId;
        action.bytes = bytes;
        action.textOffset = textOffset;
        action.textLength = textLength;
        action.idOffset = idOffset;
        action.idLength = idLength;
    }
}
