package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.ringcast.transport.websocket.RecordingFrameListener.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Netty's encoder wrote comes out again, however it is cut into reads. */
class WebSocketFrameParserPropertyTest
{
    private static final int MAX_MESSAGE_BYTES = 200_000;
    private static final int SEEDS = 150;

    private final CountingFramePool pool = new CountingFramePool();
    private final List<Event> sent = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(WebSocketRole.class)
    void shouldFindTheSameMessagesWhenReadsAndStopsFallAnywhere(final WebSocketRole role)
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            final Random random = new Random(seed);
            sent.clear();
            final byte[] stream = encodeConversation(random, role == WebSocketRole.SERVER, 12, MAX_MESSAGE_BYTES);

            final List<Event> received = deliver(stream, random, role, 1 + random.nextInt(40_000));

            assertTrue(sent.equals(received), "seed=" + seed + " role=" + role);
            assertEquals(0, pool.lent, "seed=" + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(WebSocketRole.class)
    void shouldFindTheSameMessagesWhenEveryReadIsOneByte(final WebSocketRole role)
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            final Random random = new Random(seed);
            sent.clear();
            final byte[] stream = encodeConversation(random, role == WebSocketRole.SERVER, 12, 3_000);

            final List<Event> received = deliver(stream, random, role, 1);

            assertTrue(sent.equals(received), "seed=" + seed + " role=" + role);
            assertEquals(0, pool.lent, "seed=" + seed);
        }
    }

    /** Cuts the stream into reads of 1 to maxReadBytes; after a stop the same buffer comes again. */
    private List<Event> deliver(
        final byte[] stream, final Random random, final WebSocketRole role, final int maxReadBytes)
    {
        final int stopOneIn = 1 + random.nextInt(4);
        final RecordingFrameListener listener = new RecordingFrameListener(pool, () -> random.nextInt(stopOneIn) != 0);
        final WebSocketFrameParser parser = new WebSocketFrameParser(role, MAX_MESSAGE_BYTES, pool);
        int from = 0;
        while (from < stream.length)
        {
            final int readBytes = Math.min(stream.length - from, 1 + random.nextInt(maxReadBytes));
            final ByteBuf read = readBytes > 1 && random.nextBoolean() ?
                PooledByteBufAllocator.DEFAULT.directBuffer(readBytes).writeBytes(stream, from, readBytes) :
                Unpooled.wrappedBuffer(stream, from, readBytes);
            from += readBytes;
            do
            {
                listener.stopped = false;
                parser.parse(read, listener);
            }
            while (listener.stopped);
            assertEquals(0, read.readableBytes());
            assertTrue(read.release());
        }
        return listener.events;
    }

    private byte[] encodeConversation(
        final Random random, final boolean masked, final int messages, final int maxBytes)
    {
        final EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(masked));
        // Without leak detection, which notes every access: the encoder masks word by word, and that took minutes.
        encoder.config().setAllocator(new UnpooledByteBufAllocator(false, true));
        for (int i = 0; i < messages; i++)
        {
            encodeMessage(encoder, random, randomBytes(random, randomSize(random, maxBytes)));
        }
        final CompositeByteBuf stream = Unpooled.compositeBuffer(Integer.MAX_VALUE);
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound())
        {
            stream.addComponent(true, part);
        }
        encoder.finishAndReleaseAll();
        final byte[] bytes = ByteBufUtil.getBytes(stream);
        stream.release();
        return bytes;
    }

    private void encodeMessage(final EmbeddedChannel encoder, final Random random, final byte[] payload)
    {
        final boolean text = random.nextBoolean();
        int from = 0;
        boolean first = true;
        boolean last;
        do
        {
            encodeControlFrames(encoder, random);
            last = random.nextInt(3) == 0;
            final int to = last ? payload.length : from + random.nextInt(payload.length - from + 1);
            final ByteBuf part = Unpooled.copiedBuffer(payload, from, to - from);
            encoder.writeOutbound(frame(first, text, last, part));
            from = to;
            first = false;
        }
        while (!last);
        sent.add(Event.of(text ? "text" : "binary", payload));
    }

    private static WebSocketFrame frame(
        final boolean first, final boolean text, final boolean last, final ByteBuf part)
    {
        if (!first)
        {
            return new ContinuationWebSocketFrame(last, 0, part);
        }
        return text ? new TextWebSocketFrame(last, 0, part) : new BinaryWebSocketFrame(last, 0, part);
    }

    private void encodeControlFrames(final EmbeddedChannel encoder, final Random random)
    {
        while (random.nextInt(3) == 0)
        {
            final byte[] payload = randomBytes(random, random.nextInt(126));
            final boolean ping = random.nextBoolean();
            final ByteBuf content = Unpooled.copiedBuffer(payload);
            encoder.writeOutbound(ping ? new PingWebSocketFrame(content) : new PongWebSocketFrame(content));
            sent.add(Event.of(ping ? "ping" : "pong", payload));
        }
    }

    /** Mostly small, often at the edges of the length forms, sometimes large. */
    private static int randomSize(final Random random, final int maxBytes)
    {
        final int size = switch (random.nextInt(6))
        {
            case 0 -> random.nextInt(3);
            case 1 -> 124 + random.nextInt(4);
            case 2 -> 65_534 + random.nextInt(4);
            case 3 -> random.nextInt(maxBytes + 1);
            default -> random.nextInt(1_000);
        };
        return Math.min(size, maxBytes);
    }

    private static byte[] randomBytes(final Random random, final int lengthBytes)
    {
        final byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        return bytes;
    }
}
