package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;

/**
 * What identifies one log, read from its JSON.
 * Confined to the thread that uses it; filled again for each log, without allocating.
 */
public final class LogIdentity
{
    private static final byte[] BLOCK_HASH = "blockHash".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BLOCK_NUMBER = "blockNumber".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOG_INDEX = "logIndex".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REMOVED = "removed".getBytes(StandardCharsets.US_ASCII);

    /** {@link HexWords#WORDS} longs of its block's hash. */
    public final long[] blockHash = new long[HexWords.WORDS];
    /** Its block's number. */
    public long blockNumber;
    /** Its place among the logs of its block. */
    public int logIndex;
    /** True if the node says that the chain has left its block. */
    public boolean isRemoved;

    private final JsonCursor cursor = new JsonCursor();

    /**
     * Reads a log.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the log's object starts.
     * @param length its length in bytes.
     * @return false if block hash, block number or log index are missing or malformed.
     */
    public boolean tryRead(final byte[] bytes, final int offset, final int length)
    {
        if (!cursor.tryBegin(bytes, offset, length) || !cursor.isObject())
        {
            return false;
        }
        boolean hasHash = false;
        blockNumber = -1;
        long index = -1;
        isRemoved = false;
        while (cursor.next())
        {
            if (cursor.isNamed(BLOCK_HASH))
            {
                hasHash = HexWords.tryRead(
                    bytes, cursor.valueOffset, cursor.valueLength, HexWords.TOPIC_DIGITS, blockHash, 0);
            }
            else if (cursor.isNamed(BLOCK_NUMBER))
            {
                blockNumber = HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength);
            }
            else if (cursor.isNamed(LOG_INDEX))
            {
                index = HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength);
            }
            else if (cursor.isNamed(REMOVED))
            {
                isRemoved = bytes[cursor.valueOffset] == 't';
            }
        }
        logIndex = (int)index;
        return hasHash && blockNumber >= 0 && index >= 0 && index <= Integer.MAX_VALUE;
    }

    /**
     * Copies a log and makes it say that it was removed.
     *
     * @param bytes  holds the log.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @return the text, otherwise with the bytes that the node gave.
     */
    public byte[] asRemoved(final byte[] bytes, final int offset, final int length)
    {
        int from = offset + length - 1;
        int to = from;
        String value = ",\"removed\":true";
        cursor.tryBegin(bytes, offset, length);
        while (cursor.next())
        {
            if (cursor.isNamed(REMOVED))
            {
                from = cursor.valueOffset;
                to = from + cursor.valueLength;
                value = "true";
            }
        }
        final byte[] inserted = value.getBytes(StandardCharsets.US_ASCII);
        final byte[] text = new byte[length - (to - from) + inserted.length];
        System.arraycopy(bytes, offset, text, 0, from - offset);
        System.arraycopy(inserted, 0, text, from - offset, inserted.length);
        System.arraycopy(bytes, to, text, from - offset + inserted.length, offset + length - to);
        return text;
    }
}
