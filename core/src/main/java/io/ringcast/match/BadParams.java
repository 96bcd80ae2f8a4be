package io.ringcast.match;

import io.ringcast.session.RpcError;

/**
 * Parameters that can't be used; the message goes to the client, mostly behind code -32602.
 * Immutable. Thrown on the cold path of a subscribe only.
 */
final class BadParams extends Exception
{
    final int code;

    BadParams(final String message)
    {
        this(RpcError.INVALID_PARAMS, message);
    }

    BadParams(final int code, final String message)
    {
        super(message, null, false, false);
        this.code = code;
    }
}
