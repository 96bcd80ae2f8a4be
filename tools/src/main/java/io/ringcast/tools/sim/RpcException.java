package io.ringcast.tools.sim;

import java.io.Serial;

/** A call that is answered with an error. Immutable. */
final class RpcException extends RuntimeException
{
    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;

    RpcException(final int code, final String message)
    {
        super(message, null, false, false);
        this.code = code;
    }

    static RpcException invalidParams(final String message)
    {
        return new RpcException(-32602, message);
    }

    String json()
    {
        return "{\"code\":" + code + ",\"message\":" + JsonText.quote(getMessage()) + "}";
    }
}
