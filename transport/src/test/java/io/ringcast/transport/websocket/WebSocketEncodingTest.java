package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written here is understood by Netty's decoder. */
class WebSocketEncodingTest
{
    private static final int[] SIZES = {0, 1, 3, 7, 8, 9, 124, 125, 126, 127, 1_000, 65_534, 65_535, 65_536, 200_000};

    private final Random random = new Random(7);
    private final EmbeddedChannel ofServer = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));
    private final EmbeddedChannel ofClient = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1 << 20));
    private final MaskKeys maskKeys = new MaskKeys(7);

    @AfterEach
    void close()
    {
        ofServer.finishAndReleaseAll();
        ofClient.finishAndReleaseAll();
    }

    @Test
    void shouldBeUnderstoodWhenAServerWritesToABuffer()
    {
        for (final int size : SIZES)
        {
            final byte[] payload = randomBytes(size);
            final ByteBuf out = Unpooled.buffer(3 + WebSocketHeader.MAX_BYTES + size).writeZero(3);

            out.writerIndex(WebSocketHeader.write(out, 3, WebSocketOpcode.BINARY, size));
            assertEquals(3 + WebSocketHeader.lengthOf(size, false), out.writerIndex());
            out.writeBytes(payload);

            assertDecodes(ofServer, out.skipBytes(3), BinaryWebSocketFrame.class, payload);
        }
    }

    @Test
    void shouldBeUnderstoodWhenAClientWritesToABuffer()
    {
        for (final int size : SIZES)
        {
            final byte[] payload = randomBytes(size);
            final int key = maskKeys.next();
            final ByteBuf out = Unpooled.directBuffer(WebSocketHeader.MAX_BYTES + size);

            final int start = WebSocketHeader.writeMasked(out, 0, WebSocketOpcode.TEXT, size, key);
            assertEquals(WebSocketHeader.lengthOf(size, true), start);
            out.writerIndex(start).writeBytes(payload);
            WebSocketMask.apply(out, start, size, key);

            assertDecodes(ofClient, out, TextWebSocketFrame.class, payload);
        }
    }

    @Test
    void shouldBeUnderstoodWhenWrittenToAnArray()
    {
        for (final int size : SIZES)
        {
            final byte[] payload = randomBytes(size);
            final byte[] frame = new byte[WebSocketHeader.MAX_BYTES + size];

            final int start = WebSocketHeader.write(frame, 0, WebSocketOpcode.TEXT, size);
            System.arraycopy(payload, 0, frame, start, size);

            final ByteBuf unmasked = Unpooled.wrappedBuffer(frame.clone(), 0, start + size);
            assertDecodes(ofServer, unmasked, TextWebSocketFrame.class, payload);

            final int key = maskKeys.next();
            final int maskedStart = WebSocketHeader.writeMasked(frame, 0, WebSocketOpcode.TEXT, size, key);
            System.arraycopy(payload, 0, frame, maskedStart, size);
            WebSocketMask.apply(frame, maskedStart, size, key);

            final ByteBuf masked = Unpooled.wrappedBuffer(frame, 0, maskedStart + size);
            assertDecodes(ofClient, masked, TextWebSocketFrame.class, payload);
        }
    }

    @ParameterizedTest
    @EnumSource(WebSocketRole.class)
    void shouldBeUnderstoodWhenAControlFrame(final WebSocketRole role)
    {
        final EmbeddedChannel decoder = role == WebSocketRole.SERVER ? ofServer : ofClient;
        final ControlFrameEncoder encoder = encoder(role);
        for (int size = 0; size <= 125; size++)
        {
            final byte[] payload = randomBytes(size);
            final ByteBuf ping = Unpooled.buffer(0);
            final ByteBuf pong = Unpooled.buffer(0);

            encoder.ping(ping, payload, size);
            encoder.pong(pong, payload, size);

            assertDecodes(decoder, ping, PingWebSocketFrame.class, payload);
            assertDecodes(decoder, pong, PongWebSocketFrame.class, payload);
        }
    }

    @ParameterizedTest
    @EnumSource(WebSocketRole.class)
    void shouldBeUnderstoodWhenACloseFrame(final WebSocketRole role)
    {
        assertEquals("1012 restart", closeAsDecoded(role, 1012, "restart"));
        assertEquals("4008 ", closeAsDecoded(role, 4008, ""));
        assertEquals("-1 ", closeAsDecoded(role, WebSocketCloseCode.NO_STATUS, "not sent"));
    }

    @Test
    void shouldCutAReasonBetweenCharacters()
    {
        assertEquals("1000 " + "a".repeat(123), closeAsDecoded(WebSocketRole.SERVER, 1000, "a".repeat(124)));
        assertEquals("1000 " + "\u20ac".repeat(41), closeAsDecoded(WebSocketRole.SERVER, 1000, "\u20ac".repeat(50)));
        final String longReason = "ab" + "\u20ac".repeat(50);
        assertEquals("1000 ab" + "\u20ac".repeat(40), closeAsDecoded(WebSocketRole.SERVER, 1000, longReason));
        final String outsideThePlane = "\ud83d\ude00";
        assertEquals(
            "1000 " + outsideThePlane.repeat(30),
            closeAsDecoded(WebSocketRole.SERVER, 1000, outsideThePlane.repeat(40)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1006, 1015, 2999, 5000, 66_536})
    void shouldRefuseAnIllegalCloseCode(final int code)
    {
        final ByteBuf out = Unpooled.buffer(0);

        assertThrows(IllegalArgumentException.class, () -> ControlFrameEncoder.forServer().close(out, code, ""));

        assertEquals(0, out.readableBytes());
    }

    @Test
    void shouldRefuseALongPayload()
    {
        final ByteBuf out = Unpooled.buffer(0);

        assertThrows(
            IllegalArgumentException.class, () -> ControlFrameEncoder.forServer().ping(out, new byte[126], 126));
    }

    @Test
    void shouldMaskTheSameInPartsAsInOne()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            final Random cuts = new Random(seed);
            final byte[] whole = randomBytes(cuts.nextInt(60));
            final byte[] parts = whole.clone();
            final int key = cuts.nextInt();

            WebSocketMask.apply(whole, 0, whole.length, key);
            int partKey = key;
            for (int from = 0; from < parts.length;)
            {
                final int length = 1 + cuts.nextInt(parts.length - from);
                WebSocketMask.apply(parts, from, length, partKey);
                partKey = WebSocketMask.advance(partKey, length);
                from += length;
            }

            assertArrayEquals(whole, parts, "seed=" + seed);
        }
    }

    private String closeAsDecoded(final WebSocketRole role, final int code, final String reason)
    {
        final EmbeddedChannel decoder =
            new EmbeddedChannel(new WebSocket13FrameDecoder(role == WebSocketRole.CLIENT, false, 1 << 20));
        final ByteBuf out = Unpooled.buffer(0);
        encoder(role).close(out, code, reason);
        decoder.writeInbound(out);
        final CloseWebSocketFrame frame = decoder.readInbound();
        final String decoded = frame.statusCode() + " " + frame.reasonText();
        frame.release();
        decoder.finishAndReleaseAll();
        return decoded;
    }

    private ControlFrameEncoder encoder(final WebSocketRole role)
    {
        return role == WebSocketRole.SERVER ?
            ControlFrameEncoder.forServer() : ControlFrameEncoder.forClient(maskKeys);
    }

    private static void assertDecodes(
        final EmbeddedChannel decoder,
        final ByteBuf encoded,
        final Class<? extends WebSocketFrame> type,
        final byte[] payload)
    {
        decoder.writeInbound(encoded);
        final WebSocketFrame frame = decoder.readInbound();
        assertInstanceOf(type, frame);
        assertEquals(true, frame.isFinalFragment());
        assertEquals(0, frame.rsv());
        assertArrayEquals(payload, ByteBufUtil.getBytes(frame.content()));
        frame.release();
        assertNull(decoder.readInbound());
        assertEquals(0, encoded.refCnt());
    }

    private byte[] randomBytes(final int lengthBytes)
    {
        final byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }
}
