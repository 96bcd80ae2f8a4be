package io.ringcast.lane;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The law of removals, for whatever was told, whenever the feed began: a log that was told is told as removed if and
 * only if the chain leaves its block, before those of the blocks that it stands on, and before anything of another
 * branch. While no head is known there is no order, and a lane's own word removes a log.
 * Confined to the test's thread.
 */
final class ToldLogs
{
    private record Told(SimBlock block, int index, int afterHeads)
    {
        boolean mayStandOn(final Told other, final SimBlock tip)
        {
            // Those that were passed on before any head are of the same branch, and maybe higher; of those above the
            // newest head nobody has said where they belong.
            return other.afterHeads == 0 ? other.block.number > tip.number || other.block.isAncestorOf(block) ||
                block.isAncestorOf(other.block) :
                other.block == block ? other.index < index : other.block.isAncestorOf(block);
        }

        @Override
        public String toString()
        {
            return block + ":" + index;
        }
    }

    private final List<SimBlock> heads;
    private final Deque<Told> told = new ArrayDeque<>();
    /** What a lane has said is removed. */
    private final Set<SimBlock> leftByLane = new HashSet<>();
    private final Set<Long> earlyNumbers = new HashSet<>();
    private String complaint;

    /**
     * Creates it with nothing told.
     *
     * @param heads those that were published, as they come.
     */
    ToldLogs(final List<SimBlock> heads)
    {
        this.heads = heads;
    }

    void onLaneLeft(final SimBlock block)
    {
        leftByLane.add(block);
    }

    void onLog(final SimBlock block, final int index, final boolean isRemoved)
    {
        if (isRemoved)
        {
            onRemoved(block, index);
            return;
        }
        final Told log = new Told(block, index, heads.size());
        for (final Told other : told)
        {
            final boolean isWrong = !heads.isEmpty() && !log.mayStandOn(other, heads.get(heads.size() - 1));
            if (isWrong || other.block == block && other.index == index)
            {
                complain(log + " was told on top of " + other);
            }
        }
        told.push(log);
        if (heads.isEmpty())
        {
            earlyNumbers.add(block.number);
        }
    }

    private void onRemoved(final SimBlock block, final int index)
    {
        final Told log = told.stream().filter(other -> other.block == block && other.index == index).findFirst()
            .orElse(null);
        if (log == null)
        {
            complain(block + ":" + index + " was removed, and not told");
            return;
        }
        told.remove(log);
        for (final Told other : told)
        {
            final boolean isAbove = other.block == block ? other.index > index : block.isAncestorOf(other.block);
            if (!heads.isEmpty() && other.afterHeads > 0 && isAbove)
            {
                complain(log + " was removed from under " + other);
            }
        }
        if (!isLeft(log))
        {
            complain(log + " was removed, and the chain has not left it");
        }
    }

    private boolean isLeft(final Told log)
    {
        if (log.afterHeads == 0 && leftByLane.contains(log.block))
        {
            return true;
        }
        // Where the chain has left its block before all its logs came, they are told in the place that they had.
        final int visited = heads.indexOf(log.block);
        for (int i = Math.max(0, visited < 0 ? log.afterHeads - 1 : visited); i < heads.size(); i++)
        {
            final SimBlock head = heads.get(i);
            // The first head may be behind a lane that told logs before.
            if (!log.block.isAncestorOf(head) && (i > 0 || head.number >= log.block.number))
            {
                return true;
            }
        }
        return false;
    }

    /** Nothing more comes. */
    void end()
    {
        for (final Told log : told)
        {
            if (!log.block.isAncestorOf(heads.get(heads.size() - 1)))
            {
                complain(log + " was never removed");
            }
        }
    }

    /** Whether logs of a block of that number were told before any head was known. */
    boolean wasToldEarly(final long number)
    {
        return earlyNumbers.contains(number);
    }

    /** What was wrong first, or null. */
    String complaint()
    {
        return complaint;
    }

    private void complain(final String what)
    {
        complaint = complaint == null ? what : complaint;
    }
}
