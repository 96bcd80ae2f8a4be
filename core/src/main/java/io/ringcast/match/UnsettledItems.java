package io.ringcast.match;

import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

import java.util.BitSet;

/**
 * Which of the logs that were published to a client the chain may leave yet, or has left since: it may have had them,
 * and not their removal. What lies deeper and is on the chain stays there, so nobody has to look at its text.
 *
 * <p>A block counts as left by what was published of it last: the chain may have come back to it.
 */
final class UnsettledItems
{
    private UnsettledItems()
    {
    }

    /**
     * Finds them; the time is that of a look at each item's place.
     *
     * @param topic         what they were published to; items of it are kept.
     * @param from          the number of the first item that the client was given.
     * @param to            the number behind the last one; what was published later says what the chain has left.
     * @param settledNumber the newest block that the chain won't leave any more.
     * @return their numbers, ascending; of those that are kept.
     */
    static LongArrayList between(final TopicState topic, final long from, final long to, final long settledNumber)
    {
        final TopicHistory history = topic.group.history;
        final FeedHistory feed = topic.feed.history;
        final LongArrayList found = new LongArrayList();
        final long first = Math.max(from, history.oldest());
        final long behind = Math.min(to, history.next());
        if (first >= behind)
        {
            return found;
        }
        final LongHashSet leftBlocks = leftBlocks(history, feed, first, settledNumber);
        // Whole blocks are told when they are whole.
        final BitSet told = topic.ordered == null ? null : topic.ordered.items.told(first, behind);
        for (long sequence = first; sequence < behind; sequence++)
        {
            final long position = history.position(sequence);
            if ((told == null || told.get((int)(sequence - first))) && isLog(feed, position) &&
                (feed.blockNumber(position) > settledNumber || leftBlocks.contains(feed.hashStart(position))))
            {
                found.addLong(sequence);
            }
        }
        return found;
    }

    /** The beginnings of the hashes of those settled blocks of which was told last that the chain has left them. */
    private static LongHashSet leftBlocks(
        final TopicHistory history, final FeedHistory feed, final long from, final long settledNumber)
    {
        final LongHashSet left = new LongHashSet();
        for (long sequence = from; sequence < history.next(); sequence++)
        {
            final long position = history.position(sequence);
            if (!feed.hasPlace(position) || feed.blockNumber(position) > settledNumber)
            {
                continue;
            }
            if (feed.isRemoved(position))
            {
                left.add(feed.hashStart(position));
            }
            else if (!left.isEmpty())
            {
                left.remove(feed.hashStart(position));
            }
        }
        return left;
    }

    private static boolean isLog(final FeedHistory feed, final long position)
    {
        return feed.hasPlace(position) && !feed.isRemoved(position);
    }
}
