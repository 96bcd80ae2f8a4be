package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Passes logs on while there are no heads that they could follow: then there is no order to keep, and what is new goes
 * on at once, a removal included.
 * Confined to the thread that runs match.
 */
final class UnorderedLogs
{
    private static final int VOTES_REMEMBERED = 4_096;

    private final CounterSet counters;
    private final LogSink sink;
    private final LogBlocks blocks;
    /** Holds logs until enough lanes have told them; null if one lane is enough. */
    private final VotedItems votes;
    private long highestNumber = -1;

    UnorderedLogs(final int quorum, final CounterSet counters, final LogSink sink, final LogBlocks blocks)
    {
        this.counters = counters;
        this.sink = sink;
        this.blocks = blocks;
        votes = quorum > 1 ? new VotedItems(VOTES_REMEMBERED, quorum, counters) : null;
    }

    /** A lane says a log; it goes on if it is new. */
    void pass(
        final LogBlock block, final LogIdentity identity, final int laneIndex, final byte[] bytes, final int offset,
        final int length)
    {
        if (votes != null && !isConfirmed(block, identity, laneIndex))
        {
            return;
        }
        final int place = block.find(identity.logIndex);
        if (identity.isRemoved == place < 0)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return;
        }
        if (identity.isRemoved)
        {
            block.remove(place);
        }
        else
        {
            blocks.insert(block, -1 - place, identity.logIndex, bytes, offset, length);
        }
        block.published = block.count;
        highestNumber = Math.max(highestNumber, block.number);
        sink.onLog(
            block.number, block.hash[0], identity.logIndex, identity.isRemoved, bytes, offset, length);
    }

    /** A log and its removal may follow each other again and again; each time enough lanes have to tell. */
    private boolean isConfirmed(final LogBlock block, final LogIdentity identity, final int laneIndex)
    {
        final long key = block.hash[1] ^ (long)identity.logIndex << 1;
        final long removed = identity.isRemoved ? 1 : 0;
        final boolean isConfirmed = votes.tryConfirm(block.hash[0], key ^ removed, laneIndex);
        if (isConfirmed)
        {
            votes.forgive(block.hash[0], key ^ 1 ^ removed);
        }
        return isConfirmed;
    }

    /** The highest block that logs were passed on of; -1 if there is none. */
    long highestNumber()
    {
        return highestNumber;
    }
}
