package io.ringcast.egress;

import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.List;

/**
 * The topics in which one connection is behind, in the order in which it fell behind; each is found by its id.
 * Confined to the connection's I/O loop.
 */
final class LaggingTopics
{
    /** So many are looked through; most connections never have more, and no map. */
    static final int LIMIT_LOOKED_THROUGH = 8;

    private final List<LaggingTopic> topics = new ArrayList<>(0);
    /** All of them, once there have been many; else null. */
    private Int2ObjectHashMap<LaggingTopic> byId;

    int size()
    {
        return topics.size();
    }

    boolean isEmpty()
    {
        return topics.isEmpty();
    }

    LaggingTopic get(final int index)
    {
        return topics.get(index);
    }

    /** Adds one; the connection is not behind in its topic yet. */
    void add(final LaggingTopic lagging)
    {
        topics.add(lagging);
        if (byId != null)
        {
            byId.put(lagging.topic.topicId, lagging);
        }
        else if (topics.size() > LIMIT_LOOKED_THROUGH)
        {
            byId = new Int2ObjectHashMap<>();
            topics.forEach(one -> byId.put(one.topic.topicId, one));
        }
    }

    void remove(final LaggingTopic lagging)
    {
        topics.remove(lagging);
        if (topics.isEmpty())
        {
            byId = null;
        }
        else if (byId != null)
        {
            byId.remove(lagging.topic.topicId);
        }
    }

    void clear()
    {
        topics.clear();
        byId = null;
    }

    /** Finds one by its topic; null if the connection is not behind in that. */
    LaggingTopic find(final int topicId)
    {
        if (byId != null)
        {
            return byId.get(topicId);
        }
        for (int i = 0; i < topics.size(); i++)
        {
            if (topics.get(i).topic.topicId == topicId)
            {
                return topics.get(i);
            }
        }
        return null;
    }
}
