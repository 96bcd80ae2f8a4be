package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What one reader has asked for, in the order in which its subscriber is to get it.
 * Confined to the pipeline thread that runs match.
 */
final class HistoryQueue
{
    private static final int READ_AHEAD_BYTES = 256 * 1024;

    private final PatientSubscriber subscriber;
    private final HistoryKind kind;
    private final HistoryBudget budget;
    private final CounterSet counters;
    private final ArrayDeque<HistoryRun> runs = new ArrayDeque<>();
    private int unanswered;
    private long aheadBytes;

    HistoryQueue(
        final PatientSubscriber subscriber, final HistoryKind kind, final HistoryBudget budget,
        final CounterSet counters)
    {
        this.subscriber = subscriber;
        this.kind = kind;
        this.budget = budget;
        this.counters = counters;
    }

    boolean isEmpty()
    {
        return runs.isEmpty();
    }

    boolean isAllAnswered()
    {
        return unanswered == 0;
    }

    /** Whether no more is to be asked for now. */
    boolean isFull()
    {
        return unanswered >= kind.limitCalls() || aheadBytes >= READ_AHEAD_BYTES;
    }

    /** Adds what is asked for. */
    void add(final HistoryPage page, final TailBlock block)
    {
        runs.add(new HistoryRun(page, block, false, 0));
        unanswered++;
    }

    /** Adds the removal of what was sent of a block. */
    void addRemoval(final TailBlock block)
    {
        block.isLeft = true;
        noteIfLost(block);
        runs.add(new HistoryRun(block.page, block, true, 0));
    }

    /** Counts a removal that can't be told: there was no room to keep its logs. */
    void noteIfLost(final TailBlock block)
    {
        if (block.page.bytes == null && block.page.count > 0)
        {
            counters.increment(RelayCounter.LOGS_REMOVED_LOST);
        }
    }

    void onAnswered(final HistoryPage page, final long nowNs)
    {
        page.isAnswered = true;
        page.answeredAtNs = nowNs;
        unanswered--;
        aheadBytes += page.heldBytes();
    }

    /** Sends what has come, as far as there is room; the order is null if the subscriber does not want whole blocks. */
    void send(final HistoryTail tail, final OrderedPast order, final ReplayAnswer answer)
    {
        while (!runs.isEmpty() && runs.peekFirst().isReady())
        {
            final HistoryRun run = runs.peekFirst();
            if (!run.trySend(subscriber, kind, order, answer))
            {
                return;
            }
            runs.pollFirst();
            if (run.isRemoval)
            {
                release(run.block);
            }
            else
            {
                aheadBytes -= run.page.heldBytes();
                keepForRemoval(run, tail);
            }
        }
    }

    /** Drops a page and all behind it. */
    void dropFrom(final HistoryPage page)
    {
        HistoryRun dropped;
        do
        {
            dropped = runs.pollLast();
            drop(dropped);
        }
        while (dropped.page != page);
    }

    /** Drops the blocks near the chain's end that nothing was sent of yet. */
    void dropUnsentBlocks()
    {
        for (final Iterator<HistoryRun> iterator = runs.iterator(); iterator.hasNext(); )
        {
            final HistoryRun run = iterator.next();
            if (run.block != null && !run.block.isSent)
            {
                iterator.remove();
                drop(run);
            }
        }
    }

    /** Gives back what a block has taken, and its bytes with it: whoever still knows the block holds none of them. */
    void release(final TailBlock block)
    {
        if (block.page != null && block.page.isBudgeted)
        {
            budget.give(block.page.heldBytes());
            block.page.isBudgeted = false;
            block.page.bytes = null;
        }
    }

    void close()
    {
        for (final HistoryRun run : runs)
        {
            run.page.isCancelled = true;
            if (run.block != null)
            {
                release(run.block);
            }
        }
        runs.clear();
    }

    private void keepForRemoval(final HistoryRun run, final HistoryTail tail)
    {
        final int bytes = run.page.heldBytes();
        if (run.block != null && bytes > 0 && !run.block.isLeft)
        {
            run.page.isBudgeted = kind.tellsRemovals() && tail.holds(run.block) && budget.tryTake(bytes);
            run.page.bytes = run.page.isBudgeted ? run.page.bytes : null;
        }
    }

    private void drop(final HistoryRun run)
    {
        run.page.isCancelled = true;
        unanswered -= run.page.isAnswered ? 0 : 1;
        aheadBytes -= run.page.heldBytes();
    }
}
