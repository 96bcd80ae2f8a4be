package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.ReplyAddress;

/**
 * The ways to answer a caller.
 * Any thread: it holds nothing.
 */
final class Answers
{
    private Answers()
    {
    }

    /** The relay's own error. The message is a constant or was made for this answer. */
    static void error(
        final ReplyAddress to, final int code, final String message, final ActionList<CorrelatedAction> out)
    {
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.REPLY_ERROR;
        action.to.copyFrom(to);
        action.errorCode = code;
        action.errorMessage = message;
    }

    /** An upstream's answer that lies in the slot. */
    static void text(
        final ReplyAddress to, final byte[] bytes, final FrameView view, final ActionList<CorrelatedAction> out)
    {
        text(to, bytes, view.textOffset, view.textLength, view.idOffset, view.idLength, out);
    }

    /** An upstream's answer that was kept. */
    static void held(final ReplyAddress to, final HeldAnswer answer, final ActionList<CorrelatedAction> out)
    {
        text(to, answer.text(), 0, answer.text().length, answer.idOffset(), answer.idLength(), out);
    }

    private static void text(
        final ReplyAddress to, final byte[] bytes, final int textOffset, final int textLength, final int idOffset,
        final int idLength, final ActionList<CorrelatedAction> out)
    {
        final CorrelatedAction action = out.add();
        action.kind = CorrelatedAction.Kind.REPLY_TEXT;
        action.to.copyFrom(to);
        action.bytes = bytes;
        action.textOffset = textOffset;
        action.textLength = textLength;
        action.idOffset = idOffset;
        action.idLength = idLength;
    }
}
