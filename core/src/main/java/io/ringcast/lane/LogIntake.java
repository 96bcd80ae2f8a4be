package io.ringcast.lane;

import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Puts the logs that lanes push, or that were fetched, into their blocks, each once; those that come too late to be
 * published it tells as late.
 * Confined to the thread that runs match.
 */
final class LogIntake
{
    private static final int LATE_REMEMBERED = 1_024;

    private final CounterSet counters;
    private final LogSink sink;
    private final LogBlocks blocks;
    private final LogOutput output;
    private final LogGaps gaps;
    private final LogIdentity identity = new LogIdentity();
    private final JsonCursor cursor = new JsonCursor();
    private int largestFetched;
    private int lateFetched;
    /** What was told as late; null until something is. */
    private SeenItems toldLate;

    LogIntake(
        final CounterSet counters, final LogSink sink, final LogBlocks blocks, final LogOutput output,
        final LogGaps gaps)
    {
        this.counters = counters;
        this.sink = sink;
        this.blocks = blocks;
        this.output = output;
        this.gaps = gaps;
    }

    /** A lane says a log. */
    void add(
        final LogBlock block, final int logIndex, final int laneIndex, final byte[] bytes, final int offset,
        final int length)
    {
        final int place = block.find(logIndex);
        if (place >= 0)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            block.noteSaid(place, laneIndex);
            return;
        }
        if (tryInsert(block, -1 - place, logIndex, bytes, offset, length))
        {
            block.noteSaid(-1 - place, laneIndex);
        }
        else if (block.isOnChain && !block.isExempt && !block.isCrowded)
        {
            gaps.onLate(block);
        }
    }

    /**
     * Adds the logs of a lane's answer, as far as they are missing.
     *
     * @return how many logs it has, or -1 if it is none.
     */
    int addFetched(
        final LogBlock block, final int laneIndex, final byte[] bytes, final int offset, final int length)
    {
        if (!cursor.tryBegin(bytes, offset, length) || cursor.isObject())
        {
            return -1;
        }
        int answered = 0;
        int repaired = 0;
        largestFetched = -1;
        lateFetched = 0;
        while (cursor.next())
        {
            if (!identity.tryRead(bytes, cursor.valueOffset, cursor.valueLength) || identity.isRemoved ||
                !block.isHash(identity.blockHash))
            {
                return -1;
            }
            answered++;
            largestFetched = Math.max(largestFetched, identity.logIndex);
            final int place = block.find(identity.logIndex);
            final boolean isInserted = place < 0 && tryInsert(
                block, -1 - place, identity.logIndex, bytes, cursor.valueOffset, cursor.valueLength);
            if (place >= 0 || isInserted)
            {
                block.noteAnswered(place >= 0 ? place : -1 - place, laneIndex);
            }
            else
            {
                lateFetched += block.isCrowded ? 0 : 1;
            }
            repaired += isInserted ? 1 : 0;
        }
        if (repaired > 0)
        {
            counters.add(RelayCounter.LOGS_REPAIRED, repaired);
            sink.onRepaired(block.number, repaired);
        }
        return answered;
    }

    /** The largest index in the last answer; -1 if it had no logs. */
    int largestFetched()
    {
        return largestFetched;
    }

    /** How many logs of the last answer had no place any more, though there was room for them. */
    int lateFetched()
    {
        return lateFetched;
    }

    /** Tells as late all that is here of a block that the chain went on without. */
    void tellAllLate(final LogBlock block)
    {
        tellLateFrom(block, 0);
    }

    /** What is held of a block has no place any more, though the block is on the chain: it is told as late. */
    void passOver(final LogBlock block)
    {
        if (block.unpublished() > 0)
        {
            gaps.onPassed(block);
            tellLateFrom(block, block.published);
        }
        while (block.unpublished() > 0)
        {
            block.remove(block.count - 1);
        }
    }

    private void tellLateFrom(final LogBlock block, final int firstPlace)
    {
        for (int place = firstPlace; place < block.count; place++)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            tellLate(block, block.indexes[place], block.bytes, block.offsets[place], block.lengths[place]);
        }
    }

    private boolean tryInsert(
        final LogBlock block, final int place, final int logIndex, final byte[] bytes, final int offset,
        final int length)
    {
        if (output.isPassed(block, place))
        {
            block.isHeardInPart = true;
            counters.increment(RelayCounter.LOGS_LATE);
            if (block.isOnChain)
            {
                tellLate(block, logIndex, bytes, offset, length);
            }
            return false;
        }
        if (block.isInGap && !block.isOnChain)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            tellLate(block, logIndex, bytes, offset, length);
            return false;
        }
        if (blocks.isFull())
        {
            counters.increment(RelayCounter.LOGS_DROPPED);
            gaps.onNoRoom(block);
            return false;
        }
        blocks.insert(block, place, logIndex, bytes, offset, length);
        blocks.heldOnChain += block.isOnChain ? 1 : 0;
        if (block.isVisitOver)
        {
            // It is kept for the case that the chain comes back.
            counters.increment(RelayCounter.LOGS_LATE);
            tellLate(block, logIndex, bytes, offset, length);
            gaps.onLate(block);
        }
        return true;
    }

    /** Each lane may bring it; it is told once. */
    private void tellLate(
        final LogBlock block, final int logIndex, final byte[] bytes, final int offset, final int length)
    {
        if (toldLate == null)
        {
            toldLate = new SeenItems(LATE_REMEMBERED);
        }
        if (toldLate.add(block.hash[0], block.hash[1] ^ logIndex))
        {
            sink.onLate(block.number, bytes, offset, length);
        }
    }
}
