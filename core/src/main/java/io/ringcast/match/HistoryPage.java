package io.ringcast.match;

import java.util.Arrays;
import java.util.Collection;

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

    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};
    private static final int FIRST_ITEMS = 4;
    /** What one item takes in the arrays beside its bytes. */
    private static final int PLACE_BYTES = 20;

    final Kind kind;
    final HistoryReader reader;
    /** The call, if it asks for no items; else null. */
    private final String call;
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
    /** What is counted among what the readers hold, in bytes. */
    int chargedBytes;
    /** False as long as it waits for its turn to be asked for. */
    boolean isAsked;
    boolean isAnswered;
    long answeredAtNs;
    byte[] bytes;
    int[] offsets = NO_INTS;
    int[] lengths = NO_INTS;
    /** Of logs: their indexes in their blocks. */
    int[] indexes = NO_INTS;
    /** The numbers of their blocks. */
    long[] numbers = NO_LONGS;
    int count;

    /**
     * @param call what is to be asked; null for items.
     */
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

    /**
     * Makes a page of logs of one block that are known already.
     *
     * @param reader has a subscriber that had them.
     * @param number the block's number.
     * @param hash   its hash.
     * @param logs   their texts, in their order; paid for.
     * @return the page, as if it had been asked for.
     */
    static HistoryPage ofLogs(
        final HistoryReader reader, final long number, final long[] hash, final Collection<byte[]> logs)
    {
        final HistoryPage page = new HistoryPage(Kind.BLOCK, reader, null, number, number, hash);
        page.offsets = new int[logs.size()];
        page.lengths = new int[logs.size()];
        page.numbers = new long[logs.size()];
        page.indexes = new int[logs.size()];
        page.bytes = new byte[logs.stream().mapToInt(log -> log.length).sum()];
        int offset = 0;
        for (final byte[] log : logs)
        {
            System.arraycopy(log, 0, page.bytes, offset, log.length);
            page.add(offset, log.length, page.count, number);
            offset += log.length;
        }
        page.isBudgeted = true;
        page.isAsked = true;
        page.isAnswered = true;
        return page;
    }

    /** What a log takes on such a page, in bytes. */
    static int heldBytes(final byte[] log)
    {
        return log.length + PLACE_BYTES;
    }

    /** Takes one item of the answer, in their order. */
    void add(final int offset, final int length, final int index, final long number)
    {
        if (count == offsets.length)
        {
            final int capacity = Math.max(FIRST_ITEMS, count * 2);
            offsets = Arrays.copyOf(offsets, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            indexes = Arrays.copyOf(indexes, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
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

    /** What its items take, in bytes. */
    int heldBytes()
    {
        return bytes == null ? 0 : bytes.length + PLACE_BYTES * offsets.length;
    }

    /** Holds the texts no more; how many there were, and which, is still known. */
    void dropBytes()
    {
        bytes = null;
        offsets = NO_INTS;
        lengths = NO_INTS;
        numbers = NO_LONGS;
    }

    /** Knows nothing any more, and may be asked for as if it never had been. */
    void forget()
    {
        dropBytes();
        indexes = NO_INTS;
        count = 0;
        isAsked = false;
        isAnswered = false;
        triedMask = 0;
        rounds = 0;
        error = null;
    }

    /** {@code "method":…,"params":…}; not kept, since a filter may be long, and much may wait. */
    String call()
    {
        return call == null ? reader.itemsCall(this) : call;
    }

    @Override
    public String toString()
    {
        return kind + " " + firstNumber + ".." + lastNumber;
    }
}
