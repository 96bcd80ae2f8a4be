package io.ringcast.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The chain as it really went: the tips that a node which loses nothing pushes, in order.
 * Immutable.
 *
 * <p>It grows by single blocks and by imports of several, of which only the last is pushed; it leaves one to three
 * blocks for another branch, and returns to branches that it has left.
 */
final class SimTruth
{
    static final long FIRST_NUMBER = 100;
    private static final int SAFE_BLOCKS = 6;

    final List<SimBlock> tips = new ArrayList<>();
    /** Every block by hash. */
    final Map<String, SimBlock> blocks = new HashMap<>();
    private final Random random;
    private final int mostLogs;
    private final boolean isFiltered;

    /** Every log by its text, with its block. */
    final Map<String, SimBlock> blockByLog = new HashMap<>();

    SimTruth(final Random random, final int steps, final int mostLogs, final boolean isFiltered)
    {
        this.isFiltered = isFiltered;
        this.random = random;
        this.mostLogs = mostLogs;
        SimBlock tip = null;
        for (int i = 0; i < SAFE_BLOCKS; i++)
        {
            tip = add(tip);
            tips.add(tip);
        }
        final List<SimBlock> left = new ArrayList<>();
        while (tips.size() < SAFE_BLOCKS + steps)
        {
            tip = step(tip, left);
            tips.add(tip);
        }
        for (int i = 0; i < 4; i++)
        {
            tip = add(tip);
            tips.add(tip);
        }
    }

    private SimBlock step(final SimBlock tip, final List<SimBlock> left)
    {
        final int choice = random.nextInt(10);
        if (choice < 2)
        {
            final int depth = 1 + random.nextInt(3);
            SimBlock fork = tip;
            for (int i = 0; i < depth && fork.number > FIRST_NUMBER + 1; i++)
            {
                fork = fork.parent;
            }
            left.add(tip);
            return extend(fork, (int)(tip.number - fork.number) + random.nextInt(2));
        }
        if (choice == 2 && !left.isEmpty())
        {
            final SimBlock old = left.get(left.size() - 1);
            if (tip.number - old.number < 4 && !old.isAncestorOf(tip))
            {
                left.set(left.size() - 1, tip);
                return old.number >= tip.number && random.nextBoolean() ?
                    old : extend(old, (int)Math.max(1, tip.number - old.number));
            }
        }
        return extend(tip, random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1);
    }

    private SimBlock extend(final SimBlock from, final int count)
    {
        SimBlock block = from;
        for (int i = 0; i < Math.max(1, count); i++)
        {
            block = add(block);
        }
        return block;
    }

    private SimBlock add(final SimBlock parent)
    {
        final int logs = mostLogs == 0 || random.nextInt(4) == 0 ? 0 : random.nextInt(mostLogs + 1);
        final SimBlock block =
            new SimBlock(parent, parent == null ? FIRST_NUMBER : parent.number + 1, blocks.size(), logs, isFiltered);
        block.logs.forEach(log -> blockByLog.put(log, block));
        blocks.put(block.hash, block);
        return block;
    }

    /** What a subscriber who lost nothing has been told. */
    List<SimBlock> stream()
    {
        final List<SimBlock> stream = new ArrayList<>();
        stream.add(tips.get(0));
        for (int i = 1; i < tips.size(); i++)
        {
            stream.addAll(tips.get(i - 1).pathTo(tips.get(i)));
        }
        return stream;
    }
}
