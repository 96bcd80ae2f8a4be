package io.ringcast.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks that the chain has left before all their logs were published: what is to be told of them, and then as
 * removed, has its place before what the chain went on with.
 * Confined to the thread that runs match; the time is passed in.
 *
 * <p>A lane that is a few milliseconds behind may be about to tell logs of a block that was visited for less than the
 * deadline. It is waited for until its place among the published heads is behind the visit, also if the chain has come
 * back to the block since, or until the deadline is over. What stood longer is told as it is known.
 *
 * <p>The script is what is left to be told, in the order of the chain's moves. Each step has its turn when the blocks
 * below the fork are done.
 */
final class LogVisits
{
    /** So many steps may wait; who goes to and fro faster is told in part, which is declared. */
    static final int LIMIT_STEPS = 512;

    /** A block whose logs are to be told, or to be told as removed. */
    static final class Step
    {
        final LogBlock block;
        final boolean isRemoval;
        /** {@link LogBlock#NEVER} if nobody is owed more of it than is known. */
        private final long leftAtNs;
        /** The place of the head that the chain went on with: who has come there tells no more of the block. */
        private final long leftAt;
        /** It has its turn when the block with this number would have. */
        private long turn;
        /** Wait for the place behind it; null if nobody does. */
        private List<LogMark> marks;

        private Step(
            final LogBlock block, final boolean isRemoval, final long turn, final long leftAt, final long leftAtNs)
        {
            this.block = block;
            this.isRemoval = isRemoval;
            this.turn = turn;
            this.leftAt = leftAt;
            this.leftAtNs = leftAtNs;
        }

        /** All of it is told but for so many logs. */
        void onDone(final int logsAhead)
        {
            for (int i = 0; marks != null && i < marks.size(); i++)
            {
                marks.get(i).onKnown(logsAhead);
            }
        }
    }

    private final LogLane[] lanes;
    private final LogBlocks blocks;
    private final RepairDeadline deadline;
    private final List<Step> script = new ArrayList<>();
    /** Those that the move which is under way has left, lowest first. */
    private final ArrayDeque<LogBlock> left = new ArrayDeque<>();

    LogVisits(final LogLane[] lanes, final LogBlocks blocks, final RepairDeadline deadline)
    {
        this.lanes = lanes;
        this.blocks = blocks;
        this.deadline = deadline;
    }

    boolean isEmpty()
    {
        return script.isEmpty();
    }

    /** Whether the chain has left blocks with the move that is under way. */
    boolean isMoving()
    {
        return !left.isEmpty();
    }

    /** The chain leaves a block, the highest first. */
    void add(final LogBlock block)
    {
        left.addFirst(block);
    }

    /** Whether what the move that is under way has left can wait, too. */
    boolean hasRoom()
    {
        return script.size() + 2 * left.size() <= LIMIT_STEPS;
    }

    /**
     * All blocks of a move have been left.
     *
     * @param newNumber the number of the block that the chain goes on with.
     * @param current   the block that logs are published of: those before it are done.
     * @return those that have nothing more to be told but removals, highest first; empty if they have to wait.
     */
    List<LogBlock> endMove(final long newNumber, final long current, final long atNs)
    {
        final List<LogBlock> done = new ArrayList<>();
        if (script.isEmpty() && left.stream().noneMatch(block -> block.number >= current && isUntold(block, atNs)))
        {
            left.descendingIterator().forEachRemaining(done::add);
            left.clear();
            return done;
        }
        for (final LogBlock block : left)
        {
            if (block.number >= current)
            {
                script.add(turnOf(block.number), step(block, false, newNumber, atNs));
            }
        }
        for (final Step step : script)
        {
            step.turn = Math.min(step.turn, newNumber);
        }
        left.descendingIterator().forEachRemaining(block -> script.add(step(block, true, newNumber, atNs)));
        left.clear();
        return done;
    }

    /** Tells a mark when all that is there by now is told. */
    void mark(final LogMark mark)
    {
        final Step last = script.get(script.size() - 1);
        last.marks = last.marks == null ? new ArrayList<>(1) : last.marks;
        last.marks.add(mark);
    }

    /** Before the steps that wait for blocks as high, or higher. */
    private int turnOf(final long number)
    {
        int place = 0;
        while (place < script.size() && script.get(place).turn <= number)
        {
            place++;
        }
        return place;
    }

    private Step step(final LogBlock block, final boolean isRemoval, final long turn, final long atNs)
    {
        block.visits++;
        return new Step(
            block, isRemoval, turn, blocks.places().end(),
            block.onChainAtNs == LogBlock.NEVER ? LogBlock.NEVER : atNs);
    }

    private boolean isUntold(final LogBlock block, final long atNs)
    {
        return block.unpublished() > 0 || !isWhole(block, blocks.places().end(), block.onChainAtNs, atNs);
    }

    /** The first step, whether it has its turn or not; null if there is none. */
    Step first()
    {
        return script.isEmpty() ? null : script.get(0);
    }

    /** The next step if it has its turn; null if there is none, or if it waits for a lane. */
    Step peek(final long current, final long atNs)
    {
        final Step step = first();
        return step == null || step.turn > current || !step.isRemoval && !isWhole(step, atNs) ? null : step;
    }

    /** Whether a step has its turn, be it that it waits for a lane. */
    boolean isDue(final long current)
    {
        return !script.isEmpty() && script.get(0).turn <= current;
    }

    /** Forgets all if there is nothing to be told, and nobody is waited for. */
    void dropEmpty(final long atNs)
    {
        if (pending() > 0)
        {
            return;
        }
        for (final Step step : script)
        {
            if (!step.isRemoval && !isWhole(step, atNs))
            {
                return;
            }
        }
        while (!script.isEmpty())
        {
            final Step step = script.get(0);
            poll();
            step.onDone(0);
        }
    }

    /** The first step is done: what comes of its block from now on has come too late for it. */
    void poll()
    {
        final Step step = script.remove(0);
        step.block.visits--;
        step.block.isVisitOver |= step.leftAtNs != LogBlock.NEVER;
    }

    /** How many logs are yet to be published, be it as removed, as far as is known. */
    int pending()
    {
        int count = 0;
        // By index: it is asked for with each log.
        for (int i = 0; i < script.size(); i++)
        {
            final Step step = script.get(i);
            count += step.isRemoval ? step.block.count : step.block.unpublished();
        }
        return count;
    }

    private boolean isWhole(final Step step, final long atNs)
    {
        return isWhole(step.block, step.leftAt, step.leftAtNs, atNs);
    }

    /** Whether nothing more of a block is waited for. */
    private boolean isWhole(final LogBlock block, final long leftAt, final long sinceNs, final long atNs)
    {
        if (block.isComplete || block.hasBloom && block.isBloomZero || atNs - sinceNs >= deadline.ns())
        {
            return true;
        }
        for (final LogLane lane : lanes)
        {
            if (lane.mayTellOfLeft(block, leftAt, blocks))
            {
                return false;
            }
        }
        return true;
    }
}
