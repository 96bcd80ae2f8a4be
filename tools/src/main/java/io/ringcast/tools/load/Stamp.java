package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * What makes an item recognisable: 36 hex digits in a field that may hold any bytes.
 * Any thread; no state.
 *
 * <pre>
 *   72696e67 000001a2b3c4d5e6 00000000002a
 *   mark     scheduled, ns    sequence
 * </pre>
 */
final class Stamp
{
    static final int LENGTH = 36;

    private static final byte[] MARK = "72696e67".getBytes(StandardCharsets.US_ASCII);
    private static final long MARK_WORD = 0x3732363936653637L;
    private static final int NS_DIGITS = 16;
    private static final int SEQUENCE_DIGITS = 12;
    private static final int NS_AT = 8;
    private static final int SEQUENCE_AT = NS_AT + NS_DIGITS;

    private Stamp()
    {
    }

    static void write(final byte[] target, final int index, final long scheduledNs, final long sequence)
    {
        System.arraycopy(MARK, 0, target, index, MARK.length);
        writeHex(target, index + NS_AT, NS_DIGITS, scheduledNs);
        writeHex(target, index + SEQUENCE_AT, SEQUENCE_DIGITS, sequence);
    }

    static void writeHex(final byte[] target, final int index, final int digits, final long value)
    {
        long rest = value;
        for (int i = index + digits - 1; i >= index; i--)
        {
            final int nibble = (int)rest & 0xF;
            target[i] = (byte)(nibble < 10 ? '0' + nibble : 'a' - 10 + nibble);
            rest >>>= 4;
        }
    }

    static boolean isAt(final ByteBuf bytes, final int index)
    {
        return bytes.getLong(index) == MARK_WORD;
    }

    /** Where the next stamp begins, or -1. */
    static int find(final ByteBuf bytes, final int from, final int to)
    {
        for (int i = from; i <= to - LENGTH; i++)
        {
            if (bytes.getByte(i) == MARK[0] && isAt(bytes, i))
            {
                return i;
            }
        }
        return -1;
    }

    static long scheduledNs(final ByteBuf bytes, final int index)
    {
        return readHex(bytes, index + NS_AT, NS_DIGITS);
    }

    static long sequence(final ByteBuf bytes, final int index)
    {
        return readHex(bytes, index + SEQUENCE_AT, SEQUENCE_DIGITS);
    }

    private static long readHex(final ByteBuf bytes, final int index, final int digits)
    {
        long value = 0;
        for (int i = index; i < index + digits; i++)
        {
            final int c = bytes.getByte(i);
            value = value << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        return value;
    }
}
