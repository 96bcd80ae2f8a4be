package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;

/**
 * The answers that match gives.
 * Any thread: it holds nothing.
 */
final class Replies
{
    private Replies()
    {
    }

    static void result(final ReplyAddress to, final byte[] result, final ActionList<MatchedAction> out)
    {
        add(MatchedAction.Kind.REPLY_RESULT, to, result, out);
    }

    static void error(final ReplyAddress to, final int code, final String message, final ActionList<MatchedAction> out)
    {
        final MatchedAction error = out.add();
        error.kind = MatchedAction.Kind.REPLY_ERROR;
        error.to.copyFrom(to);
        error.errorCode = code;
        error.errorMessage = message;
    }

    static MatchedAction errorObject(
        final ReplyAddress to, final byte[] object, final ActionList<MatchedAction> out)
    {
        return add(MatchedAction.Kind.REPLY_ERROR_OBJECT, to, object, out);
    }

    private static MatchedAction add(
        final MatchedAction.Kind kind, final ReplyAddress to, final byte[] bytes, final ActionList<MatchedAction> out)
    {
        final MatchedAction reply = out.add();
        reply.kind = kind;
        reply.to.copyFrom(to);
        reply.bytes = bytes;
        reply.offset = 0;
        reply.length = bytes.length;
        return reply;
    }
}
