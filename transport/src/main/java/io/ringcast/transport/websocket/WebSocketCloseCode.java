package io.ringcast.transport.websocket;

/**
 * The close codes this package sends or reports by itself, and which codes may stand in a close frame at all.
 * Immutable.
 */
public final class WebSocketCloseCode
{
    public static final int NORMAL = 1000;
    public static final int PROTOCOL_ERROR = 1002;
    /** Stands for a close frame without a code; is itself never on the wire. */
    public static final int NO_STATUS = 1005;
    public static final int INVALID_TEXT = 1007;
    public static final int TOO_BIG = 1009;

    private WebSocketCloseCode()
    {
    }

    /**
     * Tells whether a close frame may carry the code: a registered one (1000-1003, 1007-1014), or one of the ranges
     * for libraries and applications (3000-4999).
     *
     * @param code the close code.
     * @return false for reserved, undefined and out-of-range codes.
     */
    public static boolean isLegal(final int code)
    {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }
}
