package io.ringcast.match;

import java.util.Arrays;

/**
 * Finds the entries of a ring of items by a hash of their places: those with equal hashes are linked, the newest first.
 * Confined to the pipeline thread that runs match.
 *
 * <p>An item that is dropped needs not be taken out: links lead back in time, and end where the ring does.
 */
final class PlaceIndex
{
    /** What an entry takes, in bytes. */
    static final int ENTRY_BYTES = 2 * Integer.BYTES;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MIXER = 0xBF58476D1CE4E5B9L;

    /** The low bits of the position of the newest item of each hash. */
    private final int[] newest;
    /** The same of the item before each entry's one that has its hash. */
    private final int[] earlier;
    private final int shift;

    /**
     * Creates it without items.
     *
     * @param capacity how many entries the ring has, a power of two; or 0.
     * @param oldest   the position that the first item will have, or a lower one.
     */
    PlaceIndex(final int capacity, final long oldest)
    {
        newest = new int[capacity];
        earlier = new int[capacity];
        shift = Long.numberOfLeadingZeros(capacity) + 1;
        Arrays.fill(newest, (int)(oldest - 1));
    }

    /** Notes an item: the newest of all. */
    void add(final long position, final long blockNumber, final long hashStart, final int indexInBlock)
    {
        final int bucket = bucket(blockNumber, hashStart, indexInBlock);
        earlier[(int)position & earlier.length - 1] = newest[bucket];
        newest[bucket] = (int)position;
    }

    /**
     * Gives the newest item before a position that may be at a place.
     *
     * @return its position; it is not in the ring, but below it, if there is none.
     */
    long newestBefore(final long position, final long blockNumber, final long hashStart, final int indexInBlock)
    {
        return newest.length == 0 ? -1 : below(position, newest[bucket(blockNumber, hashStart, indexInBlock)]);
    }

    /** Gives the newest item before one in the ring that may be at the same place; below the ring if there is none. */
    long earlier(final long position)
    {
        return below(position, earlier[(int)position & earlier.length - 1]);
    }

    private static long below(final long position, final int lowBits)
    {
        return position - 1 - Integer.toUnsignedLong((int)position - 1 - lowBits);
    }

    private int bucket(final long blockNumber, final long hashStart, final int indexInBlock)
    {
        // Block hashes are as good as random; numbers and indexes count for those that are made up.
        final long mixed = (hashStart * MIXER ^ blockNumber) + ((long)indexInBlock << Integer.SIZE);
        return newest.length == 1 ? 0 : (int)(mixed * GOLDEN >>> shift);
    }
}
