package io.ringcast.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.fuzz.KeptInputs;
import io.ringcast.transport.websocket.RecordingFrameListener.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes at all, cut anywhere: the parser finds what a plain reading of RFC 6455 finds in the whole.
 *
 * <p>The first byte of an input says which end reads it and how it is cut.
 */
class WebSocketFrameFuzz
{
    private static final int RUNS = 5_000;
    private static final int MAX_MESSAGE_BYTES = 70_000;

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldFindWhatAPlainReadingFinds(final byte[] input)
    {
        if (input.length == 0)
        {
            return;
        }
        final WebSocketRole role = (input[0] & 1) == 0 ? WebSocketRole.SERVER : WebSocketRole.CLIENT;
        final List<Event> expected =
            PlainFrameReading.of(input, 1, role == WebSocketRole.SERVER, MAX_MESSAGE_BYTES);
        final SplittableRandom random = new SplittableRandom(input[0]);
        final CountingFramePool pool = new CountingFramePool();
        final RecordingFrameListener listener =
            new RecordingFrameListener(pool, () -> (input[0] & 2) == 0 || random.nextBoolean());
        final WebSocketFrameParser parser = new WebSocketFrameParser(role, MAX_MESSAGE_BYTES, pool);
        final int maxReadBytes = (input[0] & 4) == 0 ? input.length : 1 + (input[0] >>> 3 & 0x0F);

        int from = 1;
        while (from < input.length)
        {
            final int readBytes = Math.min(input.length - from, 1 + random.nextInt(maxReadBytes));
            final ByteBuf read = Unpooled.wrappedBuffer(input, from, readBytes);
            from += readBytes;
            do
            {
                listener.stopped = false;
                parser.parse(read, listener);
            }
            while (listener.stopped);
            assertEquals(0, read.readableBytes());
            assertTrue(parser.unfinishedBytes() <=
                Math.max(2 * from, 2 * WebSocketFrameParser.MAX_UP_FRONT_BYTES), "memory that nothing was sent for");
        }

        assertEquals(expected, listener.events);
        parser.release();
        assertEquals(0, pool.lent);
        assertEquals(0, parser.unfinishedBytes());
    }

    @Test
    void shouldFindWhatAPlainReadingFindsGivenChangedInputs()
    {
        new KeptInputs(WebSocketFrameFuzz.class, "shouldFindWhatAPlainReadingFinds",
            "\u0000", "\u0001", "\u0002", "\u0004", "\u0005", "\u0001\u0005hello", "\u0009\u0000", "\u0003\u0080", "}",
            "\u007f", "~\u0000\u007e", "~\u0001\u0000", "\u0000\u0000\u0000\u0000", "\u0003\u00e8", "{}")
            .change(RUNS, this::shouldFindWhatAPlainReadingFinds);
    }
}
