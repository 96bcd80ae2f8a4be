package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.StageClock;
import org.agrona.collections.LongArrayList;

/**
 * Publishes the items of one block to one topic, each with its place among them.
 * Confined to the pipeline thread that runs match.
 */
final class OrderedOutput
{
    static final byte[] NO_ITEM = {'n', 'u', 'l', 'l'};

    private final StampSource stamps;
    private final LogKeys logKeys = new LogKeys();
    private final LongArrayList found = new LongArrayList();
    private ActionList<MatchedAction> out;
    private int items;

    OrderedOutput(final StageClock clock)
    {
        stamps = new StampSource(clock);
    }

    void begin(final ActionList<MatchedAction> actions)
    {
        out = actions;
        items = 0;
    }

    /** How many items went out since the last {@link #begin}. */
    int items()
    {
        return items;
    }

    /** Tells the items of a block that the chain has left as removed, as the topic's history has them. */
    void takeBack(final OrderedTopic topic, final long number, final long hashStart)
    {
        final FeedHistory feed = topic.topic.feed.history;
        final TopicHistory history = topic.topic.group.history;
        found.clear();
        for (long sequence = topic.sequence(); sequence < history.next(); sequence++)
        {
            final long position = history.position(sequence);
            if (isOf(feed, position, number, hashStart))
            {
                if (feed.isRemoved(position))
                {
                    found.addLong(sequence);
                }
                else if (!found.isEmpty())
                {
                    // The chain has come back to it, and left it again.
                    break;
                }
            }
        }
        // A log that came behind the end of its block was not told; its removal comes before those of the others.
        for (int untold = topic.untold(number, found.size()); untold > 0; untold--)
        {
            found.removeAt(0);
        }
        tellFound(topic, number, false);
    }

    /** Tells the items of a block. */
    void tell(final OrderedTopic topic, final long number, final long hashStart)
    {
        final FeedHistory feed = topic.topic.feed.history;
        final TopicHistory history = topic.topic.group.history;
        found.clear();
        for (long sequence = topic.sequence(); sequence < history.next(); sequence++)
        {
            final long position = history.position(sequence);
            if (isOf(feed, position, number, hashStart))
            {
                if (feed.isRemoved(position) || !topic.isLogs())
                {
                    // What came before was of an earlier visit to the block.
                    found.clear();
                }
                if (!feed.isRemoved(position))
                {
                    found.addLong(sequence);
                }
            }
        }
        topic.onBlockTold(number, found.size());
        tellFound(topic, number, true);
    }

    private void tellFound(final OrderedTopic topic, final long number, final boolean marksEmpty)
    {
        final long before = topic.nextSequence() - 1;
        for (int i = 0; i < found.size(); i++)
        {
            topic.onTold(found.getLong(i), i, found.size());
        }
        if (topic.topic.loopMask == 0)
        {
            return;
        }
        for (int i = 0; i < found.size(); i++)
        {
            add(topic, found.getLong(i), number, i, found.size());
        }
        if (found.isEmpty() && marksEmpty && topic.topic.topic.marksEmptyBlocks)
        {
            final MatchedAction action = add(topic, before);
            action.bytes = NO_ITEM;
            action.offset = 0;
            action.length = NO_ITEM.length;
            mark(topic, action.newStamp(), number, 0, 0).isEmptyMark = true;
        }
    }

    private void add(
        final OrderedTopic topic, final long sequence, final long number, final int index, final int count)
    {
        final TopicState state = topic.topic;
        final FeedHistory feed = state.feed.history;
        final long position = state.group.history.position(sequence);
        final MatchedAction action = add(topic, sequence);
        action.bytes = feed.handOn(position);
        action.offset = feed.offset(position);
        action.length = feed.length(position);
        final ItemStamp stamp = mark(topic, action.newStamp(), number, index, count);
        stamps.beginEvent(ItemStamp.NO_LANE, feed.receivedAtNs(position), false);
        stamps.beginItem();
        stamps.fill(state.feed.kind, action.bytes, action.offset, action.length, stamp);
        if (state.group.tellsFilters && logKeys.tryRead(action.bytes, action.offset, action.length))
        {
            for (final IndexedFilter filter : state.group.filters)
            {
                stamp.matchedFilters |= filter.filter.matches(logKeys) ? 1L << filter.place : 0;
            }
        }
    }

    private MatchedAction add(final OrderedTopic topic, final long sequence)
    {
        items++;
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.PUBLISH;
        action.topic = topic.topic.topic;
        action.sequence = sequence;
        action.loopMask = topic.topic.loopMask;
        return action;
    }

    private static ItemStamp mark(
        final OrderedTopic topic, final ItemStamp stamp, final long number, final int index, final int count)
    {
        stamp.orderNumber = number;
        stamp.orderIndex = index;
        stamp.orderCount = count;
        stamp.reorg = topic.takeBracket();
        return stamp;
    }

    private static boolean isOf(
        final FeedHistory feed, final long position, final long number, final long hashStart)
    {
        return feed.hasPlace(position) && feed.blockNumber(position) == number && feed.hashStart(position) == hashStart;
    }
}
