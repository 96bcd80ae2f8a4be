package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.Iterator;
import java.util.LinkedList;
import java.util.ListIterator;
import java.util.function.Consumer;

/**
 * What one reader has asked for, or is to ask for, in the order in which its subscriber is to get it.
 * Confined to the pipeline thread that runs match.
 *
 * <p>One call is under way until an answer has shown how much it brings; then as many as bring what is read ahead. What
 * has come may have to be forgotten, for the sake of other readers ({@link HistoryPages}): its place is kept, and it is
 * asked for again when the subscriber can take more.
 */
final class HistoryQueue
{
    static final int READ_AHEAD_BYTES = 256 * 1024;
    /** So many pages wait for the first one at most, however short they are. */
    static final int LIMIT_RUNS = 64;

    private final PatientSubscriber subscriber;
    private final HistoryKind kind;
    private final HistoryBudget budget;
    private final HistoryPages pages;
    private final Consumer<HistoryPage> calls;
    private final CounterSet counters;
    private final PageRange range = new PageRange();
    private final LinkedList<HistoryRun> runs = new LinkedList<>();
    private int unanswered;
    private long aheadBytes;
    /** What the next answer is expected to take. */
    private long answerBytes = READ_AHEAD_BYTES;

    HistoryQueue(
        final PatientSubscriber subscriber, final HistoryKind kind, final HistoryBudget budget,
        final HistoryPages pages, final Consumer<HistoryPage> calls, final CounterSet counters)
    {
        this.subscriber = subscriber;
        this.kind = kind;
        this.budget = budget;
        this.pages = pages;
        this.calls = calls;
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
        return unanswered >= kind.limitCalls() || runs.size() >= LIMIT_RUNS ||
            pages.isTight() && !runs.isEmpty() || aheadBytes + unanswered * answerBytes >= READ_AHEAD_BYTES;
    }

    /**
     * Asks for the items of some blocks by number.
     *
     * @param firstNumber the first block.
     * @param lastNumber  no block behind this one is asked for.
     * @return the block behind the last one that is asked for.
     */
    long addRange(final HistoryReader reader, final long firstNumber, final long lastNumber)
    {
        final long last = Math.min(lastNumber, firstNumber + Math.min(kind.limitBlocks(), range.blocks()) - 1);
        add(rangePage(reader, firstNumber, last), null);
        return last + 1;
    }

    /** Asks for the items of a block by its hash. */
    void addBlock(final HistoryReader reader, final TailBlock block)
    {
        block.page = new HistoryPage(
            HistoryPage.Kind.BLOCK, reader, null, block.number, block.number, block.hash);
        add(block.page, block);
    }

    private void add(final HistoryPage page, final TailBlock block)
    {
        runs.addLast(new HistoryRun(page, block, false, null));
        ask(page);
    }

    private static HistoryPage rangePage(final HistoryReader reader, final long firstNumber, final long lastNumber)
    {
        return new HistoryPage(HistoryPage.Kind.RANGE, reader, null, firstNumber, lastNumber, null);
    }

    private void ask(final HistoryPage page)
    {
        page.isAsked = true;
        unanswered++;
        calls.accept(page);
    }

    /** Asks for what waits for that; for the first of all in any case, since nothing goes on without it. */
    void askOn()
    {
        boolean isFirst = true;
        for (final ListIterator<HistoryRun> iterator = runs.listIterator(); iterator.hasNext(); )
        {
            final HistoryRun run = iterator.next();
            if (!run.page.isAsked)
            {
                if (!isFirst && isFull())
                {
                    return;
                }
                ask(cut(run, iterator).page);
            }
            isFirst = false;
        }
    }

    /** Makes two of a run whose page is longer than is asked for by now; returns the first of them. */
    private HistoryRun cut(final HistoryRun run, final ListIterator<HistoryRun> iterator)
    {
        final HistoryPage page = run.page;
        if (page.blocks() <= range.blocks())
        {
            return run;
        }
        final long last = page.firstNumber + range.blocks() - 1;
        final HistoryRun first = run.of(rangePage(page.reader, page.firstNumber, last));
        iterator.set(first);
        iterator.add(new HistoryRun(rangePage(page.reader, last + 1, page.lastNumber), null, false, null));
        return first;
    }

    /** Adds the removal of what was sent of a block. */
    void addRemoval(final TailBlock block)
    {
        block.isLeft = true;
        runs.addLast(new HistoryRun(block.page, block, true, null));
    }

    /** Counts a removal that can't be told: there was no room to keep its logs. */
    void noteIfLost(final TailBlock block)
    {
        if (block.page.bytes == null && block.page.count > 0)
        {
            counters.increment(RelayCounter.LOGS_REMOVED_LOST);
        }
    }

    /** A page's items have come. */
    void onAnswered(final HistoryPage page, final int lengthBytes, final boolean isWaitedFor, final long nowNs)
    {
        if (page.kind == HistoryPage.Kind.RANGE)
        {
            range.onAnswered(page.blocks(), lengthBytes);
        }
        page.isAnswered = true;
        page.answeredAtNs = nowNs;
        unanswered--;
        answerBytes = page.heldBytes();
        aheadBytes += answerBytes;
        if (isWaitedFor)
        {
            pages.onServed(this);
        }
        pages.take(this, page);
    }

    /** The subscriber can take more. */
    void onAsked()
    {
        pages.onServed(this);
    }

    /**
     * An upstream could not tell a page.
     *
     * @return true if it is not to be asked for any more: shorter ones are in its place, or it is of no use.
     */
    boolean isGivenUp(final HistoryPage page)
    {
        if (page.kind == HistoryPage.Kind.BLOCK)
        {
            return page.rounds > 0 && isLeftGivenUp(page);
        }
        if (page.kind != HistoryPage.Kind.RANGE || page.blocks() == 1)
        {
            return false;
        }
        range.onFailed(page.blocks());
        unanswered--;
        page.isAsked = false;
        for (final ListIterator<HistoryRun> iterator = runs.listIterator(); iterator.hasNext(); )
        {
            final HistoryRun run = iterator.next();
            if (run.page == page)
            {
                cut(run, iterator);
                break;
            }
        }
        askOn();
        return true;
    }

    /** No upstream has a block any more that the chain has left, and that was forgotten when it was sent in part. */
    private boolean isLeftGivenUp(final HistoryPage page)
    {
        if (runs.stream().noneMatch(run -> run.page == page && run.block.isLeft))
        {
            return false;
        }
        runs.removeIf(run -> run.page == page);
        unanswered--;
        counters.increment(RelayCounter.LOGS_REMOVED_LOST);
        return true;
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
            settle(run);
            if (run.isRemoval)
            {
                noteIfLost(run.block);
                retire(run.block);
            }
            else if (run.block == null || !run.block.isLeft)
            {
                keepForRemoval(run, tail);
            }
        }
    }

    /** Drops the blocks near the chain's end that nothing was sent of yet. */
    void dropUnsentBlocks()
    {
        for (final Iterator<HistoryRun> iterator = runs.iterator(); iterator.hasNext(); )
        {
            final HistoryRun run = iterator.next();
            if (run.block != null && !run.isRemoval && !run.block.isSent)
            {
                iterator.remove();
                run.page.isCancelled = true;
                unanswered -= run.page.isAsked && !run.page.isAnswered ? 1 : 0;
                giveBack(run.page);
            }
        }
    }

    /**
     * The chain has left a block, or nobody wants it any more: gives back what it has taken, unless the subscriber may
     * come back for it.
     */
    void retire(final TailBlock block)
    {
        retire(block, Integer.MAX_VALUE);
    }

    private void retire(final TailBlock block, final int sent)
    {
        if (!subscriber.isKept || !block.isSent || !kind.tellsRemovals())
        {
            release(block);
        }
        else if (!block.isRetired)
        {
            block.isRetired = true;
            giveBack(block.page);
            told().add(block, sent);
        }
    }

    /** The chain won't leave what was read by number. */
    private void settle(final HistoryRun run)
    {
        if (run.block == null && run.sent > 0 && subscriber.told != null)
        {
            subscriber.told.onSettled(run.page, run.sent);
        }
    }

    /** The chain won't leave a block any more. */
    void settle(final TailBlock block)
    {
        release(block);
        if (subscriber.told != null)
        {
            subscriber.told.onSettled(block);
        }
    }

    /** What the subscriber may have of its past. */
    ToldPast told()
    {
        if (subscriber.told == null)
        {
            subscriber.told = new ToldPast(budget, subscriber.removals(budget), counters);
        }
        return subscriber.told;
    }

    /** Gives back what a block has taken, and its bytes with it: whoever still knows the block holds none of them. */
    void release(final TailBlock block)
    {
        if (block.page != null && !block.isRetired && (block.page.keptBy != null || block.isLeft))
        {
            block.page.release();
            giveBack(block.page);
            block.page.dropBytes();
        }
    }

    /**
     * Forgets what has come and is not sent yet, for the sake of others.
     *
     * @return how many pages were forgotten.
     */
    int forgetAll()
    {
        return forget(null);
    }

    /** The same, but for what is sent next. */
    int forgetAllButFirst()
    {
        return forget(runs.peekFirst().page);
    }

    private int forget(final HistoryPage kept)
    {
        int pageCount = 0;
        for (final ListIterator<HistoryRun> iterator = runs.listIterator(); iterator.hasNext(); )
        {
            final HistoryRun run = iterator.next();
            if (run.page != kept && run.page.chargedBytes > 0)
            {
                giveBack(run.page);
                iterator.set(run.forgotten());
                pageCount++;
            }
        }
        return pageCount;
    }

    void close()
    {
        for (final HistoryRun run : runs)
        {
            run.page.isCancelled = true;
            settle(run);
            if (run.block != null)
            {
                retire(run.block, run.isRemoval ? Integer.MAX_VALUE : run.sent);
            }
            giveBack(run.page);
        }
        runs.clear();
    }

    private void keepForRemoval(final HistoryRun run, final HistoryTail tail)
    {
        giveBack(run.page);
        final boolean isToKeep = kind.tellsRemovals() && run.block != null && tail.holds(run.block);
        if (run.block != null && !(isToKeep && subscriber.removals(budget).tryKeep(run.page)))
        {
            run.page.dropBytes();
        }
    }

    private void giveBack(final HistoryPage page)
    {
        aheadBytes -= page.chargedBytes;
        pages.give(page);
        if (aheadBytes == 0)
        {
            pages.remove(this);
        }
    }
}
