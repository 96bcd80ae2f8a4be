package io.ringcast.transport.door;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Why a request is refused with an HTTP status. The connection ends behind it: what follows can't be told from a body
 * that was not read.
 * Immutable.
 *
 * @param status the status.
 * @param reason the line that is the body.
 */
record HttpFault(HttpResponseStatus status, String reason)
{
    static final HttpFault MALFORMED = new HttpFault(HttpResponseStatus.BAD_REQUEST, "malformed request");
    static final HttpFault NOT_ALLOWED =
        new HttpFault(HttpResponseStatus.METHOD_NOT_ALLOWED, "method not allowed");
    static final HttpFault NO_NETWORK = new HttpFault(HttpResponseStatus.NOT_FOUND, "no network has this path");
    static final HttpFault TOO_SLOW = new HttpFault(HttpResponseStatus.REQUEST_TIMEOUT, "the request took too long");
    static final HttpFault NO_ANSWER = new HttpFault(HttpResponseStatus.GATEWAY_TIMEOUT, "no answer");
    static final HttpFault OVERLOAD =
        new HttpFault(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many unfinished messages");

    static final HttpFault OWES_TOO_MUCH = new HttpFault(HttpResponseStatus.SERVICE_UNAVAILABLE,
        "the relay is held back, and too many connections have come and gone since");

    static final HttpFault TOO_MANY_CONNECTIONS =
        new HttpFault(HttpResponseStatus.TOO_MANY_REQUESTS, "too many connections of this key");

    /** Writes the headers that belong to a status. */
    static void writeTo(final HttpHeaders headers, final HttpResponseStatus status)
    {
        if (status.code() == HttpResponseStatus.METHOD_NOT_ALLOWED.code())
        {
            headers.set(HttpHeaderNames.ALLOW, "GET, POST, OPTIONS");
        }
        else if (status.code() == HttpResponseStatus.UNAUTHORIZED.code())
        {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        }
        else if (status.code() == HttpResponseStatus.TOO_MANY_REQUESTS.code())
        {
            headers.set(HttpHeaderNames.RETRY_AFTER, 1);
        }
    }

    static HttpFault tooManyConnections(final long max)
    {
        return new HttpFault(HttpResponseStatus.SERVICE_UNAVAILABLE, "at most " + max + " connections");
    }

    static HttpFault tooLarge(final long maxBytes)
    {
        return new HttpFault(
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "request too large, at most " + maxBytes + " bytes");
    }
}
