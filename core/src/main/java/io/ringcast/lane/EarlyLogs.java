package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the logs that come before any head is known, as on a relay that has just begun: they are held until the first
 * head says where they belong, or for the repair deadline. If there is none by then they are passed on as they come,
 * removals included, since a network that tells no heads has no order to keep.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>With the first head each block that logs came of is found on the chain or is none of it: the head names its
 * parent, and from there the way down to the lowest block is asked for by hash, one by one, while what is
 * newer waits, for the deadline since the last answer at most. What was told of a block that is not on the chain is
 * told as removed.
 */
final class EarlyLogs
{
    /** What is known of the place of a block that logs came of before the first head. */
    enum Place
    {
        /** Another block than those, or its place is known. */
        SETTLED,
        /** No head is known that is as high. */
        OPEN,
        ASKED,
        ON_CHAIN,
        /** It has taken its place. If the chain begins anew no higher than it began, that is doubtful again. */
        PLACED,
        LEFT,
        /** Nobody could say in time; an answer, an upstream's word or a head that takes its place still may. */
        UNKNOWN
    }

    private static final int VOTES_REMEMBERED = 4_096;
    private static final long NOT_WALKING = -1;

    private final RepairDeadline deadline;
    private final CounterSet counters;
    private final LogSink sink;
    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final LogOutput output;
    private final LogIntake intake;
    private final LogGaps gaps;
    private final Fetches fetches;
    /** Holds logs until enough lanes have told them; null if one lane is enough. */
    private final VotedItems votes;
    private final WaitClock clock = new WaitClock();
    private final HeadKeys keys = new HeadKeys();
    private final List<LogBlock> found = new ArrayList<>();
    /** The lowest block of the chain that is known by its hash, while those below it are asked for. */
    private final long[] walkHash = new long[HexWords.WORDS];
    private long walkNumber = NOT_WALKING;
    /** Since when logs are held, or an answer is waited for. */
    private long sinceNs;
    /** Since when answers are waited for. */
    private long walkingSinceNs;
    private boolean isHolding;
    private boolean isPassing;
    /** True if there may be blocks whose place is not settled. */
    private boolean isAny;
    private int lane;
    private boolean isSettlingDue;
    private long highestTold = -1;
    /** What publishes the heads; null if nobody does. */
    private HeadArbiter heads;
    /** The lowest head that was published. */
    private long firstNumber = Long.MAX_VALUE;

    EarlyLogs(
        final LaneRules rules, final CounterSet counters, final LogSink sink, final LogLane[] lanes,
        final LogBlocks blocks, final LogOutput output, final LogIntake intake, final LogGaps gaps,
        final RepairDeadline deadline)
    {
        this.deadline = deadline;
        this.counters = counters;
        this.sink = sink;
        this.lanes = lanes;
        this.blocks = blocks;
        this.output = output;
        this.intake = intake;
        this.gaps = gaps;
        votes = rules.quorum() > 1 ? new VotedItems(VOTES_REMEMBERED, rules.quorum(), counters) : null;
        fetches = new Fetches(lanes, rules.attemptNs(), new FetchSender(sink, counters));
    }

    void setHeads(final HeadArbiter publisher)
    {
        heads = publisher;
    }

    /** A lane says a log, or its removal, and no head is known. */
    void take(
        final LogBlock block, final LogIdentity identity, final int laneIndex, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        if (votes != null && !isConfirmed(block, identity, laneIndex))
        {
            // Once its head is known it needs no other lane: who has told it does not tell it again.
            block.isUnconfirmed |= !identity.isRemoved;
            return;
        }
        final int place = block.find(identity.logIndex);
        if (identity.isRemoved != (place >= 0 && !block.isWithdrawn(place)))
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
            return;
        }
        if (place >= block.published)
        {
            block.setWithdrawn(place, identity.isRemoved);
            return;
        }
        if (identity.isRemoved)
        {
            block.remove(place);
            block.published--;
            sink.onLog(block.number, block.hash[0], identity.logIndex, true, bytes, offset, length);
            return;
        }
        blocks.setPlace(block, Place.OPEN);
        isAny = true;
        if (blocks.isFullFor(block))
        {
            counters.increment(RelayCounter.LOGS_DROPPED);
            gaps.onNoRoom(block);
            if (isPassing)
            {
                gaps.onUnheld(block);
            }
            return;
        }
        // What stands before others of its block that were passed on can't be held.
        final boolean isAmid = -1 - place < block.published;
        blocks.insert(block, -1 - place, identity.logIndex, bytes, offset, length);
        block.confirm(-1 - place);
        if (isPassing && (isAmid || !isHolding && !isFirstFetched()))
        {
            block.published++;
            highestTold = Math.max(highestTold, block.number);
            sink.onLog(block.number, block.hash[0], identity.logIndex, false, bytes, offset, length);
        }
        else if (!isHolding)
        {
            isHolding = true;
            sinceNs = clock.at(nowNs);
        }
    }

    private boolean isFirstFetched()
    {
        return heads != null && heads.isFirstFetched();
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

    /**
     * Still no head is known: what has been held for so long is passed on, the lowest block first. If one has come that
     * only what is missing before it is fetched for, its own deadline counts.
     */
    void onTime(final long nowNs)
    {
        final long atNs = clock.at(nowNs);
        if (isHolding && isFirstFetched())
        {
            sinceNs = atNs;
        }
        if (!isHolding || atNs - sinceNs < deadline.ns())
        {
            return;
        }
        isPassing = true;
        isHolding = false;
        blocks.findEarly(found);
        for (int i = found.size() - 1; i >= 0; i--)
        {
            if (found.get(i).isCrowded)
            {
                gaps.onUnheld(found.get(i));
            }
            found.get(i).dropWithdrawn();
            output.passOn(found.get(i));
        }
        // What is higher and was passed on before may have had to go since.
        highestTold = found.isEmpty() ? highestTold : Math.max(highestTold, found.get(0).number);
    }

    /**
     * A head is published, and all behind it are left.
     *
     * @param block         the head's.
     * @param preferredLane who is asked first.
     */
    void onHead(final Head head, final LogBlock block, final int preferredLane, final long nowNs)
    {
        if (!isAny)
        {
            return;
        }
        isHolding = false;
        isSettlingDue = true;
        final boolean isNewRoot = head.number <= firstNumber;
        firstNumber = Math.min(firstNumber, head.number);
        blocks.findEarly(found);
        isAny = !found.isEmpty();
        if (!isAny)
        {
            fetches.forgetBlocks();
        }
        boolean isWayWanted = false;
        for (final LogBlock early : found)
        {
            if (isNewRoot && early.early == Place.PLACED)
            {
                blocks.unplace(early);
            }
            if (early == block)
            {
                blocks.setPlace(early, Place.SETTLED);
            }
            else if (early.number == head.number)
            {
                blocks.setPlace(early, Place.LEFT);
            }
            else if (early.number > head.number || isNewRoot)
            {
                blocks.setPlace(early, Place.OPEN);
            }
            isWayWanted |= early.early == Place.OPEN && early.number < head.number;
        }
        if (isNewRoot || isWayWanted)
        {
            beginWalk(head, preferredLane, nowNs);
        }
    }

    /** Asks for what is open. What was given up is too late also for a later walk, as what is newer has gone out. */
    private void beginWalk(final Head head, final int preferredLane, final long nowNs)
    {
        fetches.forgetBlocks();
        for (final LogBlock early : found)
        {
            if (early.number < head.number && early.early == Place.OPEN)
            {
                blocks.setPlace(early, Place.ASKED);
            }
        }
        sinceNs = clock.at(nowNs);
        walkingSinceNs = sinceNs;
        lane = preferredLane;
        walkTo(head.parentHash, head.number - 1, nowNs);
    }

    /** A block of the chain is known: so are the places of those of its number. Goes on if there are any lower. */
    private void walkTo(final long[] hash, final long number, final long nowNs)
    {
        boolean isFurther = false;
        blocks.findEarly(found);
        for (final LogBlock early : found)
        {
            if (early.early != Place.ASKED && early.early != Place.UNKNOWN)
            {
                continue;
            }
            isFurther |= early.number < number && early.number > blocks.tipNumber() - LogBlocks.CHAIN_BLOCKS;
            if (early.number == number)
            {
                final boolean isLate = early.early == Place.UNKNOWN;
                blocks.setPlace(early, early.isHash(hash) ? Place.ON_CHAIN : Place.LEFT);
                if (isLate && early.early == Place.ON_CHAIN)
                {
                    // What is newer has gone out.
                    intake.passOver(early);
                }
                isSettlingDue = true;
            }
        }
        walkNumber = isFurther ? number : NOT_WALKING;
        if (isFurther)
        {
            System.arraycopy(hash, 0, walkHash, 0, HexWords.WORDS);
            fetches.start(Fetch.byHash("\"method\":\"eth_getBlockByHash\",\"params\":[\"" +
                HexWords.toText(hash, 0) + "\",false]", hash, number), lane, nowNs);
        }
    }

    /** Takes the answer that leads to the next lower block; false if it is to another question. */
    boolean tryTake(
        final int laneIndex, final long callId, final boolean isError, final byte[] bytes, final int offset,
        final int length, final long nowNs)
    {
        final Fetch fetch = fetches.isEmpty() ? null : fetches.take(callId, laneIndex, nowNs);
        if (fetch == null)
        {
            return false;
        }
        if (isError || !keys.tryRead(bytes, offset, length) || !HexWords.equal(keys.hash, 0, walkHash, 0))
        {
            counters.increment(RelayCounter.REPAIR_FETCHES_FAILED);
            fetches.tryNext(fetch, nowNs);
        }
        else
        {
            lane = laneIndex;
            sinceNs = clock.at(nowNs);
            walkTo(keys.parentHash, walkNumber - 1, nowNs);
        }
        return true;
    }

    /**
     * An upstream says that a log is removed, and heads are known.
     *
     * @param block the log's; null if it is not kept.
     * @return true if that settles the place of the block.
     */
    boolean tryRemove(final LogBlock block, final LogIdentity identity, final int laneIndex)
    {
        if (block == null || block.early == Place.SETTLED || block.early == Place.PLACED ||
            block.find(identity.logIndex) < 0 ||
            votes != null && !isConfirmed(block, identity, laneIndex))
        {
            return false;
        }
        blocks.setPlace(block, Place.LEFT);
        isSettlingDue = true;
        return true;
    }

    void onLaneLive(final long nowNs)
    {
        fetches.onLaneLive(nowNs);
    }

    void onLaneDown(final int laneIndex)
    {
        fetches.onLaneDown(laneIndex);
    }

    /**
     * Heads are known: the blocks whose place is known by now take it, or are left.
     *
     * @return false if others are still asked for, so that nothing newer may be told.
     */
    boolean trySettle(final long nowNs)
    {
        if (!fetches.isEmpty())
        {
            fetches.onTime(nowNs);
        }
        if (blocks.asked() > 0)
        {
            final long atNs = clock.at(nowNs);
            if (!isAnyLive())
            {
                sinceNs = atNs;
                walkingSinceNs = atNs;
            }
            if (atNs - sinceNs < deadline.ns() &&
                atNs - walkingSinceNs < deadline.longestNs())
            {
                return false;
            }
            isSettlingDue = true;
        }
        if (isSettlingDue)
        {
            isSettlingDue = false;
            settle();
        }
        return true;
    }

    /** While nobody can be asked the deadline does not run. */
    private boolean isAnyLive()
    {
        for (final LogLane candidate : lanes)
        {
            if (candidate.isLive)
            {
                return true;
            }
        }
        return false;
    }

    private void settle()
    {
        blocks.findEarly(found);
        for (final LogBlock block : found)
        {
            if (block.early == Place.ON_CHAIN && block.number < highestTold)
            {
                // What was passed on of a higher block stands before it.
                intake.passOver(block);
            }
            if (block.early == Place.ASKED || block.early == Place.UNKNOWN)
            {
                giveUp(block);
            }
            else if (block.early == Place.LEFT || block.early == Place.ON_CHAIN && !output.tryPlace(block))
            {
                blocks.setPlace(block, Place.SETTLED);
                output.leave(block);
            }
            else if (block.early == Place.ON_CHAIN)
            {
                blocks.setPlace(block, Place.PLACED);
                block.isPlaceLost = false;
            }
        }
    }

    private void giveUp(final LogBlock block)
    {
        blocks.setPlace(block, Place.UNKNOWN);
        block.dropWithdrawn();
        if (block.unpublished() > 0)
        {
            gaps.onUnplaced(block);
        }
    }

    /** A lane has said a log, and heads are known. What is held of a block that was given up is missing, too. */
    void onAdded(final LogBlock block)
    {
        isSettlingDue |= block.early == Place.UNKNOWN && block.unpublished() > 0;
    }

    /** Whether nothing is asked for, and nothing is yet to be told as removed of what was found to be left. */
    boolean isSettled()
    {
        return blocks.asked() == 0 && !isSettlingDue;
    }

    /**
     * Whether a block is behind those that were told, or held, before there were heads: then all that was told of it
     * stands in the chain's order.
     */
    boolean isBehindBeginning(final long number)
    {
        return number > highestTold && (!isAny || number > firstNumber);
    }

    /** The highest block that logs were passed on of; -1 if there is none. */
    long highestTold()
    {
        return highestTold;
    }
}
