package io.ringcast.frame;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Utf8CheckTest
{
    @Test
    void shouldAcceptEachCodePointButSurrogates()
    {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++)
        {
            final byte[] bytes = encode(codePoint);
            final boolean isSurrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            if (Utf8Check.isValid(bytes, 0, bytes.length) == isSurrogate)
            {
                assertEquals(!isSurrogate, isSurrogate, "U+" + Integer.toHexString(codePoint));
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkGivenEachPairOfLeadingBytes()
    {
        for (int pair = 0; pair < 1 << 16; pair++)
        {
            for (int tailBytes = 0; tailBytes < 3; tailBytes++)
            {
                final byte[] bytes = new byte[2 + tailBytes];
                Arrays.fill(bytes, (byte)0x80);
                bytes[0] = (byte)(pair >> 8);
                bytes[1] = (byte)pair;
                checkAgainstJdk(bytes, pair);
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkGivenSpoiltTexts()
    {
        for (long seed = 0; seed < 50_000; seed++)
        {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--)
            {
                text.append(random.nextInt(4) == 0 ? "\u00e9\u20ac\ud83d\ude00".substring(random.nextInt(2)) : "a");
            }
            final byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] ^= (byte)(1 << random.nextInt(8));
            checkAgainstJdk(bytes, seed);
        }
    }

    @Test
    void shouldNotLookBeyondTheRange()
    {
        final byte[] bytes = "\u20acabcdefghijklm\u20ac".getBytes(StandardCharsets.UTF_8);

        assertTrue(Utf8Check.isValid(bytes, 3, 13));
        assertTrue(Utf8Check.isValid(bytes, 0, bytes.length));
        assertTrue(Utf8Check.isValid(bytes, 4, 0));
        assertFalse(Utf8Check.isValid(bytes, 0, bytes.length - 1));
        assertFalse(Utf8Check.isValid(bytes, 1, 8));
        assertFalse(Utf8Check.isValid(bytes, 0, 2));
    }

    private static void checkAgainstJdk(final byte[] bytes, final long seed)
    {
        assertEquals(JacksonOracle.isUtf8(bytes), Utf8Check.isValid(bytes, 0, bytes.length), () -> "seed " + seed);
    }

    /** By hand, since the JDK's encoder writes no surrogates. */
    private static byte[] encode(final int codePoint)
    {
        if (codePoint < 0x80)
        {
            return new byte[] {(byte)codePoint};
        }
        if (codePoint < 0x800)
        {
            return new byte[] {(byte)(0xC0 | codePoint >> 6), tail(codePoint)};
        }
        if (codePoint < 0x10000)
        {
            return new byte[] {(byte)(0xE0 | codePoint >> 12), tail(codePoint >> 6), tail(codePoint)};
        }
        return new byte[]
            {(byte)(0xF0 | codePoint >> 18), tail(codePoint >> 12), tail(codePoint >> 6), tail(codePoint)};
    }

    private static byte tail(final int bits)
    {
        return (byte)(0x80 | bits & 0x3F);
    }
}
