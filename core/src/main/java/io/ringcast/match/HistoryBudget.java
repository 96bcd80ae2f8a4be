package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * How many bytes the histories of one network may take together, and which part of it is for what.
 * Confined to the pipeline thread that runs match.
 *
 * <p>How many items there are of each kind is in nobody's hand, so each kind has a part of its own, and within a part
 * each has its {@link FairShare}.
 *
 * <pre>
 *   |       5/16       |     3/16     |    2/16    | 1/16 |         5/16         |
 *     heads, all logs,   feeds that      indexes of   items   logs that readers may
 *     pending, status    clients name    filters      told    have to take back
 * </pre>
 */
final class HistoryBudget
{
    private static final int PARTS = 16;
    /** The most that one feed takes, in parts: so also what is left of a part has room for others' items. */
    private static final int FEED_PARTS = 4;

    private final long limitBytes;
    private final CounterSet counters;
    private final FairShare chainFeeds;
    private final FairShare namedFeeds;
    private final FairShare indexes;
    private final FairShare told;
    private final FairShare removals;

    /** Creates one of which nobody wants to know what was given up. */
    HistoryBudget(final long limitBytes)
    {
        this(limitBytes, new CounterSet());
    }

    /**
     * Creates it with nothing taken.
     *
     * @param limitBytes what all parts may take together.
     * @param counters   the pipeline thread's counters.
     */
    HistoryBudget(final long limitBytes, final CounterSet counters)
    {
        this.limitBytes = limitBytes;
        this.counters = counters;
        chainFeeds = new FairShare(limitBytes * 5 / PARTS, counters, RelayCounter.FEEDS_GIVEN_UP_BYTES);
        namedFeeds = new FairShare(limitBytes * 3 / PARTS, counters, RelayCounter.FEEDS_GIVEN_UP_BYTES);
        indexes = new FairShare(limitBytes * 2 / PARTS, counters, RelayCounter.INDEXES_GIVEN_UP_BYTES);
        told = new FairShare(limitBytes / PARTS, counters, RelayCounter.BLOCKS_GIVEN_UP_BYTES);
        removals = new FairShare(limitBytes * 5 / PARTS, counters, RelayCounter.REMOVALS_GIVEN_UP_BYTES);
    }

    /** False if nothing is kept at all. */
    boolean isOn()
    {
        return limitBytes > 0;
    }

    /** What one feed may take at most. */
    long feedLimitBytes()
    {
        return limitBytes * FEED_PARTS / PARTS;
    }

    /** What is for the items of a feed: of those that clients name there may be as many as there are clients. */
    FairShare feeds(final Feed feed)
    {
        return feed.isOneOfFew() ? chainFeeds : namedFeeds;
    }

    /** What is for the items of the network's few feeds. */
    FairShare chainFeeds()
    {
        return chainFeeds;
    }

    /** What is for the items of feeds that clients name: topics of one's own, filters that the nodes apply. */
    FairShare namedFeeds()
    {
        return namedFeeds;
    }

    /** What is for where items of topics with a filter stand. */
    FairShare indexes()
    {
        return indexes;
    }

    /** What is for which items topics of whole blocks were told. */
    FairShare told()
    {
        return told;
    }

    /** What is for logs that readers of the past, and those who are read on for, may have to be told as removed. */
    FairShare removals()
    {
        return removals;
    }

    /** Some of those logs could not be kept. */
    void onRemovalRefused()
    {
        counters.increment(RelayCounter.REMOVALS_REFUSED);
    }

    /** What is taken of all parts. */
    long usedBytes()
    {
        return chainFeeds.usedBytes() + namedFeeds.usedBytes() + indexes.usedBytes() + told.usedBytes() +
            removals.usedBytes();
    }
}
