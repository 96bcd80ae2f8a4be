package io.ringcast.frame;

/**
 * Reads {@code 0x} hex tokens into longs, so that addresses and topics compare in a few instructions.
 * Any thread.
 */
public final class HexWords
{
    /** Longs that one address or topic takes; an address fills three of them, the last one in part. */
    public static final int WORDS = 4;
    /** The digits of an address. */
    public static final int ADDRESS_DIGITS = 40;
    /** The digits of a topic or of any other hash. */
    public static final int TOPIC_DIGITS = 64;

    private static final byte[] DIGITS = new byte[256];

    static
    {
        for (int i = 0; i < DIGITS.length; i++)
        {
            DIGITS[i] = (byte)Character.digit((char)i, 16);
        }
    }

    private HexWords()
    {
    }

    /**
     * Reads a quoted hex token.
     *
     * @param bytes  the text.
     * @param offset where the opening quote stands.
     * @param length the token's length in bytes, quotes included.
     * @param digits how many digits it must have: {@link #ADDRESS_DIGITS} or {@link #TOPIC_DIGITS}.
     * @param words  takes {@link #WORDS} longs.
     * @param index  where in {@code words} they go.
     * @return false if it is not such a token.
     */
    public static boolean tryRead(
        final byte[] bytes, final int offset, final int length, final int digits, final long[] words, final int index)
    {
        if (length != digits + 4 || bytes[offset] != '"' || bytes[offset + 1] != '0' || (bytes[offset + 2] | 32) != 'x')
        {
            return false;
        }
        int position = offset + 3;
        int left = digits;
        for (int w = 0; w < WORDS; w++)
        {
            long word = 0;
            final int count = Math.min(16, left);
            int invalid = 0;
            for (int i = 0; i < count; i++)
            {
                final int digit = DIGITS[bytes[position + i] & 0xFF];
                invalid |= digit;
                word = word << 4 | digit & 0xF;
            }
            if (invalid < 0)
            {
                return false;
            }
            words[index + w] = word;
            position += count;
            left -= count;
        }
        return true;
    }

    /**
     * Compares two values.
     *
     * @param left       holds one.
     * @param leftIndex  where it starts.
     * @param right      holds the other.
     * @param rightIndex where it starts.
     * @return true if all their words are equal.
     */
    public static boolean equal(final long[] left, final int leftIndex, final long[] right, final int rightIndex)
    {
        return left[leftIndex] == right[rightIndex] &&
            left[leftIndex + 1] == right[rightIndex + 1] &&
            left[leftIndex + 2] == right[rightIndex + 2] &&
            left[leftIndex + 3] == right[rightIndex + 3];
    }

    /**
     * A 64-bit hash of one value and the position it stands at; collisions are resolved by comparing.
     *
     * @param words    holds the value.
     * @param index    where it starts.
     * @param position tells equal values at different positions apart.
     * @return the hash.
     */
    public static long hash(final long[] words, final int index, final int position)
    {
        long hash = words[index] * 0x9E3779B97F4A7C15L + position;
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L + words[index + 1];
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L + words[index + 2];
        hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L + words[index + 3];
        return hash ^ hash >>> 29;
    }

    /**
     * Reads a quoted hex quantity such as {@code "0x1a4"}.
     *
     * @param bytes  the text.
     * @param offset where the opening quote stands.
     * @param length the token's length in bytes, quotes included.
     * @return the quantity, or -1 if it is none, or above 2^63 - 1.
     */
    public static long quantity(final byte[] bytes, final int offset, final int length)
    {
        if (length < 5 || bytes[offset] != '"' || bytes[offset + 1] != '0' || (bytes[offset + 2] | 32) != 'x')
        {
            return -1;
        }
        long value = 0;
        for (int i = offset + 3; i < offset + length - 1; i++)
        {
            final int digit = DIGITS[bytes[i] & 0xFF];
            if (digit < 0 || value > Long.MAX_VALUE >>> 4)
            {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /**
     * Tells whether a quoted hex token has no digit but zeros.
     *
     * @param bytes  the text.
     * @param offset where the opening quote stands.
     * @param length the token's length in bytes, quotes included.
     * @return true if it is such a token.
     */
    public static boolean isZero(final byte[] bytes, final int offset, final int length)
    {
        if (length < 5 || bytes[offset] != '"' || bytes[offset + 1] != '0' || (bytes[offset + 2] | 32) != 'x')
        {
            return false;
        }
        for (int i = offset + 3; i < offset + length - 1; i++)
        {
            if (bytes[i] != '0')
            {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a hash as a node spells it, without quotes.
     *
     * @param words holds the hash.
     * @param index where it starts.
     * @return {@code 0x} and 64 lower-case digits.
     */
    public static String toText(final long[] words, final int index)
    {
        final StringBuilder text = new StringBuilder(TOPIC_DIGITS + 2).append("0x");
        for (int i = index; i < index + WORDS; i++)
        {
            for (int shift = 60; shift >= 0; shift -= 4)
            {
                text.append(Character.forDigit((int)(words[i] >>> shift) & 0xF, 16));
            }
        }
        return text.toString();
    }
}
