package io.ringcast.match;

/**
 * Where the items of one topic stand in the history of its feed, by their numbers.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A topic that takes each item of its feed only needs the distance between the two. One with a filter has an index:
 * a ring of positions, which grows as the topic takes items and forgets those that the feed has forgotten.
 */
final class TopicHistory
{
    private static final int FIRST_ENTRIES = 8;

    private final FeedHistory feed;
    private final HistoryBudget budget;
    private final int limitItems;
    private final boolean isWholeFeed;
    /** Position less sequence, for a topic that takes each item; those before its first have numbers, too. */
    private final long distance;
    private long[] positions = new long[0];
    /** All items of the topic at or behind this position are in the index. */
    private long coveredFrom;
    private long oldest;
    private long next;

    /**
     * Creates it without items.
     *
     * @param feed          holds the items.
     * @param budget        what all of the network may take.
     * @param limitItems    how many items are kept at most, a power of two.
     * @param isWholeFeed   true if the topic takes each item of the feed.
     * @param firstSequence the number of its first item.
     */
    TopicHistory(
        final FeedHistory feed, final HistoryBudget budget, final int limitItems, final boolean isWholeFeed,
        final long firstSequence)
    {
        this.feed = feed;
        this.budget = budget;
        this.limitItems = limitItems;
        this.isWholeFeed = isWholeFeed;
        distance = feed.next() - firstSequence;
        coveredFrom = feed.next();
        oldest = firstSequence;
        next = firstSequence;
    }

    /** The topic takes the item that its feed has kept last. */
    void append()
    {
        if (!isWholeFeed)
        {
            forget();
            if (next - oldest == positions.length && !tryGrow())
            {
                if (positions.length == 0)
                {
                    coveredFrom = feed.next();
                    oldest = ++next;
                    return;
                }
                coveredFrom = positions[(int)oldest & positions.length - 1] + 1;
                oldest++;
            }
            positions[(int)next & positions.length - 1] = feed.next() - 1;
        }
        next++;
    }

    /** The number of the oldest item that is kept; {@link #next()} if none is. */
    long oldest()
    {
        if (isWholeFeed)
        {
            return Math.min(next, feed.oldest() - distance);
        }
        forget();
        return oldest;
    }

    /** The number that the next item gets. */
    long next()
    {
        return next;
    }

    /** Where an item stands in the feed's history. */
    long position(final long sequence)
    {
        assert sequence >= oldest() && sequence < next;
        return isWholeFeed ? sequence + distance : positions[(int)sequence & positions.length - 1];
    }

    /**
     * Finds the number of the first item of the topic at or behind a position.
     *
     * @return the number; {@link #next()} if there is none.
     */
    long sequenceFrom(final long position)
    {
        long low = oldest();
        long high = next;
        while (low < high)
        {
            final long middle = low + high >>> 1;
            if (position(middle) < position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    /** The position from which on each item of the topic is known. */
    long coveredFrom()
    {
        return isWholeFeed ? feed.oldest() : Math.max(coveredFrom, feed.oldest());
    }

    /**
     * Notes whether the topic takes the item that stands before those it knows.
     *
     * @param position the item's, one below {@link #coveredFrom()}.
     * @param isTaken  whether it takes it; then it gets the number below the oldest.
     * @return false if there is no room to note it.
     */
    boolean tryCover(final long position, final boolean isTaken)
    {
        assert position == coveredFrom() - 1;
        forget();
        if (isTaken)
        {
            if (next - oldest == positions.length && !tryGrow())
            {
                return false;
            }
            positions[(int)--oldest & positions.length - 1] = position;
        }
        coveredFrom = position;
        return true;
    }

    /** What it takes its room from; so does what is noted of its items for one subscriber. */
    HistoryBudget budget()
    {
        return budget;
    }

    /** How many items it can hold at most, a power of two. */
    int limitItems()
    {
        return limitItems;
    }

    /** Gives back what it took. */
    void release()
    {
        budget.give((long)positions.length * Long.BYTES);
        positions = new long[0];
        oldest = next;
    }

    private void forget()
    {
        final long oldestOfFeed = feed.oldest();
        while (oldest < next && positions[(int)oldest & positions.length - 1] < oldestOfFeed)
        {
            oldest++;
        }
    }

    private boolean tryGrow()
    {
        final int capacity = Math.max(FIRST_ENTRIES, positions.length * 2);
        if (capacity > limitItems || !budget.tryTake((long)(capacity - positions.length) * Long.BYTES))
        {
            return false;
        }
        final long[] grown = new long[capacity];
        for (long sequence = oldest; sequence < next; sequence++)
        {
            grown[(int)sequence & capacity - 1] = positions[(int)sequence & positions.length - 1];
        }
        positions = grown;
        return true;
    }
}
