package io.ringcast.match;

import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.FrameView;

/**
 * Reads the subscription id that an unsubscribe names, as a number.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Compared by value, not by text: alloy sends an id back in minimal hex, without leading zeros.
 */
final class SubscriptionIdToken
{
    private static final int MAX_DIGITS = 32;

    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameView view = new FrameView();
    private boolean isPresent;
    private long high;
    private long low;

    /**
     * Reads the first of the params.
     *
     * @param bytes  the text that holds them.
     * @param offset where the params start, or ABSENT.
     * @param length their length in bytes.
     * @return false if there is no hex id of at most 128 bits.
     */
    boolean tryRead(final byte[] bytes, final int offset, final int length)
    {
        isPresent = false;
        if (offset == FrameView.ABSENT)
        {
            return false;
        }
        decoder.decode(bytes, offset, length, view);
        isPresent = view.kind == FrameKind.BATCH && view.elementCount > 0;
        return isPresent && tryReadHex(bytes, view.elementOffsets[0], view.elementLengths[0]);
    }

    /** True if the last params read held an id, of whatever form. */
    boolean isPresent()
    {
        return isPresent;
    }

    long high()
    {
        return high;
    }

    long low()
    {
        return low;
    }

    private boolean tryReadHex(final byte[] bytes, final int offset, final int length)
    {
        if (length < 5 || bytes[offset] != '"' || bytes[offset + 1] != '0' || (bytes[offset + 2] | 32) != 'x')
        {
            return false;
        }
        int position = offset + 3;
        final int end = offset + length - 1;
        while (position < end - 1 && bytes[position] == '0')
        {
            position++;
        }
        if (end - position > MAX_DIGITS)
        {
            return false;
        }
        high = 0;
        low = 0;
        for (; position < end; position++)
        {
            final int digit = Character.digit(bytes[position], 16);
            if (digit < 0)
            {
                return false;
            }
            high = high << 4 | low >>> 60;
            low = low << 4 | digit;
        }
        return true;
    }
}
