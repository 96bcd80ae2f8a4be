package io.ringcast.encode;

import java.util.Arrays;

/**
 * A text that is written anew for each item, without allocating once it has its size.
 * Confined to the pipeline thread that runs encode.
 */
final class TextBuffer
{
    private static final byte[] HEX =
        {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int MAX_DECIMAL_DIGITS = 19;
    private static final int HEX_DIGITS = 16;

    private byte[] bytes = new byte[1024];
    private int length;

    void clear()
    {
        length = 0;
    }

    void truncate(final int newLength)
    {
        length = newLength;
    }

    byte[] bytes()
    {
        return bytes;
    }

    int length()
    {
        return length;
    }

    void put(final byte value)
    {
        ensure(1);
        bytes[length++] = value;
    }

    void put(final byte[] text)
    {
        put(text, 0, text.length);
    }

    void put(final byte[] text, final int offset, final int count)
    {
        ensure(count);
        System.arraycopy(text, offset, bytes, length, count);
        length += count;
    }

    /** Letters and digits only. */
    void putAscii(final String text)
    {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++)
        {
            bytes[length++] = (byte)text.charAt(i);
        }
    }

    /** Writes a number that is not negative. */
    void putDecimal(final long value)
    {
        ensure(MAX_DECIMAL_DIGITS);
        int digits = 1;
        for (long left = value / 10; left > 0; left /= 10)
        {
            digits++;
        }
        long left = value;
        for (int i = length + digits - 1; i >= length; i--)
        {
            bytes[i] = (byte)('0' + left % 10);
            left /= 10;
        }
        length += digits;
    }

    /** Writes all 16 digits. */
    void putHex(final long value)
    {
        ensure(HEX_DIGITS);
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            bytes[length++] = HEX[(int)(value >>> shift) & 15];
        }
    }

    private void ensure(final int more)
    {
        if (more > bytes.length - length)
        {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
