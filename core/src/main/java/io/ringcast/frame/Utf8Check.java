package io.ringcast.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogate code points, nothing above U+10FFFF.
 * Any thread.
 *
 * <p>A text that {@link FrameDecoder} found to be JSON is valid UTF-8 already, since every byte of it was looked at. So
 * only a text of kind {@link FrameKind#INVALID_JSON} needs this check, to tell close code 1007 from error -32700.
 */
public final class Utf8Check
{
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Check()
    {
    }

    /**
     * Whether a range holds valid UTF-8 and nothing else; no bytes are valid.
     *
     * @param bytes  the array.
     * @param offset where the range starts.
     * @param length its length in bytes.
     * @return whether all of it is valid.
     */
    public static boolean isValid(final byte[] bytes, final int offset, final int length)
    {
        final int limit = offset + length;
        int at = offset;
        while (at < limit)
        {
            if (bytes[at] >= 0)
            {
                at = skipAscii(bytes, at, limit);
            }
            else
            {
                final int sequenceBytes = sequenceLength(bytes, at, limit);
                if (sequenceBytes == 0)
                {
                    return false;
                }
                at += sequenceBytes;
            }
        }
        return true;
    }

    private static int skipAscii(final byte[] bytes, final int offset, final int limit)
    {
        int at = offset;
        while (at <= limit - Long.BYTES && ((long)LONGS.get(bytes, at) & HIGH_BITS) == 0)
        {
            at += Long.BYTES;
        }
        while (at < limit && bytes[at] >= 0)
        {
            at++;
        }
        return at;
    }

    /**
     * How many bytes the multi-byte sequence that starts here has.
     *
     * @param bytes the array.
     * @param at    where the sequence starts, at a byte from 0x80 up.
     * @param limit the end of what may be read.
     * @return 2, 3 or 4; 0 if it is not a valid sequence or the range ends within it.
     */
    static int sequenceLength(final byte[] bytes, final int at, final int limit)
    {
        final int lead = bytes[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4)
        {
            return 0;
        }
        final int sequenceBytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (sequenceBytes > limit - at || !isSecond(lead, bytes[at + 1] & 0xFF))
        {
            return 0;
        }
        for (int i = 2; i < sequenceBytes; i++)
        {
            if ((bytes[at + i] & 0xC0) != 0x80)
            {
                return 0;
            }
        }
        return sequenceBytes;
    }

    /** The second byte alone rules out overlong forms, surrogates and values above U+10FFFF. */
    private static boolean isSecond(final int lead, final int second)
    {
        final int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        final int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= lowest && second <= highest;
    }
}
