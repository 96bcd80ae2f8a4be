package io.ringcast.match;

import java.util.ArrayList;
import java.util.List;

/**
 * The topics that carry the same items of one feed, however they show them: they share the items' numbers.
 * Confined to the pipeline thread that runs match.
 *
 * <p>So a subscriber with stamps and one without see the same sequence, a jump in it is the exact count of the items
 * that were left out, and a position that one of them was given is good for the other.
 */
final class TopicGroup
{
    /** What it is of: subscribe method and canonical params, without options and salt. */
    final String key;
    final Feed feed;
    final List<TopicState> topics = new ArrayList<>(1);
    /** Which logs it takes of a feed of all logs; null if it takes each item of its feed. */
    final IndexedFilter[] filters;

    /** Whether its filters are a list that the client gave, and is told the places of. */
    final boolean tellsFilters;

    /** Its place among the feed's groups; written and read by {@link TopicTable}. */
    int feedPlace;
    /** The next item's number. Every item of the group takes one, also if nobody listens. */
    long nextSequence;
    /** Where its last items stand; null if none are kept. */
    TopicHistory history;
    /** The number of the last item that was published here as removed; lower than all before there is one. */
    long lastRemoval = Long.MIN_VALUE;
    /** What is kept for sessions that are away; null if none ever was. */
    private AwayRemovals away;
    /** How many items it had of its newest blocks; null if nobody wants whole blocks. */
    BlockItems blockItems;
    /** How many topics of the group are told whole blocks. */
    int orderedCount;
    /** Who is to be told that an item was published; null if nobody. */
    List<HistoryReader> followers;
    /** Whose questions wait for its next item; null if nobody's ever did. */
    IdleQuestions idle;
    /** When an item came that was published here, in nanoseconds; keeps topics of the relay's own from release. */
    long publishedAtNs = Long.MIN_VALUE;
    /** Which of several filters the item in work matches, by place; 0 between items. */
    long matchedFilters;

    /**
     * Creates a group without topics.
     *
     * @param key           what it is of.
     * @param feed          where its items come from.
     * @param logFilters    which of them it takes; null for all.
     * @param tellsFilters  whether its subscribers are told which filters an item matches.
     * @param firstSequence the number of its first item.
     */
    TopicGroup(final String key, final Feed feed, final List<LogFilter> logFilters, final boolean tellsFilters,
        final long firstSequence)
    {
        this.key = key;
        this.feed = feed;
        this.tellsFilters = tellsFilters;
        nextSequence = firstSequence;
        filters = logFilters == null ? null : new IndexedFilter[logFilters.size()];
        for (int i = 0; filters != null && i < filters.length; i++)
        {
            filters[i] = new IndexedFilter(this, logFilters.get(i), i);
        }
    }

    /** Which of its filters a log matches, by their places as bits. */
    long matching(final LogKeys log)
    {
        long matching = 0;
        for (final IndexedFilter filter : filters)
        {
            matching |= filter.filter.matches(log) ? 1L << filter.place : 0;
        }
        return matching;
    }

    /** An item that its history has got says that a log was removed. */
    void onRemoval(final long sequence)
    {
        lastRemoval = sequence;
        if (away != null)
        {
            away.onRemoval(sequence);
        }
    }

    /** What is kept for sessions that are away. */
    AwayRemovals away(final HistoryBudget budget)
    {
        if (away == null)
        {
            away = new AwayRemovals(this, budget);
        }
        return away;
    }

    void addFollower(final HistoryReader reader)
    {
        followers = followers == null ? new ArrayList<>(1) : followers;
        followers.add(reader);
    }

    void removeFollower(final HistoryReader reader)
    {
        if (followers != null && followers.remove(reader) && followers.isEmpty())
        {
            followers = null;
        }
    }
}
