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
import java.util.ArrayList;
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
            final ReceivedFrame whole = new ReceivedFrame();

            assertEquals(Inflation.DONE, inflate(deflated(text), whole, MAX_BYTES, random), "seed " + seed);
            assertTrue(Arrays.equals(text, Arrays.copyOf(whole.bytes, whole.length)), "seed " + seed);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "100000, true", "50000000, true"})
    void shouldMakeNoMoreThanTheLimit(final int beyondBytes, final boolean isTooBig)
    {
        final ReceivedFrame whole = new ReceivedFrame();

        final int code =
            inflate(deflated(new byte[MAX_BYTES + beyondBytes]), whole, MAX_BYTES, new SplittableRandom(1));

        assertEquals(isTooBig ? WebSocketCloseCode.TOO_BIG : Inflation.DONE, code);
        assertEquals(isTooBig ? MAX_BYTES + 1 : MAX_BYTES, whole.length);
        assertTrue(whole.bytes.length <= 2 * MAX_BYTES, "bytes " + whole.bytes.length);
    }

    /** Several at once, each a piece at a time, with another one's piece between. */
    @Test
    void shouldKeepApartWhatIsInflatedBesideEachOther()
    {
        final SplittableRandom random = new SplittableRandom(7);
        final List<byte[]> texts = new ArrayList<>();
        final List<Inflation> open = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            final byte[] text = new byte[random.nextInt(MAX_BYTES)];
            Arrays.fill(text, (byte)('a' + i));
            texts.add(text);
            open.add(inflater.begin(frame(deflated(text)), new ReceivedFrame(), MAX_BYTES));
        }

        for (int left = open.size(); left > 0;)
        {
            final int i = random.nextInt(open.size());
            if (open.get(i) != null && open.get(i).go(random.nextInt(10_000)) == Inflation.DONE)
            {
                open.get(i).takePacked();
                final ReceivedFrame whole = open.get(i).takeWhole();
                assertTrue(Arrays.equals(texts.get(i), Arrays.copyOf(whole.bytes, whole.length)), "text " + i);
                inflater.giveBack(open.set(i, null));
                left--;
            }
        }
    }

    /** However many messages come at once: what one call makes of them is bound, and so is what it takes in. */
    @Test
    void shouldStopInTheMiddleGivenMuchToInflate()
    {
        final byte[] bomb = deflated(new byte[MAX_BYTES]);
        final ByteBuf in = Unpooled.buffer();
        for (int i = 0; i < 10; i++)
        {
            write(in, 0xc1, bomb);
        }

        int calls = 0;
        do
        {
            final int before = listener.events.size();
            parser.parse(in, listener);
            calls++;
            assertTrue(listener.events.size() - before <= 1, "too many messages in a call");
            assertTrue(!parser.isInflating() || parser.unfinishedBytes() > Inflation.WINDOW_BYTES);
        }
        while (parser.isInflating());

        assertEquals(10, listener.events.size());
        assertTrue(calls >= 10 * MAX_BYTES / WebSocketFrameParser.PIECE_BYTES, "calls " + calls);
        assertEquals(0, parser.unfinishedBytes());
        in.release();
    }

    /** Blocks without a byte in them. */
    @Test
    void shouldStopInTheMiddleGivenMuchThatInflatesToNothing()
    {
        final byte[] packed = new byte[50_000];
        for (int i = 0; i < packed.length; i += 5)
        {
            // An empty stored block.
            packed[i + 3] = (byte)0xff;
            packed[i + 4] = (byte)0xff;
        }
        final ByteBuf in = Unpooled.buffer();
        write(in, 0xc1, packed);

        int calls = 0;
        do
        {
            parser.parse(in, listener);
            calls++;
        }
        while (parser.isInflating());

        assertEquals(List.of(text("")), listener.events);
        assertEquals(3, calls);
        in.release();
    }

    @Test
    void shouldGiveEverythingBackGivenTheEndInTheMiddle()
    {
        final ByteBuf in = Unpooled.buffer();
        write(in, 0xc1, deflated(new byte[MAX_BYTES]));
        parser.parse(in, listener);
        assertTrue(parser.isInflating());

        parser.release();

        assertEquals(0, pool.lent);
        assertEquals(0, parser.unfinishedBytes());
        in.release();
    }

    /** Each message stands by itself: with what others sent it has nothing to do, even if it asks for it. */
    @Test
    void shouldReadNothingFromAMessageBefore()
    {
        parse("c1", "f248cdc9c90700");
        // RFC 7692, 7.2.3.2: "Hello" again, by pointing at the first.
        parse("c1", "f200110000");

        assertEquals(List.of(text("Hello"), violation(WebSocketCloseCode.INVALID_TEXT)), listener.events);
    }

    @Test
    void shouldBeginAnewGivenTheEndOfAnotherInTheMiddle()
    {
        final Inflation ended =
            inflater.begin(frame(deflated(new byte[MAX_BYTES])), new ReceivedFrame(), MAX_BYTES);
        assertEquals(Inflation.MORE, ended.go(1));
        ended.takePacked();
        ended.takeWhole();
        inflater.giveBack(ended);

        parse("c1", "f248cdc9c90700");

        assertEquals(List.of(text("Hello")), listener.events);
    }

    /** What costs a sender nothing may become long, but not as long as what it sends in full. */
    @ParameterizedTest
    @CsvSource({
        "1, 33554432, 1048576", "65536, 33554432, 1048576", "65537, 33554432, 1048592", "2097152, 33554432, 33554432",
        "2147483647, 2147483647, 2147483647", "1000, 65536, 65536"})
    void shouldLetAMessageGrowByItsLength(final int packedBytes, final int maxMessageBytes, final int limitBytes)
    {
        assertEquals(limitBytes, MessageInflater.limitBytes(packedBytes, maxMessageBytes));
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
        write(in, Integer.parseInt(firstByte, 16), bytes);
        do
        {
            parser.parse(in, listener);
        }
        while (parser.isInflating());
    }

    /** In pieces of any length. */
    private int inflate(
        final byte[] packed, final ReceivedFrame whole, final int maxBytes, final SplittableRandom random)
    {
        final Inflation inflation = inflater.begin(frame(packed), whole, maxBytes);
        int outcome = Inflation.MORE;
        while (outcome == Inflation.MORE)
        {
            final int pieceBytes = random.nextInt(20_000);
            final int before = whole.length;
            outcome = inflation.go(pieceBytes);
            assertTrue(whole.length - before <= pieceBytes + 1, "more than asked for");
        }
        inflation.takePacked();
        inflation.takeWhole();
        inflater.giveBack(inflation);
        return outcome;
    }

    private static void write(final ByteBuf in, final int firstByte, final byte[] payload)
    {
        final int start = in.writerIndex();
        in.ensureWritable(WebSocketHeader.MAX_BYTES + payload.length);
        in.writerIndex(WebSocketHeader.write(in, start, 0, payload.length));
        in.setByte(start, firstByte);
        in.writeBytes(payload);
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
