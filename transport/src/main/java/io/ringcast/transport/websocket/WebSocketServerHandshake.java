package io.ringcast.transport.websocket;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Answers a request to open a WebSocket.
 * Any thread.
 *
 * <p>Subprotocols that a client offers are passed over in silence, which every client must accept, and so are
 * extensions but for compression, if it is wanted. Path, origin and credentials are not looked at.
 */
public final class WebSocketServerHandshake
{
    private WebSocketServerHandshake()
    {
    }

    /**
     * Tells whether a request asks for a WebSocket at all, and so should be answered here.
     *
     * @param request the request.
     * @return true if its Upgrade header names the protocol.
     */
    public static boolean isMeant(final HttpRequest request)
    {
        return WebSocketHandshake.hasToken(
            request.headers(), HttpHeaderNames.UPGRADE, WebSocketHandshake.WEBSOCKET);
    }

    /**
     * Decides on a request without agreeing on any extension.
     *
     * @param request the request.
     * @return as below.
     */
    public static FullHttpResponse answer(final HttpRequest request)
    {
        return answer(request, false);
    }

    /**
     * Decides on a request.
     *
     * @param request   the request.
     * @param deflating true to agree on compression with who offers it; the response's Sec-WebSocket-Extensions says
     *                  whether that was so.
     * @return status 101 if the WebSocket is open behind this response; else a refusal behind which the connection
     *         is to be closed. The caller owns it.
     */
    public static FullHttpResponse answer(final HttpRequest request, final boolean deflating)
    {
        if (request.decoderResult().isFailure())
        {
            return refuse(HttpResponseStatus.BAD_REQUEST, "malformed request");
        }
        if (!HttpMethod.GET.equals(request.method()))
        {
            final FullHttpResponse response = refuse(HttpResponseStatus.METHOD_NOT_ALLOWED, "not a GET request");
            response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET.name());
            return response;
        }
        final String fault = faultOf(request);
        if (fault != null)
        {
            return refuse(HttpResponseStatus.BAD_REQUEST, fault);
        }
        final HttpHeaders headers = request.headers();
        final String version = WebSocketHandshake.single(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        if (!WebSocketHandshake.VERSION.equals(version))
        {
            final FullHttpResponse response = refuse(HttpResponseStatus.UPGRADE_REQUIRED, "version is not 13");
            response.headers()
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketHandshake.VERSION)
                .set(HttpHeaderNames.UPGRADE, WebSocketHandshake.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, "upgrade, close");
            return response;
        }
        final FullHttpResponse response =
            accept(WebSocketHandshake.single(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY));
        final String extension =
            deflating ? PermessageDeflate.answerTo(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) : null;
        if (extension != null)
        {
            response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extension);
        }
        return response;
    }

    /**
     * Tells what a server answers to a client's key.
     *
     * @param key the value of {@code Sec-WebSocket-Key}.
     * @return the value of {@code Sec-WebSocket-Accept}.
     */
    public static String acceptOf(final String key)
    {
        return WebSocketHandshake.accept(key);
    }

    private static String faultOf(final HttpRequest request)
    {
        final HttpHeaders headers = request.headers();
        if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0)
        {
            return "HTTP version below 1.1";
        }
        if (WebSocketHandshake.single(headers, HttpHeaderNames.HOST) == null)
        {
            return "no Host, or more than one";
        }
        if (!isMeant(request))
        {
            return "Upgrade does not name websocket";
        }
        if (!WebSocketHandshake.hasToken(headers, HttpHeaderNames.CONNECTION, WebSocketHandshake.UPGRADE))
        {
            return "Connection does not name upgrade";
        }
        if (hasBody(headers))
        {
            return "request with a body";
        }
        if (!WebSocketHandshake.isKey(WebSocketHandshake.single(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY)))
        {
            return "Sec-WebSocket-Key is not 16 bytes in base64";
        }
        return null;
    }

    /** What follows the request is read as frames, so a body must not be taken for them. */
    private static boolean hasBody(final HttpHeaders headers)
    {
        final String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING) || length != null && !"0".equals(length.trim());
    }

    private static FullHttpResponse accept(final String key)
    {
        final FullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        response.headers()
            .set(HttpHeaderNames.UPGRADE, WebSocketHandshake.WEBSOCKET)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
            .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, WebSocketHandshake.accept(key));
        return response;
    }

    private static FullHttpResponse refuse(final HttpResponseStatus status, final String reason)
    {
        final byte[] body = (reason + "\n").getBytes(StandardCharsets.US_ASCII);
        final FullHttpResponse response =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
            .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN)
            .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
