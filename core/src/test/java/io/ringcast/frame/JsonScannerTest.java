package io.ringcast.frame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;

class JsonScannerTest
{
    private final JsonScanner scanner = new JsonScanner();

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"a\"", "null", "[1,2]", "{\"a\":{}}"})
    void shouldStopBehindTheValueGivenMoreText(final String value)
    {
        assertEquals(value.length(), scan(value + " ,1"));
        assertEquals(2 + value.length(), scan("\r\n" + value + ']'));
    }

    @Test
    void shouldSayWhyAndWhereGivenAFailure()
    {
        checkFailure(JsonScanner.TRUNCATED, 0, "");
        checkFailure(JsonScanner.TRUNCATED, 5, "{\"a\":");
        checkFailure(JsonScanner.TRUNCATED, 4, "\"abc");
        checkFailure(JsonScanner.TRUNCATED, 3, "tru");
        checkFailure(JsonScanner.UNEXPECTED_BYTE, 3, "[1 2]");
        checkFailure(JsonScanner.UNEXPECTED_BYTE, 3, "trux");
        checkFailure(JsonScanner.UNEXPECTED_BYTE, 1, "{a:1}");
        checkFailure(JsonScanner.INVALID_UTF8, 2, "\"a\u00ff\"");
        checkFailure(JsonScanner.INVALID_ESCAPE, 1, "\"\\x\"");
        checkFailure(JsonScanner.INVALID_ESCAPE, 1, "\"\\u12g4\"");
        checkFailure(JsonScanner.CONTROL_CHARACTER, 9, "\"12345678\n\"");
        checkFailure(JsonScanner.INVALID_NUMBER, 1, "[1.]");
    }

    @Test
    void shouldAllowAsManyLevelsAsStatedAndNoMore()
    {
        final int most = JsonScanner.MAX_DEPTH_LEVELS;

        assertEquals(2 * most, scan("[".repeat(most) + "]".repeat(most)));
        assertEquals(6 * most + 1, scan("{\"a\":".repeat(most) + "1" + "}".repeat(most)));
        checkFailure(JsonScanner.TOO_DEEP, most, "[".repeat(most + 1) + "]".repeat(most + 1));
        checkFailure(JsonScanner.TOO_DEEP, 5 * most, "{\"a\":".repeat(most + 1) + "1" + "}".repeat(most + 1));
    }

    @Test
    void shouldRefuseWithoutOverflowGivenAHundredThousandLevels()
    {
        checkFailure(JsonScanner.TOO_DEEP, JsonScanner.MAX_DEPTH_LEVELS, "[".repeat(100_000));
        checkFailure(JsonScanner.TOO_DEEP, JsonScanner.MAX_DEPTH_LEVELS, "[".repeat(100_000) + "]".repeat(100_000));
        checkFailure(JsonScanner.TOO_DEEP, 5 * JsonScanner.MAX_DEPTH_LEVELS, "{\"a\":".repeat(100_000));
    }

    @Test
    void shouldFindEachTellingByteAtEachPlaceInAWord()
    {
        for (int plainBytes = 0; plainBytes < 40; plainBytes++)
        {
            final String start = '"' + "x".repeat(plainBytes);

            assertEquals(plainBytes + 2, scan(start + "\"!!!!!!!!!!!!\"\n"));
            assertEquals(plainBytes + 4, scan(start + "\\n\"#!!!!!!!!!!!!"));
            assertEquals(plainBytes + 4, scan(start + "\u00c3\u00a9\"]]]]]]]]"));
            checkFailure(JsonScanner.CONTROL_CHARACTER, plainBytes + 1, start + "\u001f !!!!!!!!!\"");
            checkFailure(JsonScanner.TRUNCATED, plainBytes + 1, start);
        }
    }

    /** Each character stands for one byte. */
    private int scan(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return scanner.skipValue(bytes, 0, bytes.length, 0);
    }

    private void checkFailure(final int code, final int failureOffset, final String text)
    {
        assertEquals(JsonScanner.describe(code), JsonScanner.describe(Math.min(scan(text), 0)), text);
        assertEquals(failureOffset, scanner.failureOffset(), text);
    }
}
