package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.transport.websocket.RecordingFrameListener.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.Deflater;

class MessageInflaterTest
{
    private static final int MAX_BYTES = 100_000;

    private final MessageInflater inflater = new MessageInflater();
    private final CountingFramePool pool = new CountingFramePool();
    private final RecordingFrameListener listener = new RecordingFrameListener(pool, () -> true);
    private final WebSocketFrameParser parser =
        new WebSocketFrameParser(WebSocketRole.CLIENT, MAX_BYTES, pool, inflater);

    @AfterEach
    void close()
    {
        parser.release();
        inflater.close();
        assertEquals(0, pool.lent);
    }

    /** RFC 7692, 7.2.3: one block, a block that is not compressed, a stream with an end, two blocks. */
    @ParameterizedTest
    @ValueSource(strings = {
        "f248cdc9c90700", "000500faff48656c6c6f00", "f348cdc9c9070000", "f24805000000ffffcac9c90700"})
    void shouldReadTheExamplesOfTheStandard(final String message)
    {
        parse("c1", message);

        assertEquals(List.of(Event.of("text", "Hello".getBytes(StandardCharsets.US_ASCII))), listener.events);
    }

    @Test
    void shouldReadAMessageInFragmentsWithAPingBetween()
    {
        parse("41", "f248cd");
        parse("89", "");
        parse("80", "c9c90700");
        parse("81", "7b7d");

        assertEquals(List.of(Event.of("ping", new byte[0]), text("Hello"), text("{}")), listener.events);
    }

    @Test
    void shouldGiveBackWhatWasCompressed()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final byte[] text = new byte[random.nextInt(seed < 10 ? MAX_BYTES + 1 : 3_000)];
            for (int i = 0; i < text.length; i++)
            {
                text[i] = (byte)(random.nextInt(4) == 0 ? random.nextInt() : '0' + random.nextInt(16));
            }
            final ReceivedFrame packed = frame(deflated(text));
            final ReceivedFrame whole = new ReceivedFrame();

            assertEquals(MessageInflater.DONE, inflater.inflate(packed, whole, MAX_BYTES), "seed " + seed);
            assertTrue(Arrays.equals(text, Arrays.copyOf(whole.bytes, whole.length)), "seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "100000, true", "50000000, true"})
    void shouldMakeNoMoreThanTheLimit(final int beyondBytes, final boolean isTooBig)
    {
        final ReceivedFrame whole = new ReceivedFrame();

        final int code = inflater.inflate(frame(deflated(new byte[MAX_BYTES + beyondBytes])), whole, MAX_BYTES);

        assertEquals(isTooBig ? WebSocketCloseCode.TOO_BIG : MessageInflater.DONE, code);
        assertEquals(MAX_BYTES, whole.length);
        assertTrue(whole.bytes.length <= 2 * MAX_BYTES, "bytes " + whole.bytes.length);
    }

    @Test
    void shouldCloseGivenABomb()
    {
        parse("c1", HexFormat.of().formatHex(deflated(new byte[20 * MAX_BYTES])));

        assertEquals(List.of(violation(WebSocketCloseCode.TOO_BIG)), listener.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffff", "06", "03000300030003000300", "f348cdc9c90700ff"})
    void shouldCloseGivenWhatCantBeInflated(final String message)
    {
        parse("c1", message);

        assertEquals(List.of(violation(WebSocketCloseCode.INVALID_TEXT)), listener.events);
    }

    /** A bit that nobody agreed on, or in the wrong place. */
    @ParameterizedTest
    @ValueSource(strings = {"a1", "91", "c9", "c8", "c0"})
    void shouldCloseGivenAnotherReservedBit(final String firstByte)
    {
        parse(firstByte, "");

        assertEquals(List.of(violation(WebSocketCloseCode.PROTOCOL_ERROR)), listener.events);
    }

    @Test
    void shouldCloseGivenTheBitInsideAMessage()
    {
        parse("01", "7b");
        parse("c0", "7d");

        assertEquals(List.of(violation(WebSocketCloseCode.PROTOCOL_ERROR)), listener.events);
    }

    private void parse(final String firstByte, final String payload)
    {
        final byte[] bytes = HexFormat.of().parseHex(payload);
        final ByteBuf in = Unpooled.buffer();
        in.writeByte(Integer.parseInt(firstByte, 16));
        in.writerIndex(WebSocketHeader.write(in, 0, 0, bytes.length));
        in.setByte(0, Integer.parseInt(firstByte, 16));
        in.writeBytes(bytes);
        parser.parse(in, listener);
    }

    private static Event text(final String text)
    {
        return Event.of("text", text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Event violation(final int code)
    {
        return new Event("violation", code, ByteBuffer.allocate(0));
    }

    private static ReceivedFrame frame(final byte[] bytes)
    {
        final ReceivedFrame frame = new ReceivedFrame();
        frame.ensureWritable(bytes.length);
        System.arraycopy(bytes, 0, frame.bytes, 0, bytes.length);
        frame.length = bytes.length;
        return frame;
    }

    private static byte[] deflated(final byte[] text)
    {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(text);
        final byte[] packed = new byte[text.length + 256];
        final int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(packed, length - 4);
    }
}
