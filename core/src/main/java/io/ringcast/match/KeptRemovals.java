package io.ringcast.match;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The logs that are kept for one subscriber, since the chain may leave their blocks, or has, and no upstream can tell
 * them then: those that it read, and those that it had where it stands ({@link SpillPlace}).
 * Confined to the pipeline thread that runs match.
 *
 * <p>All subscribers share what there is for them. Who has most gives up its oldest block for who has less than its
 * share; should the chain leave that block, its removal can't be told, which is counted.
 */
final class KeptRemovals extends FairShare.Member
{
    private final HistoryBudget budget;
    /** The oldest first. */
    private final Set<HistoryPage> pages = new LinkedHashSet<>();
    /** Has taken bytes of its own; null if none has. */
    private SpillPlace place;

    /** Creates it without logs; what all such of the network may take is shared. */
    KeptRemovals(final HistoryBudget budget)
    {
        super(budget.removals());
        this.budget = budget;
    }

    /** Keeps a page's logs, if there is room. */
    boolean tryKeep(final HistoryPage page)
    {
        if (page.bytes == null || !tryTakeOrCount(page.heldBytes()))
        {
            return false;
        }
        add(page);
        return true;
    }

    /** A page has the logs that were kept at a place: what they take was taken then. */
    void add(final HistoryPage page)
    {
        page.keptBy = this;
        pages.add(page);
    }

    /** A page's logs are kept no longer. */
    void release(final HistoryPage page)
    {
        if (pages.remove(page))
        {
            page.keptBy = null;
            give(page.heldBytes());
        }
    }

    /** Takes bytes for what the subscriber had where it stands; they are given back by {@link #give}. */
    boolean tryTakeFor(final SpillPlace taker, final long bytes)
    {
        place = taker;
        return tryTakeOrCount(bytes);
    }

    private boolean tryTakeOrCount(final long bytes)
    {
        final boolean isTaken = tryTake(bytes);
        if (!isTaken)
        {
            budget.onRemovalRefused();
        }
        return isTaken;
    }

    /** Of what was read the oldest block; where a subscriber stands can't be told in part. */
    @Override
    void giveUp()
    {
        if (pages.isEmpty())
        {
            place.forget();
            return;
        }
        final HistoryPage oldest = pages.iterator().next();
        release(oldest);
        oldest.dropBytes();
    }
}
