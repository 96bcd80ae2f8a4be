package io.ringcast.frame;

/** What one JSON text is, in JSON-RPC 2.0 terms. Immutable. */
public enum FrameKind
{
    /** Method and id: an answer is owed. */
    CALL,
    /** Method, no id member: run it, answer nothing. From an upstream: an item of a subscription. */
    NOTIFICATION,
    /** No method, an id, and a result or an error. */
    RESPONSE,
    /** An array; its elements are ranges of the text. */
    BATCH,
    /** Well-formed JSON that is none of the above: -32600. */
    INVALID_REQUEST,
    /** Not JSON: -32700. */
    INVALID_JSON
}
