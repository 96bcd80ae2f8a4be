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
    /** What becomes of a log that is not here. */
    private enum Entry
    {
        KEPT,
        /** It has no place any more, and enough lanes tell it. */
        LATE,
        /** There is no room for it, or it has no place any more and too few lanes tell it. */
        REFUSED
    }

    private final int quorum;
    private final CounterSet counters;
    private final LogSink sink;
    private final LogBlocks blocks;
    private final LogOutput output;
    private final LogGaps gaps;
    private final LateLogs late;
    private final LogIdentity identity = new LogIdentity();
    private final JsonCursor cursor = new JsonCursor();
    private int largestFetched;
    private int lateFetched;

    LogIntake(
        final int quorum, final CounterSet counters, final LogSink sink, final LogBlocks blocks,
        final LogOutput output, final LogGaps gaps, final LateLogs late)
    {
        this.quorum = quorum;
        this.counters = counters;
        this.sink = sink;
        this.blocks = blocks;
        this.output = output;
        this.gaps = gaps;
        this.late = late;
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
            confirmLate(block, place, laneIndex, bytes, offset, length);
            block.noteSaid(place, laneIndex);
            return;
        }
        final Entry entry = enter(block, -1 - place, logIndex, laneIndex, bytes, offset, length);
        if (entry == Entry.KEPT)
        {
            block.noteSaid(-1 - place, laneIndex);
        }
        else if (entry == Entry.LATE && block.isOnChain && !block.isExempt && !block.isCrowded)
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
            if (place >= 0)
            {
                confirmLate(block, place, laneIndex, bytes, cursor.valueOffset, cursor.valueLength);
                block.noteAnswered(place, laneIndex);
                continue;
            }
            switch (enter(
                block, -1 - place, identity.logIndex, laneIndex, bytes, cursor.valueOffset, cursor.valueLength))
            {
                case KEPT:
                    block.noteAnswered(-1 - place, laneIndex);
                    repaired++;
                    break;

                case LATE:
                    lateFetched += block.isCrowded ? 0 : 1;
                    break;

                default:
                    break;
            }
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

    /** How many logs of the last answer had no place any more, though there was room, and enough lanes tell them. */
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
        if (isAnyConfirmed(block))
        {
            gaps.onPassed(block);
        }
        tellLateFrom(block, block.published);
        while (block.unpublished() > 0)
        {
            block.remove(block.count - 1);
        }
    }

    /** Whether of what is not published enough lanes have told a log. */
    private boolean isAnyConfirmed(final LogBlock block)
    {
        for (int place = block.published; place < block.count; place++)
        {
            if (block.isConfirmed(place, quorum))
            {
                return true;
            }
        }
        return false;
    }

    private void tellLateFrom(final LogBlock block, final int firstPlace)
    {
        for (int place = firstPlace; place < block.count; place++)
        {
            counters.increment(RelayCounter.LOGS_LATE);
            late.tryTell(block, place);
        }
    }

    private Entry enter(
        final LogBlock block, final int place, final int logIndex, final int laneIndex, final byte[] bytes,
        final int offset, final int length)
    {
        final boolean isPassed = output.isPassed(block, place);
        if (isPassed && !block.isLeaving() || block.isInGap && !block.isOnChain)
        {
            block.isHeardInPart |= isPassed;
            counters.increment(RelayCounter.LOGS_LATE);
            return late.tryTell(block, logIndex, 1 << laneIndex, bytes, offset, length) ? Entry.LATE : Entry.REFUSED;
        }
        if (blocks.isFullFor(block))
        {
            counters.increment(RelayCounter.LOGS_DROPPED);
            gaps.onNoRoom(block);
            return Entry.REFUSED;
        }
        final int unpublished = block.unpublished();
        blocks.insert(block, place, logIndex, bytes, offset, length);
        if (block.isAmidPublished(place))
        {
            block.passOver(place);
        }
        blocks.heldOnChain += block.isOnChain ? block.unpublished() - unpublished : 0;
        if (block.isVisitOver)
        {
            // It is kept for the case that the chain comes back, or has.
            counters.increment(RelayCounter.LOGS_LATE);
            tellMissed(block, logIndex, laneIndex, bytes, offset, length);
        }
        return Entry.KEPT;
    }

    /** Another lane tells a log that too few had told when the chain left its block. */
    private void confirmLate(
        final LogBlock block, final int place, final int laneIndex, final byte[] bytes, final int offset,
        final int length)
    {
        if (quorum > 1 && block.isVisitOver && !block.isConfirmed(place, quorum))
        {
            tellMissed(block, block.indexes[place], laneIndex, bytes, offset, length);
        }
    }

    /** A log was missing when a visit to its block was told. */
    private void tellMissed(
        final LogBlock block, final int logIndex, final int laneIndex, final byte[] bytes, final int offset,
        final int length)
    {
        if (late.tryTell(block, logIndex, 1 << laneIndex, bytes, offset, length))
        {
            gaps.onVisitCut(block);
        }
    }
}
