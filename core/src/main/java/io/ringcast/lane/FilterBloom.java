package io.ringcast.lane;

import io.ringcast.frame.JsonCursor;
import io.ringcast.frame.Keccak256;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Whether a block may have logs of a filter, as far as the {@code logsBloom} of its head tells: each address and each
 * topic of a block's logs has set three of its 2,048 bits (yellow paper, section 4.4.3).
 * Confined to the thread that runs match; a look allocates nothing.
 *
 * <p>No is a hint, too: some chains add logs to their blocks that are not in the bloom.
 */
final class FilterBloom
{
    private static final int BITS = 2_048;
    private static final int BITS_PER_VALUE = 3;
    private static final int DIGITS = BITS / 4;
    /** With {@code "0x} before it and a quote behind. */
    private static final int TOKEN_BYTES = DIGITS + 4;
    private static final byte[] ADDRESS = "address".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TOPICS = "topics".getBytes(StandardCharsets.US_ASCII);

    /** For each part of the filter that asks for something, the bits of each value that it allows. */
    private final List<int[]> parts = new ArrayList<>();

    /**
     * Reads a filter; a part that is none asks for nothing.
     *
     * @param filter {@code {"address":…,"topics":[…]}} as JSON.
     */
    FilterBloom(final String filter)
    {
        final byte[] text = filter.getBytes(StandardCharsets.UTF_8);
        final JsonCursor members = new JsonCursor();
        if (!members.tryBegin(text, 0, text.length) || !members.isObject())
        {
            return;
        }
        while (members.next())
        {
            if (members.isNamed(ADDRESS))
            {
                addPart(text, members.valueOffset, members.valueLength);
            }
            else if (members.isNamed(TOPICS))
            {
                final JsonCursor topics = new JsonCursor();
                final boolean isList = topics.tryBegin(text, members.valueOffset, members.valueLength);
                while (isList && topics.next())
                {
                    addPart(text, topics.valueOffset, topics.valueLength);
                }
            }
        }
    }

    private void addPart(final byte[] text, final int offset, final int length)
    {
        final List<String> values = new ArrayList<>();
        final JsonCursor list = new JsonCursor();
        if (list.tryBegin(text, offset, length))
        {
            while (list.next())
            {
                values.add(new String(text, list.valueOffset, list.valueLength, StandardCharsets.UTF_8));
            }
        }
        else
        {
            values.add(new String(text, offset, length, StandardCharsets.UTF_8));
        }
        final int[] bits = new int[values.size() * BITS_PER_VALUE];
        for (int i = 0; i < values.size(); i++)
        {
            if (!values.get(i).matches("\"0[xX]([0-9a-fA-F]{2})+\""))
            {
                // A wildcard among them, or what only the node understands.
                return;
            }
            setBits(HexFormat.of().parseHex(values.get(i), 3, values.get(i).length() - 1), bits, i * BITS_PER_VALUE);
        }
        if (bits.length > 0)
        {
            parts.add(bits);
        }
    }

    private static void setBits(final byte[] value, final int[] bits, final int index)
    {
        final byte[] hash = Keccak256.hash(value);
        for (int i = 0; i < BITS_PER_VALUE; i++)
        {
            bits[index + i] = ((hash[2 * i] & 0xff) << 8 | hash[2 * i + 1] & 0xff) & BITS - 1;
        }
    }

    /**
     * Looks at a block.
     *
     * @param head its head.
     * @return false if its bloom rules out that it has any such log; true also if it has no bloom of the usual form.
     */
    boolean mayMatch(final Head head)
    {
        if (!head.hasBloom || head.bloomLength != TOKEN_BYTES)
        {
            return true;
        }
        for (int i = 0; i < parts.size(); i++)
        {
            if (!isAnySet(head, parts.get(i)))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isAnySet(final Head head, final int[] bits)
    {
        for (int i = 0; i < bits.length; i += BITS_PER_VALUE)
        {
            if (isSet(head, bits[i]) && isSet(head, bits[i + 1]) && isSet(head, bits[i + 2]))
            {
                return true;
            }
        }
        return false;
    }

    /** Bit 0 is the last digit's lowest. */
    private static boolean isSet(final Head head, final int bit)
    {
        final byte digit = head.bytes[head.bloomOffset + 3 + DIGITS - 1 - (bit >> 2)];
        return (Character.digit(digit, 16) >> (bit & 3) & 1) != 0;
    }
}
