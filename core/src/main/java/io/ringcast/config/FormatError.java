package io.ringcast.config;

/**
 * The error for a text that is no call.
 * Immutable.
 *
 * @param code    a JSON-RPC error code.
 * @param message why.
 */
public record FormatError(int code, String message)
{
}
