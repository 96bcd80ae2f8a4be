package io.ringcast.transport.poll;

import io.ringcast.frame.HexWords;

import java.util.Arrays;

/**
 * The last heads that were said, one for each number, up to the tip.
 * Confined to the upstream's I/O loop.
 */
final class KnownHeads
{
    static final int CAPACITY = 512;

    private static final long NONE = -1;

    private final long[] numbers = new long[CAPACITY];
    private final long[] hashes = new long[CAPACITY * HexWords.WORDS];
    private long tip = NONE;
    private long lowest;

    KnownHeads()
    {
        clear();
    }

    boolean isEmpty()
    {
        return tip == NONE;
    }

    /** The number of the head that was said last. */
    long tip()
    {
        return tip;
    }

    /** The lowest number that may be known. */
    long lowest()
    {
        return Math.max(lowest, tip - CAPACITY + 1);
    }

    boolean contains(final long number, final long[] hash)
    {
        final int place = place(number);
        return number >= 0 && numbers[place] == number && HexWords.equal(hashes, place * HexWords.WORDS, hash, 0);
    }

    /** Makes a head the tip; what was known at its number and above is not any more. */
    void put(final long number, final long[] hash)
    {
        if (isEmpty())
        {
            lowest = number;
        }
        for (long above = number; above <= tip && above < number + CAPACITY; above++)
        {
            numbers[place(above)] = NONE;
        }
        lowest = Math.min(lowest, number);
        tip = number;
        numbers[place(number)] = number;
        System.arraycopy(hash, 0, hashes, place(number) * HexWords.WORDS, HexWords.WORDS);
    }

    void clear()
    {
        Arrays.fill(numbers, NONE);
        tip = NONE;
    }

    private static int place(final long number)
    {
        return (int)(number & CAPACITY - 1);
    }
}
