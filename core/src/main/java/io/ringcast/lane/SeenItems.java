package io.ringcast.lane;

import java.util.Arrays;

/**
 * The items that came lately, by a hash of 128 bits, to know one that another upstream has brought already.
 * Confined to the thread that runs match. Bounded: the oldest is forgotten; nothing is allocated after the start.
 */
public final class SeenItems
{
    private static final int PLACES_PER_ITEM = 2;
    private static final int EMPTY = -1;

    private final long[] high;
    private final long[] low;
    /** Places in the ring of items, by hash; linear probing. */
    private final int[] table;
    private long count;

    /**
     * Creates it empty.
     *
     * @param capacity how many items it remembers, a power of two.
     */
    public SeenItems(final int capacity)
    {
        high = new long[capacity];
        low = new long[capacity];
        table = new int[capacity * PLACES_PER_ITEM];
        Arrays.fill(table, EMPTY);
    }

    /**
     * Notes an item.
     *
     * @param highBits one half of its hash.
     * @param lowBits  the other half.
     * @return true if it was not there.
     */
    public boolean add(final long highBits, final long lowBits)
    {
        if (placeOf(highBits, lowBits) >= 0)
        {
            return false;
        }
        addNew(highBits, lowBits);
        return true;
    }

    /** Finds an item's place among those that are remembered, or -1. */
    int placeOf(final long highBits, final long lowBits)
    {
        int place = home(highBits, lowBits);
        while (table[place] != EMPTY)
        {
            if (high[table[place]] == highBits && low[table[place]] == lowBits)
            {
                return table[place];
            }
            place = place + 1 & table.length - 1;
        }
        return -1;
    }

    /** Notes an item that is not there, at the place of the oldest if all are taken; returns its place. */
    int addNew(final long highBits, final long lowBits)
    {
        final int item = (int)(count & high.length - 1);
        if (count >= high.length)
        {
            forget(item);
        }
        int place = home(highBits, lowBits);
        while (table[place] != EMPTY)
        {
            place = place + 1 & table.length - 1;
        }
        high[item] = highBits;
        low[item] = lowBits;
        table[place] = item;
        count++;
        return item;
    }

    /** Takes an item out of the table, and moves those up that only stood behind it. */
    private void forget(final int item)
    {
        int hole = home(high[item], low[item]);
        while (table[hole] != item)
        {
            hole = hole + 1 & table.length - 1;
        }
        int place = hole;
        table[hole] = EMPTY;
        while (true)
        {
            place = place + 1 & table.length - 1;
            if (table[place] == EMPTY)
            {
                return;
            }
            final int home = home(high[table[place]], low[table[place]]);
            if ((place - home & table.length - 1) >= (place - hole & table.length - 1))
            {
                table[hole] = table[place];
                table[place] = EMPTY;
                hole = place;
            }
        }
    }

    private int home(final long highBits, final long lowBits)
    {
        final long mixed = (highBits ^ Long.rotateLeft(lowBits, 32)) * 0x9E3779B97F4A7C15L;
        return (int)(mixed >>> 40) & table.length - 1;
    }
}
