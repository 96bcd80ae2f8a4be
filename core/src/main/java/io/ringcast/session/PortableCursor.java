package io.ringcast.session;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an item stands on its chain, the same at every relay: {@code 1234567:9f3a00c1d2e3f405:41}.
 * Immutable.
 *
 * @param blockNumber the block's number.
 * @param hashStart   the first 8 bytes of the block's hash.
 * @param itemIndex   the log's index in the block; 0 for a head.
 */
public record PortableCursor(long blockNumber, long hashStart, int itemIndex)
{
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18}):([0-9a-f]{16}):([0-9]{1,9})");

    /**
     * Reads a cursor.
     *
     * @param text as {@link #toString} writes it.
     * @return the cursor, or null if it is none.
     */
    public static PortableCursor parse(final String text)
    {
        final Matcher matcher = TEXT.matcher(text);
        return matcher.matches() ?
            new PortableCursor(Long.parseLong(matcher.group(1)), Long.parseUnsignedLong(matcher.group(2), 16),
                Integer.parseInt(matcher.group(3))) :
            null;
    }

    @Override
    public String toString()
    {
        return blockNumber + ":" + HexFormat.of().toHexDigits(hashStart) + ":" + itemIndex;
    }
}
