package io.ringcast.match;

import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.Topic;

import org.agrona.collections.LongHashSet;

import java.util.Arrays;

/**
 * What match knows of one topic: its group, and how many subscribers it has on which loops.
 * Confined to the pipeline thread that runs match.
 */
final class TopicState
{
    final Topic topic;
    /** What it is of, without the salt: equal for a topic and its salted copies. */
    final String content;
    final int salt;
    final String key;
    final SubscriptionKind kind;
    final TopicGroup group;
    final Feed feed;
    /** The two halves of the subscription id as {@link SubscriptionIdToken} reads it, to compare by value. */
    final long idHigh;
    final long idLow;

    int subscriberCount;
    int waitingCount;
    /** How many sessions keep it for clients that may come back. */
    int keptCount;
    /** Bit i is set if loop i has a subscriber. */
    long loopMask;
    /** Since when nobody has listened, in nanoseconds; meaningful while there is no subscriber. */
    long emptySinceNs;
    /** Whether it stands among those whose linger time runs; it may have subscribers again. */
    boolean isQueuedEmpty;
    /** What filters that are polled have yet to be told; null if there are none. */
    PolledItems polled;
    /** How far it is told whole blocks; null if it is told items as they come. */
    OrderedTopic ordered;
    /** Who subscribes; null where no subscription ends by itself, so that nobody has to be found. */
    LongHashSet owners;

    /** As long as the highest loop with a subscriber needs: with 100,000 topics each place counts. */
    private int[] subscribersOnLoop = new int[1];

    TopicState(
        final Topic topic, final String content, final int salt, final TopicGroup group,
        final SubscriptionIdToken id)
    {
        this.topic = topic;
        this.content = content;
        this.salt = salt;
        key = content + salt;
        kind = SubscriptionKind.of(content);
        this.group = group;
        feed = group.feed;
        idHigh = id.high();
        idLow = id.low();
    }

    /** The number that the next item gets for who has all that this topic was told. */
    long nextSequence()
    {
        return ordered == null ? group.nextSequence : ordered.nextSequence();
    }

    void addSubscriber(final long connectionId)
    {
        final int loop = ConnectionId.loopIndex(connectionId);
        subscriberCount++;
        if (owners != null)
        {
            owners.add(connectionId);
        }
        if (loop >= subscribersOnLoop.length)
        {
            subscribersOnLoop = Arrays.copyOf(subscribersOnLoop, loop + 1);
        }
        subscribersOnLoop[loop]++;
        loopMask |= 1L << loop;
    }

    void removeSubscriber(final long connectionId)
    {
        final int loop = ConnectionId.loopIndex(connectionId);
        subscriberCount--;
        if (owners != null)
        {
            owners.remove(connectionId);
        }
        if (--subscribersOnLoop[loop] == 0)
        {
            loopMask &= ~(1L << loop);
        }
    }

    boolean isUnused()
    {
        return subscriberCount == 0 && waitingCount == 0 && keptCount == 0 && polled == null;
    }
}
