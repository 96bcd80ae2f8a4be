package io.ringcast.correlate;

import java.util.Arrays;

/**
 * A map from JSON tokens, as byte ranges, to non-negative longs.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>Open addressing with linear probing; a look-up allocates nothing and needs no String. Removal moves the entries
 * that follow back, so there are no tombstones.
 */
final class TokenMap
{
    /** What a look-up gives for an unknown token. */
    static final long MISSING = -1;

    /** What tokens and their entries may take; a node that makes subscriptions up would fill the heap. */
    static final int LIMIT_BYTES = 32 * 1024 * 1024;
    private static final int ENTRY_BYTES = 64;

    private byte[][] keys = new byte[16][];
    private long[] values = new long[16];
    private int size;
    private int sizeBytes;

    long get(final byte[] bytes, final int offset, final int length)
    {
        final int mask = keys.length - 1;
        int index = hash(bytes, offset, length) & mask;
        while (keys[index] != null)
        {
            if (Arrays.equals(keys[index], 0, keys[index].length, bytes, offset, offset + length))
            {
                return values[index];
            }
            index = index + 1 & mask;
        }
        return MISSING;
    }

    /** Puts a token; false if there is no room for it. */
    boolean tryPut(final byte[] token, final long value)
    {
        if (LIMIT_BYTES - sizeBytes < token.length + ENTRY_BYTES)
        {
            return false;
        }
        put(token, value);
        return true;
    }

    void put(final byte[] token, final long value)
    {
        if (size * 2 >= keys.length)
        {
            grow();
        }
        final int mask = keys.length - 1;
        int index = hash(token, 0, token.length) & mask;
        while (keys[index] != null && !Arrays.equals(keys[index], token))
        {
            index = index + 1 & mask;
        }
        if (keys[index] == null)
        {
            size++;
            sizeBytes += token.length + ENTRY_BYTES;
        }
        keys[index] = token;
        values[index] = value;
    }

    /** Removes every token that maps to a value; a scan, for the rare end of a feed. */
    void removeValue(final long value)
    {
        for (int i = 0; i < keys.length; i++)
        {
            while (keys[i] != null && values[i] == value)
            {
                removeAt(i);
            }
        }
    }

    void clear()
    {
        Arrays.fill(keys, null);
        size = 0;
        sizeBytes = 0;
    }

    int size()
    {
        return size;
    }

    private void removeAt(final int index)
    {
        final int mask = keys.length - 1;
        int hole = index;
        sizeBytes -= keys[hole].length + ENTRY_BYTES;
        keys[hole] = null;
        size--;
        int next = hole + 1 & mask;
        while (keys[next] != null)
        {
            final int home = hash(keys[next], 0, keys[next].length) & mask;
            final boolean mayMove = (next - home & mask) >= (next - hole & mask);
            if (mayMove)
            {
                keys[hole] = keys[next];
                values[hole] = values[next];
                keys[next] = null;
                hole = next;
            }
            next = next + 1 & mask;
        }
    }

    private void grow()
    {
        final byte[][] oldKeys = keys;
        final long[] oldValues = values;
        keys = new byte[oldKeys.length * 2][];
        values = new long[oldKeys.length * 2];
        size = 0;
        sizeBytes = 0;
        for (int i = 0; i < oldKeys.length; i++)
        {
            if (oldKeys[i] != null)
            {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }

    private static int hash(final byte[] bytes, final int offset, final int length)
    {
        int hash = length;
        for (int i = offset; i < offset + length; i++)
        {
            hash = hash * 31 + bytes[i];
        }
        return hash ^ hash >>> 15;
    }
}
