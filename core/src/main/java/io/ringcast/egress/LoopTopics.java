package io.ringcast.egress;

import java.util.Arrays;

/**
 * The topics that one loop has connections for, by their numbers.
 * Confined to its I/O loop.
 */
final class LoopTopics
{
    private LoopTopic[] topics = new LoopTopic[16];

    /** The topic, or null if no connection of this loop has had it. */
    LoopTopic find(final int topicId)
    {
        return topicId < topics.length ? topics[topicId] : null;
    }

    LoopTopic findOrAdd(final int topicId)
    {
        if (topicId >= topics.length)
        {
            topics = Arrays.copyOf(topics, Math.max(topicId + 1, topics.length * 2));
        }
        if (topics[topicId] == null)
        {
            topics[topicId] = new LoopTopic(topicId);
        }
        return topics[topicId];
    }

    /** The topic has ended; its number may be another's soon. */
    void release(final int topicId)
    {
        if (find(topicId) != null)
        {
            topics[topicId].backlog.clear();
            topics[topicId] = null;
        }
    }

    /** Gives back what waits behind barriers. */
    void clear()
    {
        for (final LoopTopic topic : topics)
        {
            if (topic != null)
            {
                topic.backlog.clear();
            }
        }
    }
}
