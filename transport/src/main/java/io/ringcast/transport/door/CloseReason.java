package io.ringcast.transport.door;

/**
 * Why the relay closes a connection.
 * Immutable. web3.js comes back after every code but a clean 1000 or 1001, so neither is used to turn clients away.
 *
 * @param code        the WebSocket close code.
 * @param text        the reason in the close frame.
 */
record CloseReason(int code, String text)
{
    /** What fits into a close frame beside the code. */
    private static final int MAX_TEXT_BYTES = 123;
    static final CloseReason OVERLOAD = new CloseReason(1013, "too many unfinished messages");
    static final CloseReason NO_PONG = new CloseReason(1011, "ping timeout");
    static final CloseReason KEY_REVOKED = new CloseReason(1008, "key revoked");
    static final CloseReason TOKEN_EXPIRED = new CloseReason(1008, "token expired");

    static final CloseReason TAKEN_OVER = new CloseReason(4009, "session goes on over another connection");

    /** With how far the client was handed each of its subscriptions, so that it can resume there. */
    static CloseReason slow(final String epoch, final String positions)
    {
        return new CloseReason(4008, text("slow", epoch, positions));
    }

    /** The same, if it has any. */
    static CloseReason restart(final String epoch, final String positions)
    {
        return new CloseReason(1012, positions.isEmpty() ? "restart" : text("restart", epoch, positions));
    }

    private static String text(final String why, final String epoch, final String positions)
    {
        final String text = why + ";e=" + epoch + ";q=" + positions;
        return text.length() <= MAX_TEXT_BYTES ? text : text.substring(0, text.lastIndexOf(',', MAX_TEXT_BYTES));
    }

    static CloseReason violation(final int code, final String text)
    {
        return new CloseReason(code, text);
    }

    static CloseReason answer(final int code)
    {
        return new CloseReason(code, "");
    }
}
