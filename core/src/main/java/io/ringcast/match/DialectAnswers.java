package io.ringcast.match;

import io.ringcast.config.Dialect;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.ReplyAddress;
import io.ringcast.session.RpcError;

import java.nio.charset.StandardCharsets;

/**
 * What a dialect answers to a subscribe and an unsubscribe.
 * Confined to the pipeline thread that runs match.
 */
final class DialectAnswers
{
    private static final String RESULT = "\"result\":";
    private static final String ERROR = "\"error\":";

    private final boolean isEthereum;
    private final String granted;
    private final byte[] ended;
    private final byte[] unknownResult;
    private final byte[] unknownError;

    private final CountedFeeds counted;

    DialectAnswers(final Dialect dialect, final CountedFeeds counted)
    {
        this.counted = counted;
        isEthereum = dialect.isEthereum();
        granted = dialect.granted();
        ended = bytes(dialect.ended());
        final String unknown = dialect.unknown() == null ? "" : dialect.unknown();
        unknownResult = unknown.startsWith(RESULT) ? bytes(unknown.substring(RESULT.length())) : null;
        unknownError = unknown.startsWith(ERROR) ? bytes(unknown.substring(ERROR.length())) : null;
    }

    void granted(final ReplyAddress to, final TopicState topic, final ActionList<MatchedAction> out)
    {
        final String result =
            granted.replace("$id", topic.topic.idToken).replace("$tip", Long.toString(counted.tip()));
        Replies.result(to, bytes(result), out);
    }

    void ended(final ReplyAddress to, final ActionList<MatchedAction> out)
    {
        Replies.result(to, ended, out);
    }

    /** The connection has no such subscription. */
    void unknown(final ReplyAddress to, final boolean isIdGiven, final ActionList<MatchedAction> out)
    {
        if (isEthereum && !isIdGiven)
        {
            Replies.error(to, RpcError.INVALID_PARAMS, "missing value for required argument 0", out);
        }
        else if (unknownError != null)
        {
            Replies.errorObject(to, unknownError, out);
        }
        else if (unknownResult != null)
        {
            Replies.result(to, unknownResult, out);
        }
        else if (to.batchId != ReplyAddress.NO_BATCH || ConnectionId.isCallsOnly(to.connectionId))
        {
            // A node would say nothing; here others wait for it.
            Replies.error(to, RpcError.INVALID_REQUEST, "subscription not found", out);
        }
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
