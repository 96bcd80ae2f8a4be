package io.ringcast.match;

import io.ringcast.lane.HeadArbiter;

/**
 * Reads for one subscriber, by number and in pages, what the chain won't leave any more.
 * Confined to the pipeline thread that runs match.
 *
 * <p>That ends {@value HistoryReader#TAIL_BLOCKS} blocks below the newest, which an upstream is asked for while no head
 * is known.
 */
final class RangeReader
{
    private final HistoryReader reader;
    private final HeadArbiter heads;
    private final WayCall way;
    private final HistoryQueue queue;
    private final HistorySeam latest = new HistorySeam();
    private long nextNumber;
    private boolean isLatestKnown;
    /** True until it is known how far ahead of the newest block the first one is. */
    private boolean isStartUnchecked;
    private boolean isTooFarAhead;

    RangeReader(
        final HistoryReader reader, final long fromNumber, final HeadArbiter heads, final WayCall way,
        final HistoryQueue queue)
    {
        this.reader = reader;
        this.heads = heads;
        this.way = way;
        this.queue = queue;
        nextNumber = fromNumber;
        isStartUnchecked = !heads.hasHead();
        latest.position = HistorySeam.NO_POSITION;
    }

    /** The next block to be asked for goes by this number. */
    void goOnAt(final long number)
    {
        nextNumber = number;
    }

    /** The next block to be asked for; below 0 as long as only its tag is known. */
    long nextNumber()
    {
        return nextNumber;
    }

    /** Asks for the number of the block to begin with. */
    void askStart()
    {
        way.askStart(nextNumber == SubscriptionRequest.FROM_SAFE ? "safe" : "finalized");
    }

    /** Takes the answer that tells an upstream's newest block; false if it can't be true. */
    boolean tryTakeLatest(final byte[] bytes, final int offset, final int length)
    {
        final boolean isTaken = way.tryTakeLatest(bytes, offset, length, latest);
        isLatestKnown |= isTaken;
        return isTaken;
    }

    /**
     * Asks for what there is room for.
     *
     * @return true if all was answered that is to be read by number.
     */
    boolean read()
    {
        if (!heads.hasHead() && !isLatestKnown)
        {
            way.askLatest();
            return false;
        }
        isTooFarAhead |= isStartUnchecked && Histories.isTooFarAhead(nextNumber, tipNumber());
        isStartUnchecked = false;
        final long settled = tipNumber() - HistoryReader.TAIL_BLOCKS;
        while (nextNumber <= settled && !queue.isFull())
        {
            nextNumber = queue.addRange(reader, nextNumber, settled);
        }
        return nextNumber > settled && queue.isAllAnswered();
    }

    /** Whether the first block is so far ahead that nobody is to wait for it. */
    boolean isTooFarAhead()
    {
        return isTooFarAhead;
    }

    /** The newest block as an upstream told it; counts while no head is known. */
    HistorySeam latest()
    {
        return latest;
    }

    long tipNumber()
    {
        return heads.hasHead() ? heads.tipNumber() : latest.number;
    }
}
