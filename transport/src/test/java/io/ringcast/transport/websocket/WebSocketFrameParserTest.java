package io.ringcast.transport.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.transport.websocket.RecordingFrameListener.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketFrameParserTest
{
    private static final int MAX_MESSAGE_BYTES = 1_000;
    private static final String A_TEXT = "8182000000004869";

    private final CountingFramePool pool = new CountingFramePool();
    private final RecordingFrameListener listener = new RecordingFrameListener(pool, () -> true);
    private final WebSocketFrameParser server =
        new WebSocketFrameParser(WebSocketRole.SERVER, MAX_MESSAGE_BYTES, pool);
    private final WebSocketFrameParser client =
        new WebSocketFrameParser(WebSocketRole.CLIENT, MAX_MESSAGE_BYTES, pool);

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "SERVER, 1002, unmasked frame at a server, 81024869",
        "SERVER, 1002, unmasked control frame at a server, 8900",
        "CLIENT, 1002, masked frame at a client, 8182000000004869",
        "CLIENT, 1002, RSV1, c100",
        "CLIENT, 1002, RSV2, a100",
        "CLIENT, 1002, RSV3 on a ping, 9900",
        "CLIENT, 1002, reserved opcode 3, 8300",
        "CLIENT, 1002, reserved opcode 7, 8700",
        "CLIENT, 1002, reserved opcode 11, 8b00",
        "CLIENT, 1002, reserved opcode 15, 8f00",
        "CLIENT, 1002, fragmented ping, 0900",
        "CLIENT, 1002, fragmented close, 0800",
        "CLIENT, 1002, long ping, 897e007e",
        "CLIENT, 1002, long pong, 8a7f0000000000010000",
        "CLIENT, 1002, continuation at the start, 8000",
        "CLIENT, 1002, continuation behind the last fragment, 010080008000",
        "CLIENT, 1002, text inside a fragmented text, 01008100",
        "CLIENT, 1002, binary inside a fragmented text behind a ping, 010089008200",
        "CLIENT, 1002, 16-bit length below 126, 817e007d",
        "CLIENT, 1002, 64-bit length below 65536, 817f000000000000ffff",
        "CLIENT, 1002, 64-bit length with the top bit, 817f8000000000000000",
        "CLIENT, 1002, close of one byte, 880103",
        "CLIENT, 1002, close code 0, 88020000",
        "CLIENT, 1002, close code 999, 880203e7",
        "CLIENT, 1002, close code 1004, 880203ec",
        "CLIENT, 1002, close code 1005, 880203ed",
        "CLIENT, 1002, close code 1006, 880203ee",
        "CLIENT, 1002, close code 1015, 880203f7",
        "CLIENT, 1002, close code 2999, 88020bb7",
        "CLIENT, 1002, close code 5000, 88021388",
        "CLIENT, 1002, close code 65535, 8802ffff",
        "CLIENT, 1007, close reason with a stray byte, 880303e8ff",
        "CLIENT, 1007, close reason cut inside a character, 880403e8e282",
        "CLIENT, 1007, close reason with a surrogate, 880503e8eda080",
        "CLIENT, 1007, close reason with an overlong form, 880403e8c0af",
        "CLIENT, 1009, frame above the limit, 827e03e9",
        "CLIENT, 1009, frame of the largest length, 827f7fffffffffffffff",
        "CLIENT, 1009, frame of 4 GiB and 1 byte, 827f0000000100000001",
        "SERVER, 1009, masked frame above the limit, 82fe03e9",
    })
    void shouldReportTheCodeWhenTheProtocolIsBroken(
        final WebSocketRole role, final int code, final String what, final String hex)
    {
        final WebSocketFrameParser parser = role == WebSocketRole.SERVER ? server : client;

        parse(parser, hex);
        parse(parser, A_TEXT + "8900");

        assertEquals(List.of(new Event("violation", code, ByteBuffer.allocate(0))), afterPings(), what);
        assertEquals(0, pool.lent);
    }

    @Test
    void shouldReportTooBigWhenOnlyTheSumOfTheFragmentsIs()
    {
        parse(client, "027e01f4" + "00".repeat(500));
        parse(client, "007e01f4" + "00".repeat(500));
        assertEquals(List.of(), listener.events);

        parse(client, "8001");

        assertEquals(List.of(new Event("violation", 1009, ByteBuffer.allocate(0))), listener.events);
        assertEquals(0, pool.lent);
    }

    @Test
    void shouldTakeAMessageOfExactlyTheLimit()
    {
        parse(client, "027e01f4" + "00".repeat(500) + "807e01f4" + "00".repeat(500));

        assertEquals(List.of(Event.of("binary", new byte[1_000])), listener.events);
    }

    @ParameterizedTest
    @CsvSource({
        "880203e8, 1000, ''", "880203f6, 1014, ''", "88020bb8, 3000, ''", "88021387, 4999, ''",
        "8800, 1005, ''", "880503f06f6b21, 1008, ok!", "880503e8e282ac, 1000, \u20ac",
    })
    void shouldReportACloseFrameAndIgnoreWhatFollows(final String hex, final int code, final String reason)
    {
        parse(client, hex + "8900");
        parse(client, "8900");

        assertEquals(List.of(new Event("close", code, ByteBuffer.wrap(reason.getBytes(UTF_8)))), listener.events);
    }

    @Test
    void shouldGiveBackTheIncompleteMessageWhenReleased()
    {
        parse(client, "0102486981");
        assertEquals(1, pool.lent);

        client.release();
        client.release();
        parse(client, "00");

        assertEquals(0, pool.lent);
        assertEquals(List.of(), listener.events);
    }

    @Test
    void shouldDropTheRestWhenReleasedByTheListener()
    {
        final RecordingFrameListener releasing = new RecordingFrameListener(pool, () ->
        {
            server.release();
            return true;
        });
        final ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(A_TEXT + A_TEXT));

        server.parse(in, releasing);

        assertEquals(List.of(Event.of("text", "Hi".getBytes(UTF_8))), releasing.events);
        assertEquals(0, in.readableBytes());
        in.release();
    }

    @Test
    void shouldLeaveTheRestUnreadWhenStopped()
    {
        final RecordingFrameListener stopping = new RecordingFrameListener(pool, () -> false);
        final ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(A_TEXT + A_TEXT));

        server.parse(in, stopping);

        assertEquals(1, stopping.events.size());
        assertEquals(A_TEXT.length() / 2, in.readableBytes());
        in.release();
    }

    @Test
    void shouldNotTrustAnAnnouncedLength()
    {
        final ReceivedFrame frame = pool.take();
        pool.giveBack(frame);
        final WebSocketFrameParser parser = new WebSocketFrameParser(WebSocketRole.CLIENT, 1 << 30, pool);

        parse(parser, "827f0000000040000000" + "00".repeat(100));

        assertEquals(WebSocketFrameParser.MAX_UP_FRONT_BYTES, frame.bytes.length);
        assertEquals(100, frame.length);
    }

    @Test
    void shouldRefuseALimitBelowOne()
    {
        assertThrows(IllegalArgumentException.class, () -> new WebSocketFrameParser(WebSocketRole.CLIENT, 0, pool));
    }

    @Test
    void shouldNeitherThrowNorHoardWhenFedGarbage()
    {
        for (int seed = 0; seed < 20_000; seed++)
        {
            final Random random = new Random(seed);
            final WebSocketRole role = random.nextBoolean() ? WebSocketRole.SERVER : WebSocketRole.CLIENT;
            final WebSocketFrameParser parser = new WebSocketFrameParser(role, MAX_MESSAGE_BYTES, pool);
            final RecordingFrameListener any = new RecordingFrameListener(pool, () -> true);
            final byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            makePlausible(garbage, random, role);
            final ByteBuf in = Unpooled.wrappedBuffer(garbage);
            try
            {
                parser.parse(in, any);
            }
            catch (final RuntimeException e)
            {
                throw new AssertionError("seed=" + seed, e);
            }
            assertEquals(0, in.readableBytes(), "seed=" + seed);
            assertTrue(pool.lent <= 1, "seed=" + seed);
            parser.release();
            assertEquals(0, pool.lent, "seed=" + seed);
            in.release();
        }
        final ReceivedFrame frame = pool.take();
        assertTrue(frame.bytes.length <= 2 * MAX_MESSAGE_BYTES, "array of " + frame.bytes.length);
    }

    @Test
    void shouldNotAllocateWhenWarm()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        final AllocationFreeListener sink = new AllocationFreeListener();
        final WebSocketFrameParser parser = new WebSocketFrameParser(WebSocketRole.SERVER, 1 << 20, sink);
        // Without leak detection, which notes every access of a buffer on the heap.
        final ByteBuf in = new UnpooledByteBufAllocator(true, true).directBuffer();
        in.writeBytes(ByteBufUtil.decodeHexDump(A_TEXT + "81fe00ac01020304" + "55".repeat(172)));
        in.writeBytes(ByteBufUtil.decodeHexDump("01820102030455558981010203045580820102030455558a8001020304"));
        final int bytes = in.readableBytes();
        final int messagesPerLoop = 3;
        final int loops = 50_000;
        for (int i = 0; i < loops; i++)
        {
            parseInTwoReads(parser, in, sink, i % bytes);
        }
        sink.messages = 0;

        final long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < loops; i++)
        {
            parseInTwoReads(parser, in, sink, i % bytes);
        }
        final long allocatedBytes = threads.getThreadAllocatedBytes(thread) - before;

        in.release();
        assertEquals((long)messagesPerLoop * loops, sink.messages);
        assertTrue(allocatedBytes < (long)messagesPerLoop * loops, "allocatedBytes=" + allocatedBytes);
    }

    private static void parseInTwoReads(
        final WebSocketFrameParser parser, final ByteBuf in, final AllocationFreeListener sink, final int cut)
    {
        final int end = in.writerIndex();
        in.readerIndex(0).writerIndex(cut);
        parser.parse(in, sink);
        in.writerIndex(end);
        parser.parse(in, sink);
    }

    /** Pure noise fails at the first header; this lets part of it get further. */
    private static void makePlausible(final byte[] garbage, final Random random, final WebSocketRole role)
    {
        if (garbage.length >= 2 && random.nextInt(4) != 0)
        {
            garbage[0] &= (byte)0x8A;
            garbage[1] = (byte)(role == WebSocketRole.SERVER ? garbage[1] | 0x80 : garbage[1] & 0x7F);
        }
    }

    private void parse(final WebSocketFrameParser parser, final String hex)
    {
        final ByteBuf in = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        parser.parse(in, listener);
        assertEquals(0, in.readableBytes());
        in.release();
    }

    private List<Event> afterPings()
    {
        return listener.events.stream()
            .dropWhile(event -> event.kind().equals("ping") || event.kind().equals("text"))
            .toList();
    }

    private static final class AllocationFreeListener implements WebSocketFrameListener, FramePool
    {
        private final ReceivedFrame frame = new ReceivedFrame();
        private long messages;

        @Override
        public ReceivedFrame take()
        {
            return frame;
        }

        @Override
        public void giveBack(final ReceivedFrame cleared)
        {
        }

        @Override
        public boolean onMessage(final ReceivedFrame message, final boolean text)
        {
            messages++;
            message.clear();
            return true;
        }

        @Override
        public void onPing(final byte[] payload, final int lengthBytes)
        {
        }

        @Override
        public void onPong(final byte[] payload, final int lengthBytes)
        {
        }

        @Override
        public void onClose(final int code, final byte[] reason, final int offset, final int lengthBytes)
        {
        }

        @Override
        public void onViolation(final int closeCode, final String reason)
        {
        }
    }
}
