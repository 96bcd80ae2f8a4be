package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;

/** Searches in bytes without copying them. Any thread; no state. */
final class Bytes
{
    private Bytes()
    {
    }

    static int indexOf(final ByteBuf bytes, final int from, final int to, final byte[] wanted)
    {
        for (int i = from; i <= to - wanted.length; i++)
        {
            int same = 0;
            while (same < wanted.length && bytes.getByte(i + same) == wanted[same])
            {
                same++;
            }
            if (same == wanted.length)
            {
                return i;
            }
        }
        return -1;
    }

    /** Where a JSON number, or text without escapes, that begins here ends. */
    static int endOfScalar(final ByteBuf bytes, final int from, final int to)
    {
        int i = from;
        if (bytes.getByte(i) == '"')
        {
            i++;
            while (i < to && bytes.getByte(i) != '"')
            {
                i++;
            }
            return Math.min(to, i + 1);
        }
        while (i < to && bytes.getByte(i) != ',' && bytes.getByte(i) != '}')
        {
            i++;
        }
        return i;
    }

    /** The digits from here on as a number. */
    static int decimal(final ByteBuf bytes, final int from, final int to)
    {
        int value = 0;
        for (int i = from; i < to && bytes.getByte(i) >= '0' && bytes.getByte(i) <= '9'; i++)
        {
            value = 10 * value + bytes.getByte(i) - '0';
        }
        return value;
    }

    /** The hex digits from here on as a number. */
    static long hex(final ByteBuf bytes, final int from, final int to)
    {
        long value = 0;
        for (int i = from; i < to; i++)
        {
            final int digit = Character.digit(bytes.getByte(i), 16);
            if (digit < 0)
            {
                return value;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
