package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;

import java.nio.charset.StandardCharsets;

/**
 * What identifies one block, read from the JSON of its header or of the whole block.
 * Confined to the thread that uses it; filled again for each head, without allocating.
 */
public final class HeadKeys
{
    private static final byte[] NUMBER = "number".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HASH = "hash".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PARENT_HASH = "parentHash".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIMESTAMP = "timestamp".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOGS_BLOOM = "logsBloom".getBytes(StandardCharsets.US_ASCII);
    /** No chain has so many blocks. What is counted up to one, or beyond by what is kept, does not overflow. */
    private static final long LARGEST_NUMBER = Long.MAX_VALUE >>> 1;

    /** The block's number. */
    public long number;
    /** When it was made, in the chain's own unit, which is seconds nearly everywhere; -1 if it was not given. */
    public long timestamp;
    /** {@link HexWords#WORDS} longs of the block's hash. */
    public final long[] hash = new long[HexWords.WORDS];
    /** {@link HexWords#WORDS} longs of its parent's hash. */
    public final long[] parentHash = new long[HexWords.WORDS];
    /** True if the bloom of its logs was given and is zero: the block has no logs. */
    public boolean isBloomZero;
    /** True if the bloom of its logs was given. */
    public boolean hasBloom;
    /** Where that stands, its quotes included, counted from the start of the head's object; 0 if it was not given. */
    public int bloomOffset;
    /** How many bytes it takes there. */
    public int bloomLength;
    /** How many members the object has. */
    public int memberCount;

    private final JsonCursor cursor = new JsonCursor();

    /**
     * Reads a head.
     *
     * @param bytes  a text that the scanner has accepted.
     * @param offset where the head's object starts.
     * @param length its length in bytes.
     * @return false if number, hash or parentHash are missing or malformed; the fields are meaningless then.
     */
    public boolean tryRead(final byte[] bytes, final int offset, final int length)
    {
        if (!cursor.tryBegin(bytes, offset, length) || !cursor.isObject())
        {
            return false;
        }
        boolean hasHash = false;
        boolean hasParent = false;
        number = -1;
        timestamp = -1;
        hasBloom = false;
        isBloomZero = false;
        bloomOffset = 0;
        bloomLength = 0;
        memberCount = 0;
        while (cursor.next())
        {
            memberCount++;
            if (cursor.isNamed(HASH))
            {
                hasHash = readHash(bytes, hash);
            }
            else if (cursor.isNamed(NUMBER))
            {
                number = HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength);
            }
            else if (cursor.isNamed(TIMESTAMP))
            {
                timestamp = HexWords.quantity(bytes, cursor.valueOffset, cursor.valueLength);
            }
            else if (cursor.isNamed(PARENT_HASH))
            {
                hasParent = readHash(bytes, parentHash);
            }
            else if (cursor.isNamed(LOGS_BLOOM))
            {
                hasBloom = true;
                bloomOffset = cursor.valueOffset - offset;
                bloomLength = cursor.valueLength;
                isBloomZero = HexWords.isZero(bytes, cursor.valueOffset, cursor.valueLength);
            }
        }
        return hasHash && hasParent && number >= 0 && number <= LARGEST_NUMBER;
    }

    private boolean readHash(final byte[] bytes, final long[] words)
    {
        return HexWords.tryRead(bytes, cursor.valueOffset, cursor.valueLength, HexWords.TOPIC_DIGITS, words, 0);
    }
}
