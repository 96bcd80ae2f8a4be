package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads from an answer which block it shows its caller: a number, a block, what lies in one, or a list of such things.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Of an object no more is read than up to the number, of a list no more than the end: the last of its things is in
 * the highest block.
 */
final class ShownBlock
{
    /** Of a list that ends with a larger thing nothing is known. */
    private static final int LIMIT_LAST_BYTES = 8_192;

    private static final byte[] NUMBER = ascii("number");
    private static final byte[] BLOCK_NUMBER = ascii("blockNumber");
    private static final byte[] QUOTED_BLOCK_NUMBER = ascii("\"blockNumber\"");

    private final JsonCursor members = new JsonCursor();

    /** The number of the block that a result shows; -1 if it shows none. */
    long numberIn(final byte[] bytes, final FrameView view)
    {
        if (view.resultOffset == FrameView.ABSENT)
        {
            return LaneHeads.NONE;
        }
        switch (bytes[view.resultOffset])
        {
            case '"':
                return HexWords.quantity(bytes, view.resultOffset, view.resultLength);

            case '{':
                return ofObject(bytes, view.resultOffset, view.resultLength);

            case '[':
                return ofList(bytes, view.resultOffset, view.resultOffset + view.resultLength);

            default:
                return LaneHeads.NONE;
        }
    }

    private long ofObject(final byte[] bytes, final int offset, final int length)
    {
        if (!members.tryBegin(bytes, offset, length))
        {
            return LaneHeads.NONE;
        }
        while (members.next())
        {
            if (members.isNamed(NUMBER) || members.isNamed(BLOCK_NUMBER))
            {
                return HexWords.quantity(bytes, members.valueOffset, members.valueLength);
            }
        }
        return LaneHeads.NONE;
    }

    /** The texts in such things are hex, so that what looks like the name is the name. */
    private static long ofList(final byte[] bytes, final int offset, final int end)
    {
        final int first = Math.max(offset, end - LIMIT_LAST_BYTES);
        for (int at = end - QUOTED_BLOCK_NUMBER.length; at >= first; at--)
        {
            if (bytes[at] == '"' && bytes[at + 1] == 'b' && Arrays.equals(
                bytes, at, at + QUOTED_BLOCK_NUMBER.length, QUOTED_BLOCK_NUMBER, 0, QUOTED_BLOCK_NUMBER.length))
            {
                return valueBehind(bytes, at + QUOTED_BLOCK_NUMBER.length, end);
            }
        }
        return LaneHeads.NONE;
    }

    private static long valueBehind(final byte[] bytes, final int from, final int end)
    {
        int start = from;
        while (start < end && (bytes[start] <= ' ' || bytes[start] == ':'))
        {
            start++;
        }
        int last = start + 1;
        while (last < end && bytes[last] != '"')
        {
            last++;
        }
        return last < end ? HexWords.quantity(bytes, start, last + 1 - start) : LaneHeads.NONE;
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
