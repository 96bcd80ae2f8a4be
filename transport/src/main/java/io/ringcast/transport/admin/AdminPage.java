package io.ringcast.transport.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

import java.nio.charset.StandardCharsets;

/**
 * One answer of the admin port.
 * Immutable.
 *
 * @param status      the HTTP status.
 * @param contentType what the body is.
 * @param body        its bytes.
 * @param allow       the methods that would have done, or null.
 */
public record AdminPage(HttpResponseStatus status, String contentType, byte[] body, String allow)
{
    static final String TEXT = "text/plain; charset=utf-8";

    static AdminPage text(final HttpResponseStatus status, final String line)
    {
        return new AdminPage(status, TEXT, (line + '\n').getBytes(StandardCharsets.UTF_8), null);
    }
}
