package io.ringcast.lane;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The law of removals, for whatever was told, whenever the feed began: a log that was told is told as removed if and
 * only if the chain leaves its block, the newest first, and before anything of another branch.
 * Confined to the test's thread.
 */
final class ToldLogs
{
    private record Told(SimBlock block, int index, int afterHeads)
    {
        @Override
        public String toString()
        {
            return block + ":" + index;
        }
    }

    private final List<SimBlock> heads;
    private final ArrayDeque<Told> stack = new ArrayDeque<>();
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

    void onLog(final SimBlock block, final int index, final boolean isRemoved)
    {
        final Told last = stack.peek();
        if (!isRemoved)
        {
            if (last != null && (last.block == block ? last.index >= index : !last.block.isAncestorOf(block)))
            {
                complain(block + ":" + index + " was told on top of " + last);
            }
            stack.push(new Told(block, index, heads.size()));
        }
        else if (last == null || last.block != block || last.index != index)
        {
            complain(block + ":" + index + " was removed from under " + last);
        }
        else
        {
            stack.pop();
            if (!isLeft(last))
            {
                complain(last + " was removed, and the chain has not left it");
            }
        }
    }

    private boolean isLeft(final Told told)
    {
        for (int i = Math.max(0, told.afterHeads - 1); i < heads.size(); i++)
        {
            if (!told.block.isAncestorOf(heads.get(i)))
            {
                return true;
            }
        }
        return false;
    }

    /** Nothing more comes. */
    void end()
    {
        for (final Told told : stack)
        {
            if (!told.block.isAncestorOf(heads.get(heads.size() - 1)))
            {
                complain(told + " was never removed");
            }
        }
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
