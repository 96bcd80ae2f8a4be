package io.ringcast.match;

import java.util.Arrays;

/**
 * How many items a group has had of each of its newest blocks, also of those items that its history has lost since.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Who is told whole blocks is told them late. A block with more items than are kept would else seem to have
 * had only those that are.
 */
final class BlockItems
{
    private static final int FIRST_BLOCKS = 8;
    private static final long NONE = -1;

    private final boolean isOfHeads;
    /** By the block's number; a power of two long, and no longer than needed for those that are yet to be told. */
    private long[] numbers = new long[FIRST_BLOCKS];
    private long[] hashStarts = new long[FIRST_BLOCKS];
    private int[] counts = new int[FIRST_BLOCKS];
    private long toldNumber = NONE;

    /** Counts the items of a group; of heads the last one of a block counts alone. */
    BlockItems(final boolean isOfHeads)
    {
        this.isOfHeads = isOfHeads;
        Arrays.fill(numbers, NONE);
    }

    /** The group has got an item of a block, or the removal of one. */
    void note(final long number, final long hashStart, final boolean isRemoved)
    {
        int place = place(number);
        while (numbers[place] != number && numbers[place] > toldNumber && numbers.length < BlockOrder.KEPT)
        {
            grow();
            place = place(number);
        }
        if (numbers[place] != number || hashStarts[place] != hashStart || isRemoved || isOfHeads)
        {
            // What came before was of another block, or of an earlier visit to this one.
            numbers[place] = number;
            hashStarts[place] = hashStart;
            counts[place] = 0;
        }
        counts[place] += isRemoved ? 0 : 1;
    }

    /** A block is told: so much is not needed of those up to it. */
    void onTold(final long number)
    {
        toldNumber = number;
    }

    /** How many items there were of a block since the chain came to it last; 0 if that is not known. */
    int count(final long number, final long hashStart)
    {
        final int place = place(number);
        return numbers[place] == number && hashStarts[place] == hashStart ? counts[place] : 0;
    }

    private int place(final long number)
    {
        return (int)number & numbers.length - 1;
    }

    private void grow()
    {
        final long[] oldNumbers = numbers;
        final long[] oldHashStarts = hashStarts;
        final int[] oldCounts = counts;
        numbers = new long[oldNumbers.length * 2];
        hashStarts = new long[numbers.length];
        counts = new int[numbers.length];
        Arrays.fill(numbers, NONE);
        for (int i = 0; i < oldNumbers.length; i++)
        {
            if (oldNumbers[i] != NONE)
            {
                final int place = place(oldNumbers[i]);
                numbers[place] = oldNumbers[i];
                hashStarts[place] = oldHashStarts[i];
                counts[place] = oldCounts[i];
            }
        }
    }
}
