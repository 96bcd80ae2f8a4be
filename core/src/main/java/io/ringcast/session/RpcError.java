package io.ringcast.session;

/**
 * The JSON-RPC error codes that the relay itself answers with.
 * Immutable. The codes are geth's where geth has one (EIP-1474, JSON-RPC 2.0 section 5.1); -32070 is the relay's own.
 */
public final class RpcError
{
    /** Not JSON. */
    public static final int PARSE_ERROR = -32700;
    /** JSON, but not a request. */
    public static final int INVALID_REQUEST = -32600;
    /** No such method, or no such kind of subscription. */
    public static final int METHOD_NOT_FOUND = -32601;
    /** Parameters that can't be used. */
    public static final int INVALID_PARAMS = -32602;
    /** A fault of the relay's. */
    public static final int INTERNAL = -32603;
    /** geth's general error, such as {@code subscription not found}. */
    public static final int GENERAL = -32000;
    /** The upstream did not answer in time. */
    public static final int TIMEOUT = -32002;
    /** The answers of a batch are too large together. */
    public static final int RESPONSE_TOO_LARGE = -32003;
    /** Over a limit of the relay's. */
    public static final int LIMIT_EXCEEDED = -32005;
    /** No upstream is connected, or it went before it answered. */
    public static final int UPSTREAM_UNAVAILABLE = -32070;
    /** What follows the position that a subscriber wants to resume from is not known any more. */
    public static final int POSITION_LOST = -32071;

    /** Nobody, or not this one, may publish to that topic. */
    public static final int PUBLISH_REFUSED = -32073;

    /**
     * What the connection to an upstream says, with {@link #UPSTREAM_UNAVAILABLE}, of a call whose answer it has lost.
     * It doesn't know what the call does; who does tells the caller what that means.
     */
    public static final String CONNECTION_LOST = "upstream connection lost before the answer";

    private RpcError()
    {
    }
}
