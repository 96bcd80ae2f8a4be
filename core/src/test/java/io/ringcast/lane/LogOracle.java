package io.ringcast.lane;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds the published logs to the published heads: each block's logs in order and all of them; if the chain leaves a
 * block, what was told of it is told as removed, backwards. Of a block that the chain leaves again less may be told
 * where a gap is declared, or where no lane, or too few, have told the rest.
 * Confined to the test's thread.
 */
final class LogOracle
{
    /** By then each lane has pushed a head, from which on it is known to tell all logs. */
    private static final int HEADS_UNTIL_COVERED = 12;

    /** What was told of a block, and of those before it. */
    private record Told(Told before, SimBlock block, List<String> names, boolean isWhole)
    {
    }

    private final LaneSimulation simulation;
    private final List<SimBlock> heads;
    private final List<String> logs;
    /** Of those before this one a lane tells all logs, and its place is known. */
    private final int carriedHeads;
    private String complaint = "nothing was tried";
    private int farthest = -1;

    LogOracle(final LaneSimulation simulation)
    {
        this.simulation = simulation;
        heads = simulation.output;
        logs = simulation.logs;
        carriedHeads = simulation.isAllCarried() ? allTold() : 0;
        if (isExplained(1, null, 0))
        {
            complaint = null;
        }
    }

    /** What is wrong at the farthest place that could be explained, or null. */
    String complaint()
    {
        return complaint;
    }

    private boolean isExplained(final int head, final Told tip, final int from)
    {
        Told told = tip;
        int position = from;
        if (head == heads.size())
        {
            for (; told != null; told = told.before)
            {
                if (!told.isWhole)
                {
                    return complain(position, "not all logs of " + told.block);
                }
            }
            return position == logs.size() || complain(position, "more logs than there are");
        }
        final SimBlock block = heads.get(head);
        for (; told != null && told.block != block.parent; told = told.before)
        {
            for (int i = told.names.size() - 1; i >= 0; i--)
            {
                final String name = '-' + told.names.get(i).substring(1);
                if (!isAt(position++, name))
                {
                    return complain(position - 1, "want " + name);
                }
            }
        }
        final boolean mayBegin = told == null || told.isWhole || isLeftBehind(told.block, head);
        final boolean isFree = head <= simulation.startIndex;
        final List<String> names = mayBegin ? namesAt(position, block, isFree) : List.of();
        final int fewest = isOwed(head) ? block.logs.size() : 0;
        for (int count = names.size(); count >= fewest; count--)
        {
            final boolean isWhole =
                mayBegin && (isFree || count == block.logs.size() || !simulation.isChecked(block));
            if (isExplained(head + 1, new Told(told, block, names.subList(0, count), isWhole), position + count))
            {
                return true;
            }
        }
        return names.size() < fewest && complain(position + names.size(), "want all logs of " + block);
    }

    /** Up to which head nothing was left out: what a lane says next is the next time that the chain came there. */
    private int allTold()
    {
        final List<SimBlock> stream = simulation.truth.stream();
        final int first = stream.indexOf(heads.get(0));
        int told = 0;
        while (told < heads.size() && first + told < stream.size() && stream.get(first + told) == heads.get(told))
        {
            told++;
        }
        return told;
    }

    /**
     * Whether all logs of a head's block are to be told: since one lane carries all that there is, and its place is
     * known, or since enough have told them, be it late, and no gap was declared.
     */
    private boolean isOwed(final int head)
    {
        final SimBlock block = heads.get(head);
        final boolean isCarried = head < carriedHeads && head > simulation.startIndex + HEADS_UNTIL_COVERED;
        return head > simulation.startIndex && simulation.isChecked(block) &&
            (isCarried || simulation.isSaid(block) && !simulation.logGaps.contains(block.number));
    }

    /** Whether the chain leaves a block behind a head. */
    private boolean isLeftBehind(final SimBlock block, final int head)
    {
        return heads.subList(head, heads.size()).stream().anyMatch(later -> !block.isAncestorOf(later));
    }

    /** The logs of a block that were told from a place on: from its first one; of what the feed began with, any. */
    private List<String> namesAt(final int from, final SimBlock block, final boolean isFree)
    {
        final List<String> names = new ArrayList<>();
        for (final String log : block.logs)
        {
            final String name = simulation.name(log);
            if (isAt(from + names.size(), name))
            {
                names.add(name);
            }
            else if (!isFree)
            {
                break;
            }
        }
        return names;
    }

    private boolean isAt(final int position, final String name)
    {
        return position < logs.size() && logs.get(position).equals(name);
    }

    private boolean complain(final int position, final String what)
    {
        if (position > farthest)
        {
            farthest = position;
            complaint = what + " at " + logs.subList(Math.max(0, position - 8), Math.min(logs.size(), position)) +
                " then " + logs.subList(position, Math.min(logs.size(), position + 8));
        }
        return false;
    }
}
