package io.ringcast.match;

/**
 * Where the items of one topic stand in the history of its feed, by their numbers.
 * Confined to the pipeline thread that runs match.
 *
 * <p>A topic that takes each item of its feed only needs the distance between the two. One with a filter has an index:
 * a ring of positions, which grows as the topic takes items and forgets those that the feed has forgotten. All indexes
 * share what there is for them ({@link FairShare}); who has to give up drops the older half of its ring.
 */
final class TopicHistory extends FairShare.Member
{
    private static final int FIRST_ENTRIES = 8;

    private final FeedHistory feed;
    private final int limitItems;
    private final boolean isWholeFeed;
    /** Position less sequence, for a topic that takes each item; those before its first have numbers, too. */
    private final long distance;
    /** The lower halves of positions: those of one index lie no further apart than the feed's items that are kept. */
    private int[] positions = new int[0];
    /** The highest position that is in the index. */
    private long newest;
    /** All items of the topic at or behind this position are in the index. */
    private long coveredFrom;
    private long oldest;
    private long next;

    /**
     * Creates it without items.
     *
     * @param feed          holds the items.
     * @param shared        what all indexes of the network may take.
     * @param limitItems    how many items are kept at most, a power of two.
     * @param isWholeFeed   true if the topic takes each item of the feed.
     * @param firstSequence the number of its first item.
     */
    TopicHistory(
        final FeedHistory feed, final FairShare shared, final int limitItems, final boolean isWholeFeed,
        final long firstSequence)
    {
        super(shared);
        this.feed = feed;
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
                feed.spilling.onDropping(indexed(oldest));
                coveredFrom = indexed(oldest) + 1;
                oldest++;
            }
            newest = feed.next() - 1;
            positions[(int)next & positions.length - 1] = (int)newest;
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
        return isWholeFeed ? sequence + distance : indexed(sequence);
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
            newest = oldest == next ? position : newest;
            positions[(int)--oldest & positions.length - 1] = (int)position;
        }
        coveredFrom = position;
        return true;
    }

    /** How many items it can hold at most, a power of two. */
    int limitItems()
    {
        return limitItems;
    }

    /** Gives back what it took. */
    void release()
    {
        give(takenBytes());
        positions = new int[0];
        oldest = next;
    }

    @Override
    void giveUp()
    {
        final int capacity = positions.length > FIRST_ENTRIES ? positions.length / 2 : 0;
        if (next - oldest > capacity)
        {
            feed.spilling.onDropping(capacity == 0 ? feed.next() : indexed(next - capacity - 1));
            coveredFrom = capacity == 0 ? feed.next() : indexed(next - capacity - 1) + 1;
            oldest = next - capacity;
        }
        resize(capacity);
    }

    private long indexed(final long sequence)
    {
        return newest - Integer.toUnsignedLong((int)newest - positions[(int)sequence & positions.length - 1]);
    }

    private void forget()
    {
        final long oldestOfFeed = feed.oldest();
        if (newest < oldestOfFeed)
        {
            oldest = next;
        }
        while (oldest < next && indexed(oldest) < oldestOfFeed)
        {
            oldest++;
        }
    }

    private boolean tryGrow()
    {
        final int capacity = Math.max(FIRST_ENTRIES, positions.length * 2);
        if (capacity > limitItems || !tryTake((long)(capacity - positions.length) * Integer.BYTES))
        {
            return false;
        }
        copyTo(new int[capacity]);
        return true;
    }

    private void resize(final int capacity)
    {
        final long freedBytes = (long)(positions.length - capacity) * Integer.BYTES;
        copyTo(new int[capacity]);
        give(freedBytes);
    }

    private void copyTo(final int[] other)
    {
        for (long sequence = oldest; sequence < next; sequence++)
        {
            other[(int)sequence & other.length - 1] = positions[(int)sequence & positions.length - 1];
        }
        positions = other;
    }
}
