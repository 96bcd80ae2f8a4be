package io.ringcast.match;

import io.ringcast.config.SubscriptionMethod;
import io.ringcast.lane.ItemCursors;
import io.ringcast.lane.LogArbiter;
import io.ringcast.lane.SeenItems;
import io.ringcast.lane.VotedItems;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One subscription at the upstreams, shared by every group that can be served from it.
 * Confined to the pipeline thread that runs match.
 */
final class Feed
{
    /** What the relay knows of a feed's items. */
    enum Kind
    {
        HEADS,
        LOGS,
        PENDING,
        /** What is published to a topic of the relay's own; no upstream has it. */
        OWN,
        /** What the relay itself tells of the other subscriptions. */
        STATUS,
        OTHER
    }

    static final String HEADS_METHOD = "eth_subscribe";
    static final String HEADS_PARAMS = "[\"newHeads\"]";

    private static final String LOGS_START = HEADS_METHOD + "[\"logs\"";
    private static final String OWN_START = HEADS_METHOD + OwnTopics.FEED_START;
    private static final String PENDING_START = HEADS_METHOD + "[\"newPendingTransactions\"";

    final int feedId;
    /** What identifies it: subscribe method and params. */
    final String key;
    final int methodIndex;
    final Kind kind;
    /** {@code "method":"eth_subscribe","params":["newHeads"]}: the call that begins it, without its envelope. */
    final byte[] subscribeCall;
    /** Finds the groups by filter; null if each group takes each item. */
    final TopicIndex index;
    final List<TopicGroup> groups = new ArrayList<>(1);
    /** Oldest first. */
    final ArrayDeque<WaitingSubscribe> waiting = new ArrayDeque<>(1);
    final FeedLane[] lanes;
    /** What its dialect says of its items; null if nothing. */
    ItemRules rules;
    /** How far it is; null if its items are not counted. */
    FeedPosition position;
    /** True since an upstream has ended it, until one accepts it again. */
    boolean isDoubted;
    /** True once its last item has come. */
    boolean isOver;
    /** True once any upstream has accepted it: from then on a subscribe is answered at once. */
    boolean isConfirmed;
    /** True while the relay itself needs it, whether anybody has subscribed or not. */
    boolean isNeeded;
    /** Merges the upstreams' logs; null for another kind. */
    LogArbiter logs;
    /** Merges the upstreams' items; null for another kind, or if there is but one upstream. */
    SeenItems seen;
    /** In place of it, if several upstreams have to agree. */
    VotedItems votes;
    ItemCursors cursors;
    /** Its last items; null if none are kept. */
    FeedHistory history;
    /** How many topics of it are told whole blocks. */
    int orderedCount;
    /** The position in the history before which items may have no order, as some were passed on before any head. */
    long unorderedTo;

    Feed(
        final int feedId, final String key, final int methodIndex, final byte[] subscribeCall, final TopicIndex index,
        final int laneCount)
    {
        kind = kindOf(key);
        this.feedId = feedId;
        this.key = key;
        this.methodIndex = methodIndex;
        this.subscribeCall = subscribeCall;
        this.index = index;
        isConfirmed = isLocal();
        lanes = new FeedLane[laneCount];
        for (int i = 0; i < laneCount; i++)
        {
            lanes[i] = new FeedLane();
        }
    }

    /** Whether its items are the relay's own: no upstream has it. */
    boolean isLocal()
    {
        return kind == Kind.OWN || kind == Kind.STATUS;
    }

    /** Whether it is one of a few that there are at most, whatever clients subscribe to. */
    boolean isOneOfFew()
    {
        return kind == Kind.HEADS || kind == Kind.STATUS || index != null || key.equals(PENDING_START + ']') ||
            key.equals(PENDING_START + ",true]");
    }

    /** Whether its items are heads. */
    boolean carriesHeads()
    {
        return kind == Kind.HEADS;
    }

    /** Whether asking for it does something, so that it is asked of each upstream once. */
    boolean isOnce()
    {
        return rules != null && rules.isOnce;
    }

    /** Whether it may come to an end by itself, with an item. */
    boolean mayEnd()
    {
        return rules != null && rules.endsFeed;
    }

    boolean isUnwanted()
    {
        return groups.isEmpty() && !isNeeded;
    }

    private static Kind kindOf(final String key)
    {
        if (key.equals(HEADS_METHOD + HEADS_PARAMS))
        {
            return Kind.HEADS;
        }
        if (key.startsWith(LOGS_START))
        {
            return Kind.LOGS;
        }
        if (key.equals(HEADS_METHOD + StatusFeed.PARAMS) ||
            key.equals(SubscriptionMethod.RELAY.subscribe() + StatusFeed.PARAMS))
        {
            return Kind.STATUS;
        }
        if (key.startsWith(OWN_START))
        {
            return Kind.OWN;
        }
        return key.startsWith(PENDING_START) ? Kind.PENDING : Kind.OTHER;
    }
}
