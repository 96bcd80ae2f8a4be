package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.fuzz.KeptInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes at all at the doors of a whole relay: what comes out is well-formed and does not depend on how they were
 * cut, no handler throws, and nothing is left of the client when it has gone.
 *
 * <p>The first byte of an input says how it is cut.
 */
class DoorsFuzz
{
    private static final int RUNS = 400;
    private static final int MAX_INPUT_BYTES = 16 * 1024;
    private static final String SWITCHING = "HTTP/1.1 101 ";

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldAnswerHttpAlikeHoweverItIsCut(final byte[] input)
    {
        if (input.length == 0 || input.length > MAX_INPUT_BYTES)
        {
            return;
        }
        final byte[] whole = answers(EmbeddedDoor.http(), input, input.length);
        final byte[] pieces = answers(EmbeddedDoor.http(), input, maxReadBytes(input));

        assertWellFormed(whole);
        assertWellFormed(pieces);
        final String text = text(whole);
        if (!text.contains(SWITCHING))
        {
            assertEquals(text, text(pieces));
        }
    }

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldAnswerIpcAlikeHoweverItIsCut(final byte[] input)
    {
        if (input.length == 0 || input.length > MAX_INPUT_BYTES)
        {
            return;
        }
        final String whole = text(answers(EmbeddedDoor.ipc(), input, input.length));
        final String pieces = text(answers(EmbeddedDoor.ipc(), input, maxReadBytes(input)));

        // What is wrong is told at once and ends the talk: answers under way in the same read are not sent.
        assertTrue(whole.equals(pieces) || whole.contains("\"id\":null,\"error\""), () -> whole + "\n---\n" + pieces);
        assertTrue(whole.isEmpty() || whole.endsWith("\n"));
    }

    @Test
    void shouldAnswerHttpAlikeHoweverItIsCutGivenChangedInputs()
    {
        new KeptInputs(DoorsFuzz.class, "shouldAnswerHttpAlikeHoweverItIsCut",
            "GET ", "POST / ", "HTTP/1.1\r\n", "HTTP/1.0\r\n", "\r\n\r\n", "\r\n", "Content-Length: 2\r\n", "{}",
            "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", "Content-Type: application/json\r\n",
            "Expect: 100-continue\r\n", "Connection: close\r\n", "Upgrade: websocket\r\n", "/sse?sub=newHeads",
            "Host: a\r\n", "Origin: null\r\n", "Accept-Encoding: gzip\r\n", "\u0000", ": ", "9".repeat(20),
            "x".repeat(5_000), "a: b\r\n".repeat(900))
            .change(RUNS, this::shouldAnswerHttpAlikeHoweverItIsCut);
    }

    @Test
    void shouldAnswerIpcAlikeHoweverItIsCutGivenChangedInputs()
    {
        new KeptInputs(DoorsFuzz.class, "shouldAnswerIpcAlikeHoweverItIsCut",
            "{", "}", "[", "]", "\"", "\\", "\n", "\"id\":1,", "\"jsonrpc\":\"2.0\",", "\"method\":\"eth_subscribe\"",
            "\"params\":[\"logs\",{}]", "{\"relay\":{}}", "eth_unsubscribe", "relay_feeds", "null", "eth_chainId")
            .change(RUNS, this::shouldAnswerIpcAlikeHoweverItIsCut);
    }

    private static byte[] answers(final EmbeddedDoor door, final byte[] input, final int maxReadBytes)
    {
        try (door)
        {
            final SplittableRandom random = new SplittableRandom(input[0]);
            int from = 1;
            while (from < input.length)
            {
                final int readBytes = maxReadBytes >= input.length ? input.length - from :
                    Math.min(input.length - from, 1 + random.nextInt(maxReadBytes));
                door.read(input, from, readBytes);
                from += readBytes;
            }
            return door.written();
        }
    }

    private static int maxReadBytes(final byte[] input)
    {
        return 1 + (input[0] & 0x7F);
    }

    private static void assertWellFormed(final byte[] answers)
    {
        final EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
        decoder.writeInbound(Unpooled.wrappedBuffer(answers));
        for (Object next = decoder.readInbound(); next != null; next = decoder.readInbound())
        {
            final boolean isBroken = next instanceof HttpObject object && object.decoderResult().isFailure();
            ReferenceCountUtil.release(next);
            assertFalse(isBroken, () -> text(answers));
        }
        assertFalse(decoder.finishAndReleaseAll() && answers.length == 0, () -> Arrays.toString(answers));
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
