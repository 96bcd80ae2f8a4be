package io.ringcast.lane;

/**
 * A hash of 128 bits over an item's bytes.
 * Confined to the thread that uses it.
 *
 * <p>Not for enemies: an upstream that makes two items with the same hash suppresses one of its own.
 */
public final class ItemHash
{
    private static final long FIRST = 0x9E3779B97F4A7C15L;
    private static final long SECOND = 0xD6E8FEB86659FD93L;

    /** One half. */
    public long high;
    /** The other half. */
    public long low;

    /**
     * Hashes a range.
     *
     * @param bytes  holds it.
     * @param offset where it starts.
     * @param length its length in bytes.
     */
    public void read(final byte[] bytes, final int offset, final int length)
    {
        long left = length * FIRST;
        long right = length * SECOND;
        for (int i = offset; i < offset + length; i++)
        {
            left = (left ^ bytes[i]) * FIRST;
            right = (right + bytes[i]) * SECOND;
            left ^= left >>> 29;
            right ^= right >>> 31;
        }
        high = left ^ right >>> 32;
        low = right ^ left << 17;
    }
}
