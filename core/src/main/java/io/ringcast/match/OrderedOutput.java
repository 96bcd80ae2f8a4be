package io.ringcast.match;

import io.ringcast.image.NotInImage;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
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

    private static final String LOST = "history";

    private final CounterSet counters;
    private final StampSource stamps;
    private final LogKeys logKeys = new LogKeys();
    private final LongArrayList found = new LongArrayList();
    @NotInImage("of the slot")
    private ActionList<MatchedAction> out;
    private int items;

    OrderedOutput(final StageClock clock, final CounterSet counters)
    {
        this.counters = counters;
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
        // Nothing at all is told of a removal that nobody could tell; what was told, and is not kept, was lost.
        final boolean isTold = !found.isEmpty() || topic.hasLostSome();
        tellFound(topic, number, isTold ? Math.max(found.size(), topic.toldOf(number)) : 0, false);
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
        final int count = Math.max(found.size(), topic.topic.group.blockItems.count(number, hashStart));
        topic.topic.group.blockItems.onTold(number);
        topic.onBlockTold(number, count);
        tellFound(topic, number, count, true);
    }

    /** Those that the history has lost by now were the first; the others keep their places among all of the block. */
    private void tellFound(
        final OrderedTopic topic, final long number, final int count, final boolean marksEmpty)
    {
        final long before = topic.nextSequence() - 1;
        final int lost = count - found.size();
        for (int i = 0; i < found.size(); i++)
        {
            topic.onTold(found.getLong(i), lost + i, count);
        }
        if (lost > 0)
        {
            onLost(topic, lost);
        }
        if (topic.topic.loopMask == 0)
        {
            topic.endLoss();
            return;
        }
        for (int i = 0; i < found.size(); i++)
        {
            add(topic, found.getLong(i), number, lost + i, count);
        }
        if (found.isEmpty() && marksEmpty && topic.topic.topic.marksEmptyBlocks)
        {
            final MatchedAction action = add(topic, before);
            action.bytes = NO_ITEM;
            action.offset = 0;
            action.length = NO_ITEM.length;
            mark(topic, action.newStamp(), number, count, count).isEmptyMark = true;
        }
    }

    private void onLost(final OrderedTopic topic, final int lost)
    {
        counters.add(RelayCounter.WHOLE_BLOCK_ITEMS_LOST, lost);
        if (found.isEmpty())
        {
            topic.onNothingTold();
        }
        topic.onLost(found.isEmpty() ? topic.nextSequence() : found.getLong(0) - lost, lost);
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
        stamps.beginEvent(ItemStamp.NO_LANE, feed.readAtNs(position), false);
        stamps.beginItem();
        stamps.fill(state.feed.kind, action.bytes, action.offset, action.length, stamp);
        if (state.group.tellsFilters && logKeys.tryRead(action.bytes, action.offset, action.length))
        {
            stamp.matchedFilters = state.group.matching(logKeys);
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
        stamp.lostFrom = topic.lostFrom();
        stamp.lostCount = topic.takeLoss();
        stamp.lostWhy = LOST;
        return stamp;
    }

    private static boolean isOf(
        final FeedHistory feed, final long position, final long number, final long hashStart)
    {
        return feed.hasPlace(position) && feed.blockNumber(position) == number && feed.hashStart(position) == hashStart;
    }
}
