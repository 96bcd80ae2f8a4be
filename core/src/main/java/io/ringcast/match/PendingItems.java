package io.ringcast.match;

import io.ringcast.frame.HexWords;
import io.ringcast.frame.JsonCursor;
import io.ringcast.lane.ItemHash;
import io.ringcast.lane.LaneRules;
import io.ringcast.lane.SeenItems;
import io.ringcast.lane.VotedItems;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.CorrelatedAction;

import java.nio.charset.StandardCharsets;

/**
 * Publishes pending transactions once each, whichever upstream brings them: the first to do so, or as soon as enough
 * upstreams have.
 * Confined to the pipeline thread that runs match.
 */
final class PendingItems
{
    private static final int REMEMBERED = 65_536;
    private static final byte[] HASH = "hash".getBytes(StandardCharsets.US_ASCII);

    private final LaneRules rules;
    private final ItemPublisher publisher;
    private final CounterSet counters;
    private final ItemHash itemHash = new ItemHash();
    private final JsonCursor members = new JsonCursor();
    private final long[] hash = new long[HexWords.WORDS];

    PendingItems(final LaneRules rules, final ItemPublisher publisher, final CounterSet counters)
    {
        this.rules = rules;
        this.publisher = publisher;
        this.counters = counters;
    }

    void onFeedAdded(final Feed feed)
    {
        feed.seen = rules.laneCount() > 1 && rules.quorum() == 1 ? new SeenItems(REMEMBERED) : null;
        feed.votes = rules.quorum() > 1 ? new VotedItems(REMEMBERED, rules.quorum(), counters) : null;
    }

    void onItem(final Feed feed, final CorrelatedAction item)
    {
        if (feed.seen == null && feed.votes == null || isToPublish(feed, item))
        {
            publisher.publish(feed, item.bytes, item.valueOffset, item.valueLength);
        }
    }

    /** A pending transaction is its hash, or an object that has it. */
    private boolean isToPublish(final Feed feed, final CorrelatedAction item)
    {
        int offset = item.valueOffset;
        int length = item.valueLength;
        if (members.tryBegin(item.bytes, offset, length) && members.isObject())
        {
            while (members.next())
            {
                if (members.isNamed(HASH))
                {
                    offset = members.valueOffset;
                    length = members.valueLength;
                }
            }
        }
        if (HexWords.tryRead(item.bytes, offset, length, HexWords.TOPIC_DIGITS, hash, 0))
        {
            return isToPublish(feed, hash[0], hash[1], item.laneIndex);
        }
        itemHash.read(item.bytes, item.valueOffset, item.valueLength);
        return isToPublish(feed, itemHash.high, itemHash.low, item.laneIndex);
    }

    private boolean isToPublish(final Feed feed, final long highBits, final long lowBits, final int laneIndex)
    {
        if (feed.votes != null)
        {
            return feed.votes.tryConfirm(highBits, lowBits, laneIndex);
        }
        final boolean isNew = feed.seen.add(highBits, lowBits);
        if (!isNew)
        {
            counters.increment(RelayCounter.ITEMS_DUPLICATE);
        }
        return isNew;
    }
}
