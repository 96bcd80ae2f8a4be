package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads from an answer which block it shows its caller: a number, a block, what lies in one, a list of such things, or
 * the fees of a range of blocks.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Of an object no more is read than up to the number, of a list no more than the end: the last of its things is in
 * the highest block. Numbers are quoted hex quantities, in traces plain decimals.
 */
final class ShownBlock
{
    /** Of a list that ends with a larger thing nothing is known. */
    private static final int LIMIT_LAST_BYTES = 8_192;

    /** So many digits always fit into a long. */
    private static final int LONGEST_DECIMAL = 18;

    private static final byte[] NUMBER = ascii("number");
    private static final byte[] BLOCK_NUMBER = ascii("blockNumber");
    private static final byte[] QUOTED_BLOCK_NUMBER = ascii("\"blockNumber\"");
    /** The fees of a range say where it begins, and have an entry here for each of its blocks. */
    private static final byte[] OLDEST_BLOCK = ascii("oldestBlock");
    private static final byte[] GAS_USED_RATIO = ascii("gasUsedRatio");

    private final JsonCursor members = new JsonCursor();
    private final JsonCursor elements = new JsonCursor();

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

    /** The number of the block that an object is, lies in, or ends with; -1 if it says none, or is no object. */
    long ofObject(final byte[] bytes, final int offset, final int length)
    {
        if (!members.tryBegin(bytes, offset, length) || !members.isObject())
        {
            return LaneHeads.NONE;
        }
        long oldest = LaneHeads.NONE;
        int blocks = 0;
        while (members.next())
        {
            if (members.isNamed(NUMBER) || members.isNamed(BLOCK_NUMBER))
            {
                return numberAt(bytes, members.valueOffset, members.valueLength);
            }
            if (members.isNamed(OLDEST_BLOCK))
            {
                oldest = HexWords.quantity(bytes, members.valueOffset, members.valueLength);
            }
            else if (members.isNamed(GAS_USED_RATIO))
            {
                blocks = count(bytes, members.valueOffset, members.valueLength);
            }
        }
        return oldest == LaneHeads.NONE || blocks == 0 ? LaneHeads.NONE : oldest + blocks - 1;
    }

    private int count(final byte[] bytes, final int offset, final int length)
    {
        int count = 0;
        if (elements.tryBegin(bytes, offset, length))
        {
            while (elements.next())
            {
                count++;
            }
        }
        return count;
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
        final boolean isQuoted = start < end && bytes[start] == '"';
        int last = start + 1;
        while (last < end && (isQuoted ? bytes[last] != '"' : !isBehindValue(bytes[last])))
        {
            last++;
        }
        return last < end ? numberAt(bytes, start, last - start + (isQuoted ? 1 : 0)) : LaneHeads.NONE;
    }

    private static long numberAt(final byte[] bytes, final int offset, final int length)
    {
        return isDigit(bytes[offset]) ? decimal(bytes, offset, length) : HexWords.quantity(bytes, offset, length);
    }

    private static long decimal(final byte[] bytes, final int offset, final int length)
    {
        long value = 0;
        for (int i = offset; i < offset + length; i++)
        {
            if (!isDigit(bytes[i]) || length > LONGEST_DECIMAL)
            {
                return LaneHeads.NONE;
            }
            value = 10 * value + bytes[i] - '0';
        }
        return value;
    }

    private static boolean isBehindValue(final byte b)
    {
        return b <= ' ' || b == ',' || b == '}';
    }

    private static boolean isDigit(final byte b)
    {
        return b >= '0' && b <= '9';
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
