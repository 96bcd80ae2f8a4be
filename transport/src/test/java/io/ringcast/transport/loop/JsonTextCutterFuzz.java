package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.fuzz.KeptInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Any bytes at all on a Unix domain socket, cut anywhere: the cutter finds the texts that a plain count of brackets
 * finds in the whole.
 *
 * <p>The first byte of an input says how it is cut.
 */
class JsonTextCutterFuzz
{
    private static final int RUNS = 10_000;
    private static final int MAX_TEXT_BYTES = 2_000;

    @FuzzTest(maxDuration = "10m")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void shouldFindWhatAPlainCountFinds(final byte[] input)
    {
        if (input.length == 0)
        {
            return;
        }
        final SplittableRandom random = new SplittableRandom(input[0]);
        final CutTexts found = new CutTexts(StandardCharsets.ISO_8859_1, () -> random.nextInt(3) != 0);
        final JsonTextCutter cutter = new JsonTextCutter(MAX_TEXT_BYTES, found, found);
        final int maxReadBytes = (input[0] & 1) == 0 ? input.length : 1 + (input[0] >>> 1 & 0x3F);
        int from = 1;
        while (from < input.length)
        {
            final int readBytes = Math.min(input.length - from, 1 + random.nextInt(maxReadBytes));
            final ByteBuf in = Unpooled.wrappedBuffer(input, from, readBytes);
            from += readBytes;
            while (in.isReadable())
            {
                final int before = in.readableBytes();
                cutter.cut(in, 0);
                assertTrue(in.readableBytes() < before, "it stands still");
            }
        }

        final List<String> events = new ArrayList<>(found.texts);
        if (found.garbage != null)
        {
            events.add(found.isTooBig ? "too big" : "garbage");
        }
        assertEquals(plainCount(input), events);
        cutter.release();
        assertEquals(0, found.lent);
        assertEquals(0, cutter.unfinishedBytes());
    }

    @Test
    void shouldFindWhatAPlainCountFindsGivenChangedInputs()
    {
        new KeptInputs(JsonTextCutterFuzz.class, "shouldFindWhatAPlainCountFinds",
            "{", "}", "[", "]", "\"", "\\", "\\\"", "\\\\\"", "\n", " ", "{}", "[]", "\"}\"", "x".repeat(700), "null")
            .change(RUNS, this::shouldFindWhatAPlainCountFinds);
    }

    private static List<String> plainCount(final byte[] input)
    {
        final List<String> events = new ArrayList<>();
        int at = 1;
        while (at < input.length)
        {
            final char first = (char)(input[at] & 0xFF);
            if (" \t\r\n".indexOf(first) >= 0)
            {
                at++;
                continue;
            }
            if (first != '{' && first != '[')
            {
                events.add("garbage");
                return events;
            }
            final int end = endOf(input, at);
            if ((end < 0 ? input.length : end) - at > MAX_TEXT_BYTES)
            {
                events.add("too big");
                return events;
            }
            if (end < 0)
            {
                return events;
            }
            events.add(new String(input, at, end - at, StandardCharsets.ISO_8859_1));
            at = end;
        }
        return events;
    }

    /** Behind the text that begins here; -1 if it has no end. */
    private static int endOf(final byte[] input, final int start)
    {
        int open = 0;
        boolean isInString = false;
        for (int at = start; at < input.length; at++)
        {
            if (isInString && input[at] == '\\')
            {
                at++;
            }
            else if (isInString)
            {
                isInString = input[at] != '"';
            }
            else
            {
                isInString = input[at] == '"';
                open += input[at] == '{' || input[at] == '[' ? 1 : input[at] == '}' || input[at] == ']' ? -1 : 0;
                if (open == 0)
                {
                    return at + 1;
                }
            }
        }
        return -1;
    }
}
