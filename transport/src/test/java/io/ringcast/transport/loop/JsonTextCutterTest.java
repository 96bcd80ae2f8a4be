package io.ringcast.transport.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Confined to the test thread. */
final class JsonTextCutterTest
{
    private static final int SEEDS = 3_000;
    private static final int MAX_BYTES = 4_096;
    private static final String[] GAPS = {"", "\n", "\r\n", " ", "\n\n\t "};
    private static final String[] PIECES =
        {"a", "\\\"", "\\\\", "{", "}", "[", "]", "\\u007b", "\u00e9", "\ud83d\ude00", ",", ":", "\\n", "//"};

    private final CutTexts taken = new CutTexts(StandardCharsets.UTF_8, () -> true);
    private final JsonTextCutter cutter = new JsonTextCutter(MAX_BYTES, taken, taken);

    @Test
    void shouldFindTheSameTextsWhereverTheStreamIsSplit()
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final List<String> texts = new ArrayList<>();
            final StringBuilder stream = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--)
            {
                final String text = container(random, 4);
                texts.add(text);
                stream.append(GAPS[random.nextInt(GAPS.length)]).append(text);
            }
            final int stopEvery = 1 + random.nextInt(3);
            final AtomicInteger count = new AtomicInteger();
            final CutTexts found =
                new CutTexts(StandardCharsets.UTF_8, () -> count.incrementAndGet() % stopEvery != 0);
            final JsonTextCutter tested = new JsonTextCutter(1 << 20, found, found);

            feed(tested, stream.toString().getBytes(StandardCharsets.UTF_8), random);

            assertEquals(texts, found.texts, "seed " + seed);
            assertNull(found.garbage, "seed " + seed);
            assertEquals(0, found.lent, "seed " + seed);
        }
    }

    @Test
    void shouldFindTheSameTextsWhenEachByteComesAlone()
    {
        final byte[] stream = "{\"a\":\"}{\\\"}\"}[1,[\"]\"]]\n{}".getBytes(StandardCharsets.UTF_8);
        for (final byte next : stream)
        {
            cut(new byte[]{next});
        }

        assertEquals(List.of("{\"a\":\"}{\\\"}\"}", "[1,[\"]\"]]", "{}"), taken.texts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "\"a\"", "}", "]", ",", "\u0000", "\u00a0", "HTTP/1.1 400", "null"})
    void shouldEndWhenSomethingElseComesBetweenTexts(final String garbage)
    {
        cut(("{}" + garbage + "{}").getBytes(StandardCharsets.UTF_8));
        cut("{}".getBytes(StandardCharsets.UTF_8));

        assertEquals(List.of("{}"), taken.texts);
        assertEquals("bytes that are no JSON text", taken.garbage);
        assertFalse(taken.isTooBig);
        assertEquals(0, taken.lent);
    }

    @Test
    void shouldTakeATextOfTheLimitAndEndWhenOneIsLonger()
    {
        final String longest = "[\"" + "x".repeat(MAX_BYTES - 4) + "\"]";
        cut(longest.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(longest), taken.texts);
        assertNull(taken.garbage);

        cut(("[\"" + "x".repeat(MAX_BYTES - 3)).getBytes(StandardCharsets.UTF_8));
        cut("\"]".getBytes(StandardCharsets.UTF_8));

        assertTrue(taken.isTooBig);
        assertEquals(0, taken.lent);
    }

    @Test
    void shouldGiveTheUnfinishedTextBackWhenReleased()
    {
        cut("{\"a\":".getBytes(StandardCharsets.UTF_8));
        assertEquals(1, taken.lent);
        assertTrue(cutter.unfinishedBytes() > 0);

        cutter.release();
        cutter.release();

        assertEquals(0, taken.lent);
        assertEquals(0, cutter.unfinishedBytes());
    }

    private void cut(final byte[] bytes)
    {
        final ByteBuf in = Unpooled.wrappedBuffer(bytes);
        cutter.cut(in, 0);
        assertFalse(in.isReadable());
    }

    private static void feed(final JsonTextCutter cutter, final byte[] bytes, final SplittableRandom random)
    {
        int offset = 0;
        while (offset < bytes.length)
        {
            final int length = Math.min(bytes.length - offset, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
            final ByteBuf in = Unpooled.wrappedBuffer(bytes, offset, length);
            while (in.isReadable())
            {
                cutter.cut(in, 0);
            }
            offset += length;
        }
    }

    private static String container(final SplittableRandom random, final int levels)
    {
        final boolean isObject = random.nextBoolean();
        final StringBuilder text = new StringBuilder(isObject ? "{" : "[");
        final int members = random.nextInt(4);
        for (int i = 0; i < members; i++)
        {
            text.append(i == 0 ? "" : ",");
            if (isObject)
            {
                text.append(string(random)).append(random.nextBoolean() ? ":" : " : ");
            }
            text.append(levels == 0 || random.nextInt(3) > 0 ? scalar(random) : container(random, levels - 1));
        }
        return text.append(isObject ? "}" : "]").toString();
    }

    private static String scalar(final SplittableRandom random)
    {
        return switch (random.nextInt(4))
        {
            case 0 -> "null";
            case 1 -> Integer.toString(random.nextInt());
            default -> string(random);
        };
    }

    private static String string(final SplittableRandom random)
    {
        final StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(8); i > 0; i--)
        {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }
}
