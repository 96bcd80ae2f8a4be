package io.ringcast.transport.websocket;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Asks a server to open one WebSocket, and checks its answer.
 * Immutable.
 *
 * <p>The URI and the request may hold credentials (user info, a key in path or query): neither is ever part of a
 * message of this class, nor may callers log them.
 */
public final class WebSocketClientHandshake
{
    private static final SecureRandom RANDOM = new SecureRandom();

    private final URI uri;
    private final String key;
    private final Map<String, String> headers;

    /**
     * Draws a key; use one handshake per connection.
     *
     * @param uri     with scheme ws or wss, and an authority. User info in it is not sent: see
     *                {@link #basicCredentials}.
     * @param headers sent as they are, beside those of the handshake itself.
     */
    public WebSocketClientHandshake(final URI uri, final Map<String, String> headers)
    {
        this(uri, headers, randomKey());
    }

    WebSocketClientHandshake(final URI uri, final Map<String, String> headers, final String key)
    {
        final String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!"ws".equals(scheme) && !"wss".equals(scheme))
        {
            throw new IllegalArgumentException("scheme=" + scheme + ", allowed=ws, wss");
        }
        if (uri.getRawAuthority() == null)
        {
            throw new IllegalArgumentException("the URI names no host");
        }
        this.uri = URI.create(uri.toASCIIString());
        this.key = key;
        this.headers = Map.copyOf(headers);
    }

    /**
     * Makes the credentials that a URL's user info stands for.
     *
     * @param uri any URI.
     * @return the value of an Authorization header, or null if the URI has no user info.
     */
    public static String basicCredentials(final URI uri)
    {
        final String authority = uri.getRawAuthority();
        final int userInfoEnd = authority == null ? -1 : authority.lastIndexOf('@');
        if (userInfoEnd < 0)
        {
            return null;
        }
        final byte[] credentials =
            percentDecode(authority.substring(0, userInfoEnd)).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /**
     * What the request line names.
     *
     * @param uri with a path, or none.
     * @return path and query.
     */
    public static String target(final URI uri)
    {
        final String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /**
     * What the Host header says: from the authority, because {@link URI#getHost} is null for a name with an underscore.
     *
     * @param uri with an authority.
     * @return host and port, without the port that belongs to the scheme.
     */
    public static String host(final URI uri)
    {
        final String authority = uri.getRawAuthority();
        final String host = authority.substring(authority.lastIndexOf('@') + 1);
        final boolean isTls = "wss".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        final String defaultPort = isTls ? ":443" : ":80";
        return host.endsWith(defaultPort) ? host.substring(0, host.length() - defaultPort.length()) : host;
    }

    /**
     * Builds the request.
     *
     * @return the request, without a body; the caller owns it.
     */
    public FullHttpRequest request()
    {
        final FullHttpRequest request = new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, target(uri), Unpooled.EMPTY_BUFFER);
        headers.forEach((name, value) -> request.headers().set(name, value));
        request.headers()
            .set(HttpHeaderNames.HOST, host(uri))
            .set(HttpHeaderNames.UPGRADE, WebSocketHandshake.WEBSOCKET)
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
            .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, key)
            .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketHandshake.VERSION);
        return request;
    }

    /**
     * Checks the answer.
     *
     * @param response the head of the response.
     * @return null if the WebSocket is open; else why not, with the status line.
     */
    public String refusalIn(final HttpResponse response)
    {
        if (response.decoderResult().isFailure())
        {
            return "malformed response";
        }
        final String fault = faultOf(response);
        if (fault == null)
        {
            return null;
        }
        return fault + ": " + response.protocolVersion() + " " + response.status();
    }

    private String faultOf(final HttpResponse response)
    {
        final HttpHeaders answered = response.headers();
        if (response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code())
        {
            return "upgrade refused";
        }
        final String upgrade = WebSocketHandshake.single(answered, HttpHeaderNames.UPGRADE);
        if (!WebSocketHandshake.WEBSOCKET.equalsIgnoreCase(upgrade))
        {
            return "Upgrade is not websocket";
        }
        if (!WebSocketHandshake.hasToken(answered, HttpHeaderNames.CONNECTION, WebSocketHandshake.UPGRADE))
        {
            return "Connection does not name upgrade";
        }
        final String accept = WebSocketHandshake.single(answered, HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (!WebSocketHandshake.accept(key).equals(accept))
        {
            return "Sec-WebSocket-Accept does not match";
        }
        if (answered.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
        {
            return "extension selected that was not offered";
        }
        if (answered.contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
        {
            return "subprotocol selected that was not offered";
        }
        return null;
    }

    /** A plus sign stands for itself in a URI, other than in a form. */
    private static String percentDecode(final String text)
    {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String randomKey()
    {
        final byte[] bytes = new byte[WebSocketHandshake.KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
