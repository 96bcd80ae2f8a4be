package io.ringcast.match;

import java.util.Arrays;

/**
 * One call for a part of the past, and what it brought.
 * Confined to the pipeline thread that runs match; its bytes don't change any more once they are read.
 */
final class HistoryPage
{
    /** What a page brings. */
    enum Kind
    {
        /** The items of the blocks from one number to another. */
        RANGE,
        /** The items of one block, by its hash. */
        BLOCK,
        /** The head of one block by its hash, for the sake of its parent. */
        PARENT,
        /** The newest head of an upstream. */
        LATEST,
        /** The block that an upstream takes for safe or finalized: the one to begin with. */
        START
    }

    final Kind kind;
    final HistoryReader reader;
    /** {@code "method":…,"params":…}. */
    final String call;
    final long firstNumber;
    final long lastNumber;
    /** Of a single block; null for a range. */
    final long[] hash;

    /** Written and read by {@link HistoryCalls}. */
    long callId;
    int laneIndex;
    int triedMask;
    int rounds;
    long dueNs;
    /** The last error that an upstream answered with, as long as nothing else came; null if it is unknown or long. */
    byte[] error;
    /** True once nobody wants it any more. */
    boolean isCancelled;

    /** True while its bytes are paid for out of the histories' budget. */
    boolean isBudgeted;
    boolean isAnswered;
    long answeredAtNs;
    byte[] bytes;
    int[] offsets = new int[4];
    int[] lengths = new int[4];
    /** Of logs: their indexes in their blocks. */
    int[] indexes = new int[4];
    /** The numbers of their blocks. */
    long[] numbers = new long[4];
    int count;

    HistoryPage(
        final Kind kind, final HistoryReader reader, final String call, final long firstNumber, final long lastNumber,
        final long[] hash)
    {
        this.kind = kind;
        this.reader = reader;
        this.call = call;
        this.firstNumber = firstNumber;
        this.lastNumber = lastNumber;
        this.hash = hash;
    }

    /** Takes one item of the answer, in their order. */
    void add(final int offset, final int length, final int index, final long number)
    {
        if (count == offsets.length)
        {
            offsets = Arrays.copyOf(offsets, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
            indexes = Arrays.copyOf(indexes, count * 2);
            numbers = Arrays.copyOf(numbers, count * 2);
        }
        offsets[count] = offset;
        lengths[count] = length;
        numbers[count] = number;
        indexes[count++] = index;
    }

    long blocks()
    {
        return lastNumber - firstNumber + 1;
    }

    int heldBytes()
    {
        return bytes == null ? 0 : bytes.length;
    }

    @Override
    public String toString()
    {
        return kind + " " + firstNumber + ".." + lastNumber;
    }
}
