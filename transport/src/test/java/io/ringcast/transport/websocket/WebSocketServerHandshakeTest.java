package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketServerHandshakeTest
{
    /** The example of RFC 6455, section 1.3. */
    private static final String GOOD = """
        GET /chat?key=1 HTTP/1.1
        Host: server.example.com
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Origin: http://example.com
        Sec-WebSocket-Protocol: chat, superchat
        Sec-WebSocket-Extensions: permessage-deflate
        Sec-WebSocket-Version: 13
        """;

    @Test
    void shouldAcceptTheExampleAndSelectNothing()
    {
        final FullHttpResponse response = answer(GOOD);

        assertEquals(101, response.status().code());
        assertEquals("websocket", response.headers().get("Upgrade"));
        assertEquals("upgrade", response.headers().get("Connection"));
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", response.headers().get("Sec-WebSocket-Accept"));
        assertEquals(3, response.headers().size());
        assertEquals(0, response.content().readableBytes());
        response.release();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Upgrade: websocket|Upgrade: h2c, WebSocket",
        "Connection: Upgrade|Connection: keep-alive , uPgRaDe",
        "Connection: Upgrade|Connection: keep-alive~Connection: upgrade",
        "Origin: http://example.com|Content-Length: 0",
    })
    void shouldAcceptWhenTokensStandInLists(final String replaced, final String replacement)
    {
        final FullHttpResponse response = answer(GOOD.replace(replaced, replacement.replace('~', '\n')));

        assertEquals(101, response.status().code());
        response.release();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400|GET /chat?key=1 HTTP/1.1|GET / HTTP/1.0",
        "400|GET /chat?key=1 HTTP/1.1|GET",
        "405|GET|POST",
        "405|GET|HEAD",
        "400|Host: server.example.com|X: y",
        "400|Upgrade: websocket|X: y",
        "400|Upgrade: websocket|Upgrade: websockets",
        "400|Connection: Upgrade|X: y",
        "400|Connection: Upgrade|Connection: keep-alive",
        "400|Connection: Upgrade|Connection: upgraded",
        "400|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|X: y",
        "400|dGhlIHNhbXBsZSBub25jZQ==|abc",
        "400|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBsZSBub25jZQ",
        "400|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBsZSBub25jZTE=",
        "400|dGhlIHNhbXBsZSBub25jZQ==|dGhlIHNhbXBs*SBub25jZQ==",
        "400|Origin: http://example.com|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "400|Origin: http://example.com|Content-Length: 5",
        "400|Origin: http://example.com|Transfer-Encoding: chunked",
        "426|Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8",
        "426|Sec-WebSocket-Version: 13|X: y",
    })
    void shouldRefuse(final int status, final String replaced, final String replacement)
    {
        final FullHttpResponse response = answer(GOOD.replace(replaced, replacement));

        assertEquals(status, response.status().code(), () -> response.content().toString(CharsetUtil.US_ASCII));
        assertTrue(response.headers().containsValue(HttpHeaderNames.CONNECTION, "close", true));
        assertEquals(response.content().readableBytes(), response.headers().getInt("Content-Length"));
        assertEquals(status == 426 ? "13" : null, response.headers().get("Sec-WebSocket-Version"));
        assertEquals(status == 405 ? "GET" : null, response.headers().get("Allow"));
        response.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: websocket", "Upgrade: foo, WEBSOCKET"})
    void shouldBeMeantWhenUpgradeNamesIt(final String upgrade)
    {
        assertTrue(WebSocketServerHandshake.isMeant(decode(GOOD.replace("Upgrade: websocket", upgrade))));
        assertFalse(WebSocketServerHandshake.isMeant(decode(GOOD.replace("Upgrade: websocket", "X: y"))));
    }

    private static FullHttpResponse answer(final String text)
    {
        return WebSocketServerHandshake.answer(decode(text));
    }

    private static HttpRequest decode(final String text)
    {
        final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        final String head = text.replace("\n", "\r\n") + "\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(head, CharsetUtil.US_ASCII));
        final HttpRequest request = channel.readInbound();
        channel.finishAndReleaseAll();
        // A malformed head comes with an empty body that counts no references.
        ReferenceCountUtil.release(request);
        return request;
    }
}
