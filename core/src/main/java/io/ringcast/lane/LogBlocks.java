package io.ringcast.lane;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The blocks whose logs one feed keeps: those that wait for their head, and those of the last blocks of the chain, so
 * that they can be told as removed.
 * Confined to the thread that runs match. Bounded in count and bytes, the oldest go first. Should the chain come to a
 * block whose logs had to go before, they are fetched; if they had to go from the chain, or it was not known whether
 * they belong there, a gap is declared. So blocks that are not on the chain, which anybody may make up, take no room of
 * those that are beyond a part of it.
 */
final class LogBlocks
{
    /** How many blocks of the chain are kept. */
    static final int CHAIN_BLOCKS = 256;

    private static final int RING = 1_024;
    private static final Comparator<LogBlock> HIGHEST_FIRST =
        Comparator.comparingLong((LogBlock block) -> block.number).reversed();
    private static final int LIMIT_BLOCKS = 512;
    private static final int DROPPED_REMEMBERED = 1_024;
    /** Blocks that are not on the chain may have this part of the bytes, though those of the chain need them. */
    private static final int OFF_CHAIN_PART = 4;

    private final BlocksByHash<LogBlock> byHash = new BlocksByHash<>();
    private final ArrayDeque<LogBlock> byAge = new ArrayDeque<>();
    private final List<LogBlock> spare = new ArrayList<>();
    private final LogPlaces places = new LogPlaces();
    private final LogBlock[] chain = new LogBlock[RING];
    private final long limitBytes;
    private final int ringSlots;
    private final LongSupplier slot;
    private final CounterSet counters;
    private final LogGaps gaps;
    /** The blocks that were off the chain when their logs had to go; null until there is one. */
    private SeenItems dropped;
    /** What the arrays of all blocks take, the spare ones included. */
    private long heldBytes;
    private long spareBytes;
    private long tipNumber = -1;
    /** The highest block of the chain that was told in part or in whole, and is no longer kept. */
    private long lostNumber = -1;
    /** How many logs of the chain's blocks are not published yet. */
    int heldOnChain;
    private int asked;

    LogBlocks(final LaneRules rules, final LongSupplier slot, final CounterSet counters, final LogGaps gaps)
    {
        this.gaps = gaps;
        limitBytes = rules.reorgBytes();
        ringSlots = rules.ringSlots();
        this.slot = slot;
        this.counters = counters;
    }

    long tipNumber()
    {
        return tipNumber;
    }

    /** All that the chain has come to, in its order. */
    LogPlaces places()
    {
        return places;
    }

    /** The block of the chain with that number; null if it is not kept or was never told. */
    LogBlock onChain(final long number)
    {
        final LogBlock block = number < 0 || number > tipNumber || number <= tipNumber - RING ?
            null : chain[(int)(number & RING - 1)];
        return block != null && block.number == number ? block : null;
    }

    /** The first number from one on that a block of the chain may be kept of: heads may have gone far on at once. */
    long firstKept(final long number)
    {
        return Math.max(number, tipNumber - RING + 1);
    }

    boolean isOnChain(final long number, final long[] hash)
    {
        final LogBlock block = onChain(number);
        return block != null && block.isHash(hash);
    }

    /**
     * Finds or adds a block. It is known by hash and number, since a node may say a hash with a number that is not its
     * block's, before others tell of the block.
     */
    LogBlock get(final long[] hash, final long number)
    {
        final LogBlock known = find(hash, number);
        if (known != null)
        {
            return known;
        }
        final LogBlock block = spare.isEmpty() ? new LogBlock() : spare.remove(spare.size() - 1);
        spareBytes -= block.bytes.length;
        block.reset(hash, number);
        block.isCrowded = dropped != null && dropped.placeOf(hash[0], hash[1]) >= 0;
        block.isPlaceLost = block.isCrowded;
        byHash.add(block);
        byAge.add(block);
        evict(block);
        return block;
    }

    /** Finds a block; null if it is not kept. */
    LogBlock find(final long[] hash, final long number)
    {
        LogBlock block = byHash.find(hash);
        while (block != null && block.number != number)
        {
            block = byHash.findNext(block);
        }
        return block;
    }

    void append(final LogBlock block)
    {
        places.append(block.hash);
        for (long number = Math.max(tipNumber + 1, block.number - RING); number < block.number; number++)
        {
            chain[(int)(number & RING - 1)] = null;
        }
        tipNumber = block.number;
        heldOnChain += block.unpublished();
        chain[(int)(block.number & RING - 1)] = block;
        block.isOnChain = true;
        evict(block);
    }

    /** Whether the newest block is kept, or had nothing that is to be told as removed. */
    boolean isTipKept()
    {
        return onChain(tipNumber) != null || tipNumber > lostNumber;
    }

    /** Takes the newest block off the chain, so that one with the given number can follow; null if it is not kept. */
    LogBlock takeTip(final long newNumber)
    {
        final LogBlock tip = onChain(tipNumber);
        if (tip != null)
        {
            chain[(int)(tipNumber & RING - 1)] = null;
            tip.isOnChain = false;
            setPlace(tip, EarlyLogs.Place.SETTLED);
            heldOnChain -= tip.unpublished();
        }
        // Nothing is kept so far back that more than a ring would have to be looked through.
        tipNumber = tip == null && tipNumber - newNumber > RING ? newNumber : tipNumber - 1;
        lostNumber = Math.min(lostNumber, tipNumber);
        return tip;
    }

    /** Notes what is known of the place of a block that logs came of before any head was known. */
    void setPlace(final LogBlock block, final EarlyLogs.Place place)
    {
        asked -= block.early == EarlyLogs.Place.ASKED ? 1 : 0;
        block.early = place;
        asked += place == EarlyLogs.Place.ASKED ? 1 : 0;
    }

    /** Of how many blocks the place is asked for. */
    int asked()
    {
        return asked;
    }

    /** Finds the blocks that logs came of before any head was known, and whose place is not settled; highest first. */
    void findEarly(final List<LogBlock> found)
    {
        found.clear();
        for (final LogBlock block : byAge)
        {
            if (block.early != EarlyLogs.Place.SETTLED)
            {
                found.add(block);
            }
        }
        found.sort(HIGHEST_FIRST);
    }

    /** Puts a block below the newest one on the chain; false if another is there, or none so low is kept. */
    boolean tryPlace(final LogBlock block)
    {
        if (block.number >= tipNumber || block.number <= tipNumber - CHAIN_BLOCKS || onChain(block.number) != null)
        {
            return false;
        }
        heldOnChain += block.unpublished();
        chain[(int)(block.number & RING - 1)] = block;
        block.isOnChain = true;
        return true;
    }

    /** Takes a block off the chain that was put there, since it is no longer known whether it belongs there. */
    void unplace(final LogBlock block)
    {
        heldOnChain -= block.unpublished();
        if (onChain(block.number) == block)
        {
            chain[(int)(block.number & RING - 1)] = null;
        }
        block.isOnChain = false;
        block.isComplete &= !block.isExempt;
        block.isExempt = false;
    }

    /** Keeps a copy of a log at its place in its block. */
    void insert(
        final LogBlock block, final int place, final int logIndex, final byte[] bytes, final int offset,
        final int length)
    {
        final int bytesBefore = block.bytes.length;
        block.insert(place, logIndex, bytes, offset, length);
        heldBytes += block.bytes.length - bytesBefore;
        if (heldBytes > limitBytes)
        {
            evict(block);
        }
    }

    /** Whether there is no room for more logs of a block, though others that count for less have gone. */
    boolean isFullFor(final LogBlock block)
    {
        if (heldBytes > limitBytes)
        {
            evict(block);
        }
        return heldBytes > limitBytes;
    }

    /**
     * Lets the oldest go, as far as there are too many, or they are too large or too old.
     *
     * @param used stays; so does what is being published, fetched or removed.
     */
    private void evict(final LogBlock used)
    {
        dropSpare();
        final boolean isChainSpared = heldBytes > limitBytes && evictOffChain(used) && !isPlaced(used);
        for (int left = byAge.size(); left > 0 && isToGo(byAge.peek()); left--)
        {
            final LogBlock oldest = byAge.poll();
            if (oldest == used || isInUse(oldest) || isChainSpared && isPlaced(oldest) && !isOutdated(oldest))
            {
                byAge.add(oldest);
            }
            else
            {
                release(oldest);
            }
        }
    }

    /**
     * Lets the oldest go that are not on the chain, as far as they take more than their part.
     *
     * @return true if they still do.
     */
    private boolean evictOffChain(final LogBlock used)
    {
        long leftBytes = 0;
        for (final LogBlock block : byAge)
        {
            leftBytes += isPlaced(block) ? 0 : block.bytes.length;
        }
        final Iterator<LogBlock> oldestFirst = byAge.iterator();
        while (oldestFirst.hasNext() && leftBytes > limitBytes / OFF_CHAIN_PART && heldBytes > limitBytes)
        {
            final LogBlock block = oldestFirst.next();
            if (block != used && !isPlaced(block) && !isInUse(block))
            {
                leftBytes -= block.bytes.length;
                oldestFirst.remove();
                release(block);
            }
        }
        return leftBytes > limitBytes / OFF_CHAIN_PART;
    }

    /** Whether what is kept of it can't be had again: it is on the chain, or was told of before there were heads. */
    private static boolean isPlaced(final LogBlock block)
    {
        return block.isOnChain || block.early != EarlyLogs.Place.SETTLED;
    }

    private boolean isInUse(final LogBlock block)
    {
        return block.removing > 0 || block.visits > 0 || block.isFetching || block == onChain(tipNumber);
    }

    private void dropSpare()
    {
        if (heldBytes > limitBytes && spareBytes > 0)
        {
            spare.forEach(LogBlock::dropBytes);
            heldBytes -= spareBytes;
            spareBytes = 0;
        }
    }

    private boolean isToGo(final LogBlock oldest)
    {
        dropSpare();
        return byAge.size() > LIMIT_BLOCKS || heldBytes > limitBytes || isOutdated(oldest);
    }

    private boolean isOutdated(final LogBlock block)
    {
        return block.number <= tipNumber - CHAIN_BLOCKS;
    }

    private void release(final LogBlock block)
    {
        final boolean isMissing = block.unpublished() > 0 || block.isCrowded;
        byHash.remove(block);
        if (block.isOnChain)
        {
            if (onChain(block.number) == block)
            {
                chain[(int)(block.number & RING - 1)] = null;
            }
            heldOnChain -= block.unpublished();
            lostNumber = block.published > 0 ? Math.max(lostNumber, block.number) : lostNumber;
        }
        else if (isMissing)
        {
            dropped = dropped == null ? new SeenItems(DROPPED_REMEMBERED) : dropped;
            dropped.add(block.hash[0], block.hash[1]);
        }
        counters.add(RelayCounter.LOGS_DROPPED, block.unpublished());
        if (isMissing)
        {
            gaps.onEvicted(block);
        }
        setPlace(block, EarlyLogs.Place.SETTLED);
        final boolean isRead = slot.getAsLong() - block.handedOnAtSlot <= ringSlots;
        if (isRead || heldBytes > limitBytes || byAge.size() + spare.size() > LIMIT_BLOCKS)
        {
            heldBytes -= block.bytes.length;
            block.dropBytes();
        }
        spareBytes += block.bytes.length;
        spare.add(block);
    }
}
