package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.websocket.WebSocketHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

class DeflatedRunsTest
{
    private static final int MIN_BYTES = 64;

    private final CounterSet counters = new CounterSet();
    private final DeflatedRuns runs = new DeflatedRuns(MIN_BYTES, counters);
    private final ByteBuf chunk = Unpooled.directBuffer(1 << 20);

    @AfterEach
    void close()
    {
        runs.close();
        chunk.release();
    }

    @Test
    void shouldGiveBackEveryTextInOrder() throws DataFormatException
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final List<String> texts = texts(random);
            chunk.clear();
            texts.forEach(this::add);

            runs.wrap(chunk, 0, chunk.writerIndex());

            assertEquals(texts, read(runs.chunk(), runs.offset(), runs.length()), "seed " + seed);
            assertTrue(runs.length() <= chunk.writerIndex(), "seed " + seed);
            if (random.nextBoolean())
            {
                runs.onIdle();
            }
        }
    }

    @Test
    void shouldCompressOnceForAll()
    {
        add("{\"a\":\"" + "0".repeat(1_000) + "\"}");
        runs.wrap(chunk, 0, chunk.writerIndex());
        final ByteBuf first = runs.chunk();
        final int offset = runs.offset();

        for (int i = 0; i < 1_000; i++)
        {
            runs.wrap(chunk, 0, chunk.writerIndex());
        }

        assertSame(first, runs.chunk());
        assertEquals(offset, runs.offset());
        assertEquals(1, CounterSet.sum(List.of(counters), RelayCounter.FRAMES_DEFLATED));
    }

    /** As with no memory left in the middle of it. */
    @Test
    void shouldGiveNobodyAPartGivenARunThatCouldNotBePacked() throws DataFormatException
    {
        final String first = "{\"a\":\"" + "0".repeat(1_000) + "\"}";
        final String second = "{\"b\":\"" + "0".repeat(2_000) + "\"}";
        add(first);
        final int secondStart = chunk.writerIndex();
        runs.wrap(chunk, 0, secondStart);
        add(second);
        final int secondLength = chunk.writerIndex() - secondStart;
        final ByteBuf cut = Unpooled.copiedBuffer(chunk.slice(secondStart, secondLength - 1));

        for (int subscriber = 0; subscriber < 2; subscriber++)
        {
            assertThrows(IndexOutOfBoundsException.class, () -> runs.wrap(cut, 0, secondLength));
        }

        runs.wrap(chunk, 0, secondStart);
        assertEquals(List.of(first), read(runs.chunk(), runs.offset(), runs.length()));
        runs.wrap(chunk, secondStart, secondLength);
        assertEquals(List.of(second), read(runs.chunk(), runs.offset(), runs.length()));
        cut.release();
    }

    @Test
    void shouldLeaveShortAndDenseTextsAsTheyAre()
    {
        add("{\"short\":1}");
        final byte[] noise = new byte[2_000];
        new SplittableRandom(1).nextBytes(noise);
        add(noise);

        runs.wrap(chunk, 0, chunk.writerIndex());

        assertEquals(0, CounterSet.sum(List.of(counters), RelayCounter.FRAMES_DEFLATED));
        assertEquals(chunk.slice(0, chunk.writerIndex()), runs.chunk().slice(runs.offset(), runs.length()));
    }

    /** What was noted before must stay what it is until the loop is idle. */
    @Test
    void shouldKeepEarlierRunsGivenMoreThanABufferHolds() throws DataFormatException
    {
        final SplittableRandom random = new SplittableRandom(7);
        final List<String> texts = new ArrayList<>();
        final List<ByteBuf> chunks = new ArrayList<>();
        final List<int[]> ranges = new ArrayList<>();
        for (int i = 0; i < 60; i++)
        {
            final byte[] noise = new byte[5_000];
            random.nextBytes(noise);
            texts.add(i + new String(noise, StandardCharsets.ISO_8859_1));
            final int start = chunk.writerIndex();
            add(texts.get(i));
            runs.wrap(chunk, start, chunk.writerIndex() - start);
            chunks.add(runs.chunk());
            ranges.add(new int[]{runs.offset(), runs.length()});
        }

        for (int i = 0; i < texts.size(); i++)
        {
            assertEquals(List.of(texts.get(i)), read(chunks.get(i), ranges.get(i)[0], ranges.get(i)[1]));
        }
        assertTrue(chunks.stream().distinct().count() > 1, "one buffer held them all");
        runs.onIdle();
        assertEquals(0, chunks.get(0).refCnt());
    }

    /** One item of 32 MiB must not take as much of each loop for good, twice. */
    @Test
    void shouldGiveBackWhatALargeItemTookWhenIdle()
    {
        add("{\"a\":\"" + "0".repeat(900_000) + "\"}");
        runs.wrap(chunk, 0, chunk.writerIndex());
        assertTrue(runs.heldBytes() > 900_000);

        runs.onIdle();

        assertEquals(0, runs.heldBytes());
        chunk.clear();
        add("{\"a\":\"" + "0".repeat(900) + "\"}");
        runs.wrap(chunk, 0, chunk.writerIndex());
        runs.onIdle();
        assertEquals(DeflatedRuns.BUFFER_BYTES + DeflatedRuns.PACKED_BYTES, runs.heldBytes());
    }

    @Test
    void shouldNotWriteOverWhatSomebodyKept() throws DataFormatException
    {
        add("{\"a\":\"" + "1".repeat(500) + "\"}");
        runs.wrap(chunk, 0, chunk.writerIndex());
        final ByteBuf kept = runs.chunk().retainedSlice(runs.offset(), runs.length());
        runs.onIdle();
        chunk.clear();
        add("{\"b\":\"" + "2".repeat(500) + "\"}");

        runs.wrap(chunk, 0, chunk.writerIndex());

        assertEquals(List.of("{\"a\":\"" + "1".repeat(500) + "\"}"), read(kept, 0, kept.readableBytes()));
        kept.release();
    }

    private void add(final String text)
    {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    private void add(final byte[] bytes)
    {
        chunk.ensureWritable(bytes.length + WebSocketHeader.MAX_BYTES);
        chunk.writerIndex(WebSocketHeader.write(chunk, chunk.writerIndex(), 1, bytes.length)).writeBytes(bytes);
    }

    private static List<String> texts(final SplittableRandom random)
    {
        final List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--)
        {
            final StringBuilder text = new StringBuilder("{");
            for (int j = random.nextInt(random.nextInt(20) == 0 ? 80_000 : 400); j > 0; j--)
            {
                text.append((char)('0' + random.nextInt(1 + random.nextInt(60))));
            }
            texts.add(text.append('}').toString());
        }
        return texts;
    }

    /** As a client that keeps its context: a fresh window on our side must not need a fresh one on its. */
    private static List<String> read(final ByteBuf frames, final int offset, final int length)
        throws DataFormatException
    {
        final List<String> texts = new ArrayList<>();
        final FrameCursor cursor = new FrameCursor().wrap(frames, offset, length);
        final Inflater inflater = new Inflater(true);
        int start = offset;
        while (cursor.next())
        {
            final byte[] payload = new byte[cursor.textLength()];
            frames.getBytes(cursor.textOffset(), payload);
            final boolean isPacked = (frames.getByte(start) & 0x40) != 0;
            texts.add(new String(isPacked ? inflated(inflater, payload) : payload, StandardCharsets.UTF_8));
            start = cursor.textOffset() + cursor.textLength();
        }
        inflater.end();
        return texts;
    }

    private static byte[] inflated(final Inflater inflater, final byte[] payload) throws DataFormatException
    {
        final byte[] packed = Arrays.copyOf(payload, payload.length + 4);
        packed[payload.length + 2] = (byte)0xFF;
        packed[payload.length + 3] = (byte)0xFF;
        inflater.setInput(packed);
        final byte[] out = new byte[200_000];
        final int length = inflater.inflate(out);
        return Arrays.copyOf(out, length);
    }
}
