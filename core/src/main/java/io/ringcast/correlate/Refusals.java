package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;

/**
 * What a client is told whose text asks for nothing that it can have.
 * Confined to the pipeline thread that runs correlate.
 */
final class Refusals
{
    private final int limitIdBytes;

    /** A longer id than this is not given back. */
    Refusals(final int limitIdBytes)
    {
        this.limitIdBytes = limitIdBytes;
    }

    /** Answers one call, or one place of a batch. The message is a constant or was made for this answer. */
    void write(
        final ActionList<CorrelatedAction> out, final long connectionId, final long batchId, final int batchIndex,
        final byte[] bytes, final FrameView view, final int errorCode, final String errorMessage)
    {
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.REPLY_ERROR;
        action.to.set(connectionId, batchId, batchIndex);
        action.to.setId(bytes, view.idLength > limitIdBytes ? FrameView.ABSENT : view.idOffset, view.idLength);
        action.errorCode = errorCode;
        action.errorMessage = errorMessage;
    }
}
