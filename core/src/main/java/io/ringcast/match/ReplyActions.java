package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;

import java.nio.charset.StandardCharsets;

/**
 * Answers to calls, as actions.
 * Any thread.
 */
final class ReplyActions
{
    private ReplyActions()
    {
    }

    static MatchedAction addError(
        final ReplyAddress to, final int errorCode, final String errorMessage, final ActionList<MatchedAction> out)
    {
        final MatchedAction error = out.add();
        error.kind = MatchedAction.Kind.REPLY_ERROR;
        error.to.copyFrom(to);
        error.errorCode = errorCode;
        error.errorMessage = errorMessage;
        return error;
    }

    static MatchedAction addErrorObject(
        final ReplyAddress to, final byte[] object, final ActionList<MatchedAction> out)
    {
        final MatchedAction error = out.add();
        setErrorObject(error, to, object);
        return error;
    }

    static void setErrorObject(final MatchedAction error, final ReplyAddress to, final byte[] object)
    {
        error.kind = MatchedAction.Kind.REPLY_ERROR_OBJECT;
        error.to.copyFrom(to);
        error.bytes = object;
        error.offset = 0;
        error.length = object.length;
    }

    static void reply(final ReplyAddress to, final byte[] result, final ActionList<MatchedAction> out)
    {
        final MatchedAction reply = out.add();
        reply.kind = MatchedAction.Kind.REPLY_RESULT;
        reply.to.copyFrom(to);
        reply.bytes = result;
        reply.offset = 0;
        reply.length = result.length;
    }

    static void replyId(
        final ReplyAddress to, final TopicState topic, final ActionList<MatchedAction> out)
    {
        reply(to, ('"' + topic.topic.subscriptionId + '"').getBytes(StandardCharsets.US_ASCII), out);
    }
}
