package io.ringcast.match;

import io.ringcast.lane.ItemCursors;
import io.ringcast.lane.ItemHash;
import io.ringcast.lane.LaneRules;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.CorrelatedAction;

/**
 * Publishes the items of feeds that the relay knows nothing more of than its dialect says: each where the upstreams'
 * streams agree that it is next, or by the position that it says itself.
 * Confined to the pipeline thread that runs match.
 */
final class OtherItems
{
    private final LaneRules rules;
    private final CountedFeeds counted;
    private final ItemPublisher publisher;
    private final CounterSet counters;
    private final ItemHash itemHash = new ItemHash();

    OtherItems(
        final LaneRules rules, final CountedFeeds counted, final ItemPublisher publisher, final CounterSet counters)
    {
        this.rules = rules;
        this.counted = counted;
        this.publisher = publisher;
        this.counters = counters;
    }

    void onFeedAdded(final Feed feed)
    {
        if (feed.position != null)
        {
            counted.onAdded(feed);
            return;
        }
        feed.cursors = rules.laneCount() > 1 || feed.rules != null && feed.rules.beginsWhole ?
            new ItemCursors(rules.laneCount(), rules.quorum(), counters) : null;
    }

    void onLaneLive(final Feed feed, final int laneIndex)
    {
        if (feed.cursors == null)
        {
            return;
        }
        if (feed.rules != null && feed.rules.beginsWhole)
        {
            feed.cursors.rewind(laneIndex);
        }
        else
        {
            feed.cursors.onLaneLive(laneIndex);
        }
    }

    void onItem(final Feed feed, final CorrelatedAction item)
    {
        if (feed.position != null)
        {
            onCounted(feed, item);
            return;
        }
        if (feed.cursors != null)
        {
            if (feed.rules == null)
            {
                itemHash.read(item.bytes, item.valueOffset, item.valueLength);
            }
            else
            {
                feed.rules.readIdentity(item.bytes, item.valueOffset, item.valueLength, itemHash);
            }
            if (!feed.cursors.tryAppend(item.laneIndex, itemHash))
            {
                return;
            }
        }
        publisher.publish(feed, item.bytes, item.valueOffset, item.valueLength);
        feed.isOver = feed.rules != null && feed.rules.isLast(item.bytes, item.valueOffset, item.valueLength);
    }

    /** Whoever brings the next item first is passed on; who leaves some out is asked for them. */
    private void onCounted(final Feed feed, final CorrelatedAction item)
    {
        final long place = feed.rules.position(item.bytes, item.valueOffset, item.valueLength);
        counted.noteTip(feed.rules.tip(item.bytes, item.valueOffset, item.valueLength));
        if (place < 0)
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
        }
        else if (place < feed.position.next)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        else if (place > feed.position.next)
        {
            counters.increment(RelayCounter.ITEMS_MALFORMED);
            feed.position.isBroken = true;
        }
        else
        {
            feed.position.next++;
            publisher.publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
    }
}
