package io.ringcast.transport.upstream;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.JsonCursor;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.session.RpcError;
import io.ringcast.transport.poll.PollTaker;

import java.nio.charset.StandardCharsets;

/**
 * Takes responses apart for those who poll.
 * Confined to the I/O loop of the upstream.
 */
final class PollAnswers
{
    private static final byte[] CODE = "code".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_MESSAGE_BYTES = 512;

    private final JsonCursor cursor = new JsonCursor();

    /**
     * Hands a response over.
     *
     * @param answer the decoded response; borrowed.
     * @param taker  takes its result or its error.
     */
    void handOver(final ReceivedFrame answer, final PollTaker taker)
    {
        final FrameView view = answer.view;
        if (isError(answer))
        {
            taker.onFailure(errorCode(answer), errorMessage(answer));
        }
        else
        {
            taker.onResult(answer.bytes, view.resultOffset, view.resultLength);
        }
    }

    /** Whether a response is an error; some nodes send {@code "error":null} beside a result. */
    static boolean isError(final ReceivedFrame answer)
    {
        final FrameView view = answer.view;
        return view.errorOffset != FrameView.ABSENT &&
            (answer.bytes[view.errorOffset] != 'n' || view.resultOffset == FrameView.ABSENT);
    }

    /** The error's code, or that of an internal error if it has none. */
    int errorCode(final ReceivedFrame answer)
    {
        if (find(answer, CODE))
        {
            final String code = new String(
                answer.bytes, cursor.valueOffset, cursor.valueLength, StandardCharsets.US_ASCII);
            if (code.matches("-?[0-9]{1,9}"))
            {
                return Integer.parseInt(code);
            }
        }
        return RpcError.INTERNAL;
    }

    /** The error's message, without its quotes and their escapes. */
    String errorMessage(final ReceivedFrame answer)
    {
        if (find(answer, MESSAGE) && cursor.valueLength >= 2 && answer.bytes[cursor.valueOffset] == '"')
        {
            return new String(
                answer.bytes, cursor.valueOffset + 1, Math.min(MAX_MESSAGE_BYTES, cursor.valueLength - 2),
                StandardCharsets.UTF_8).replace("\\\"", "\"").replace("\\\\", "\\");
        }
        return "an error without a message";
    }

    private boolean find(final ReceivedFrame answer, final byte[] name)
    {
        if (!cursor.tryBegin(answer.bytes, answer.view.errorOffset, answer.view.errorLength) || !cursor.isObject())
        {
            return false;
        }
        while (cursor.next())
        {
            if (cursor.isNamed(name))
            {
                return true;
            }
        }
        return false;
    }
}
