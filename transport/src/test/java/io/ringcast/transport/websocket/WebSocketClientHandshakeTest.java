package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.util.Base64;
import java.util.Map;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketClientHandshakeTest
{
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final WebSocketClientHandshake handshake =
        new WebSocketClientHandshake(URI.create("ws://server.example.com/chat"), Map.of(), KEY);

    @ParameterizedTest
    @CsvSource({
        "ws://node, node, /",
        "ws://node:80/, node, /",
        "ws://node:443, node:443, /",
        "wss://node:443/a%20b?x=%2F&y, node, /a%20b?x=%2F&y",
        "WSS://node:8546?x, node:8546, /?x",
        "ws://[::1]:8546/ws, [::1]:8546, /ws",
        "ws://[::80]/ws, [::80], /ws",
        "ws://node_1:8546/ws, node_1:8546, /ws",
        "ws://user:pass@node_1:8546/ws, node_1:8546, /ws",
    })
    void shouldNameHostAndTarget(final URI uri, final String host, final String target)
    {
        final FullHttpRequest request = new WebSocketClientHandshake(uri, Map.of(), KEY).request();

        assertEquals("GET", request.method().name());
        assertEquals("HTTP/1.1", request.protocolVersion().text());
        assertEquals(target, request.uri());
        assertEquals(host, request.headers().get("Host"));
        assertEquals("websocket", request.headers().get("Upgrade"));
        assertEquals("upgrade", request.headers().get("Connection"));
        assertEquals("13", request.headers().get("Sec-WebSocket-Version"));
        assertEquals(KEY, request.headers().get("Sec-WebSocket-Key"));
        assertFalse(request.headers().contains("Sec-WebSocket-Extensions"));
        assertFalse(request.headers().contains("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest
    @CsvSource({
        "ws://Aladdin:open%20sesame@node/, Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "ws://a%40b:c+d@node_1/, Basic YUBiOmMrZA==",
        "ws://node/, ",
    })
    void shouldMakeBasicCredentialsOfUserInfo(final URI uri, final String authorization)
    {
        assertEquals(authorization, WebSocketClientHandshake.basicCredentials(uri));
    }

    @Test
    void shouldSendTheHeadersItWasGiven()
    {
        final FullHttpRequest request =
            new WebSocketClientHandshake(URI.create("ws://node"), Map.of("X-Key", "k", "Host", "evil")).request();

        assertEquals("k", request.headers().get("X-Key"));
        assertEquals("node", request.headers().get("Host"));
    }

    @Test
    void shouldDrawANewKeyEachTime()
    {
        final URI uri = URI.create("ws://node");
        final String first = new WebSocketClientHandshake(uri, Map.of()).request().headers().get("Sec-WebSocket-Key");
        final String second = new WebSocketClientHandshake(uri, Map.of()).request().headers().get("Sec-WebSocket-Key");

        assertEquals(16, Base64.getDecoder().decode(first).length);
        assertNotEquals(first, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://secret@node", "/secret", "ws:/secret", "ws:secret"})
    void shouldRefuseAnotherUriWithoutRepeatingIt(final URI uri)
    {
        final IllegalArgumentException e =
            assertThrows(IllegalArgumentException.class, () -> new WebSocketClientHandshake(uri, Map.of()));

        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @Test
    void shouldAcceptWhatTheServerSideAnswers()
    {
        final WebSocketClientHandshake any = new WebSocketClientHandshake(URI.create("ws://node/"), Map.of());
        final FullHttpResponse response = WebSocketServerHandshake.answer(any.request());

        assertNull(any.refusalIn(response));
        response.release();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Upgrade|h2c|Upgrade is not websocket",
        "Upgrade||Upgrade is not websocket",
        "Connection|keep-alive|Connection does not name upgrade",
        "Connection||Connection does not name upgrade",
        "Sec-WebSocket-Accept|S3pPLMBiTxaQ9kYGzzhZRbK+xOo=|Sec-WebSocket-Accept does not match",
        "Sec-WebSocket-Accept||Sec-WebSocket-Accept does not match",
        "Sec-WebSocket-Extensions|permessage-deflate|extension selected that was not offered",
        "Sec-WebSocket-Protocol|chat|subprotocol selected that was not offered",
    })
    void shouldRefuseABadResponse(final String header, final String value, final String reason)
    {
        final HttpResponse response = goodResponse();
        assertNull(handshake.refusalIn(response));

        response.headers().remove(header);
        if (value != null)
        {
            response.headers().set(header, value);
        }

        assertEquals(reason + ": HTTP/1.1 101 Switching Protocols", handshake.refusalIn(response));
    }

    @Test
    void shouldGiveTheStatusLineWhenTheServerRefuses()
    {
        final HttpResponse response =
            goodResponse().setStatus(new HttpResponseStatus(429, "Slow down"));

        assertEquals("upgrade refused: HTTP/1.1 429 Slow down", handshake.refusalIn(response));
    }

    private static HttpResponse goodResponse()
    {
        final HttpResponse response =
            new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers()
            .set("Upgrade", "WebSocket")
            .set("Connection", "keep-alive, Upgrade")
            .set("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        return response;
    }
}
