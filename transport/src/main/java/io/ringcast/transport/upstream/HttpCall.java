package io.ringcast.transport.upstream;

import io.ringcast.frame.ReceivedFrame;

/**
 * One call that goes to an HTTP upstream as a POST of its own.
 * Immutable.
 *
 * @param text       the call.
 * @param idOffset   where its id token lies in the text.
 * @param idLength   the token's length in bytes; 0 if it has none and no answer is owed.
 * @param deadlineNs when it is given up.
 * @param taker      told once, unless the link ends first.
 */
record HttpCall(byte[] text, int idOffset, int idLength, long deadlineNs, HttpCall.Taker taker)
{
    /** Takes what a call came to. Confined to the I/O loop of the upstream. */
    interface Taker
    {
        /**
         * The upstream has answered with a JSON-RPC response to this call.
         *
         * @param answer the decoded text; owned by this call.
         * @param status the HTTP status, mostly 200.
         */
        void onAnswer(ReceivedFrame answer, int status);

        /**
         * There is no such answer, or {@link #onAnswer} has thrown.
         *
         * @param code    the JSON-RPC error code that says why.
         * @param message why.
         */
        void onFailure(int code, String message);

        /**
         * Somebody has refused the call for who sends it, with 401 or 403 and no JSON-RPC.
         *
         * @param code    as for {@link #onFailure}.
         * @param message as there.
         */
        default void onDenied(final int code, final String message)
        {
            onFailure(code, message);
        }
    }

    /** Whether a token is the call's id, byte for byte. */
    boolean hasId(final byte[] bytes, final int offset, final int length)
    {
        if (length != idLength)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (bytes[offset + i] != text[idOffset + i])
            {
                return false;
            }
        }
        return true;
    }
}
