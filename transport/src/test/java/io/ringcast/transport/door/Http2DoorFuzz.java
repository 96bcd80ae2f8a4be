package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.ringcast.fuzz.KeptInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes at all behind the preface of HTTP/2, at the door of a whole relay: what comes out are well-formed frames,
 * each stream has one response, which does not depend on how the bytes were cut, no handler throws, and nothing is left
 * of the client when it has gone.
 *
 * <p>The first byte of an input says how it is cut.
 */
class Http2DoorFuzz
{
    private static final int RUNS = 400;
    private static final int MAX_INPUT_BYTES = 16 * 1024;
    private static final int FRAME_HEAD_BYTES = 9;
    private static final int DATA = Http2FrameTypes.DATA;
    private static final int HEADERS = Http2FrameTypes.HEADERS;
    private static final int RST_STREAM = Http2FrameTypes.RST_STREAM;
    private static final int SETTINGS = Http2FrameTypes.SETTINGS;
    private static final int PING = Http2FrameTypes.PING;
    private static final int GOAWAY = Http2FrameTypes.GO_AWAY;
    private static final int WINDOW_UPDATE = Http2FrameTypes.WINDOW_UPDATE;
    private static final int END_STREAM = 1;
    private static final int MAX_FRAME_BYTES = 16_384;

    /**
     * What the relay said.
     *
     * @param responses     status and body of each stream.
     * @param reset         the streams that were reset before their response had ended.
     * @param hasComplained whether it ended the connection because the rules were broken.
     */
    private record Said(Map<Integer, String> responses, Set<Integer> reset, boolean hasComplained)
    {
        /** Of a stream that is reset it depends on the cuts how much had left. */
        Map<Integer, String> settled(final Said other)
        {
            final Map<Integer, String> settled = new TreeMap<>(responses);
            settled.keySet().removeAll(reset);
            settled.keySet().removeAll(other.reset);
            return settled;
        }
    }

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldAnswerEachStreamAlikeHoweverItIsCut(final byte[] input)
    {
        if (input.length == 0 || input.length > MAX_INPUT_BYTES)
        {
            return;
        }
        final Said whole = said(answers(input, input.length));
        final Said pieces = said(answers(input, 1 + (input[0] & 0x7F)));

        assertEquals(whole.hasComplained, pieces.hasComplained);
        // A complaint ends the connection: what was under way in the same read is not answered.
        if (!whole.hasComplained)
        {
            assertEquals(whole.settled(pieces), pieces.settled(whole));
        }
    }

    @Test
    void shouldAnswerEachStreamAlikeHoweverItIsCutGivenChangedInputs()
    {
        new KeptInputs(Http2DoorFuzz.class, "shouldAnswerEachStreamAlikeHoweverItIsCut",
            "\0\0\0\4\0\0\0\0\0", "\0\0\0\4\1\0\0\0\0", "\0\0\6\4\0\0\0\0\0\0\4\0\0\0\1", "\0\0\4\10\0\0\0\0\1\0\0\0\1",
            "\0\0\4\3\0\0\0\0\1\0\0\0\10", "\0\0\10\6\0\0\0\0\0pingpong", "\0\0\2\0\1\0\0\0\1{}", "\0\0\0\0\1\0\0\0\1",
            "\0\0\1\1\5\0\0\0\1", "\0\0\1\1\0\0\0\0\3", "\0\0\1\11\4\0\0\0\3", "\0\0\5\2\0\0\0\0\3\0\0\0\0\1",
            "\0\0\10\7\0\0\0\0\0\0\0\0\1\0\0\0\0", "\0\7:method\3GET", "\0\7:method\4POST", "\0\5:path\1/",
            "\0\7:scheme\4http", "\0\14content-type\20application/json", "\0\16content-length\11",
            "\0\17accept-encoding\4gzip", "\0\7upgrade\11websocket", "\0\1A\1b", "\0\0\0", "/sse?sub=newHeads",
            "\177\177\177\177", "x".repeat(200))
            .change(RUNS, this::shouldAnswerEachStreamAlikeHoweverItIsCut);
    }

    private static byte[] answers(final byte[] input, final int maxReadBytes)
    {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf()));
        all.write(input, 1, input.length - 1);
        final byte[] bytes = all.toByteArray();
        try (EmbeddedDoor door = EmbeddedDoor.http())
        {
            final SplittableRandom random = new SplittableRandom(input[0]);
            int from = 0;
            while (from < bytes.length)
            {
                final int left = bytes.length - from;
                final int readBytes = maxReadBytes >= input.length ? left :
                    Math.min(left, 1 + random.nextInt(maxReadBytes));
                door.read(bytes, from, readBytes);
                from += readBytes;
            }
            return door.written();
        }
    }

    /** Reads the frames, and holds each to what a server may send. */
    private static Said said(final byte[] answers)
    {
        final Map<Integer, String> responses = new TreeMap<>();
        final Set<Integer> ended = new TreeSet<>();
        final Set<Integer> reset = new TreeSet<>();
        final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);
        boolean hasComplained = false;
        final ByteBuffer in = ByteBuffer.wrap(answers);
        while (in.hasRemaining())
        {
            assertTrue(in.remaining() >= FRAME_HEAD_BYTES, "a piece of a frame");
            final int length = in.getShort() << 8 & 0xFFFF00 | in.get() & 0xFF;
            final int type = in.get();
            final int flags = in.get();
            final int stream = in.getInt();
            assertTrue(length <= MAX_FRAME_BYTES && length <= in.remaining(), () -> "a frame of " + length);
            final byte[] payload = new byte[length];
            in.get(payload);
            switch (type)
            {
                case HEADERS:
                case DATA:
                    assertTrue(!ended.contains(stream), "more behind the end of a stream");
                    assertEquals(type == DATA, responses.containsKey(stream), "head and body");
                    responses.merge(stream, type == DATA ?
                        new String(payload, StandardCharsets.UTF_8) : head(headers, stream, payload), String::concat);
                    break;

                case RST_STREAM:
                    if (ended.add(stream))
                    {
                        reset.add(stream);
                    }
                    break;

                case GOAWAY:
                    hasComplained |= ByteBuffer.wrap(payload).getInt(4) != 0;
                    break;

                case SETTINGS:
                case PING:
                case WINDOW_UPDATE:
                    break;

                default:
                    throw new AssertionError("a frame of type " + type);
            }
            if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0)
            {
                ended.add(stream);
            }
        }
        return new Said(responses, reset, hasComplained);
    }

    private static String head(final DefaultHttp2HeadersDecoder decoder, final int stream, final byte[] payload)
    {
        try
        {
            return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload)).status() + " ";
        }
        catch (final Http2Exception e)
        {
            throw new AssertionError(e);
        }
    }
}
