package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.Topic;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongHashSet;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The topics, by what they are, and the queue of those that nobody listens to.
 * Confined to the pipeline thread that runs match.
 */
final class TopicTable
{
    private record Empty(TopicState topic, long sinceNs)
    {
    }

    private final Map<String, TopicState> topicsByKey = new LinkedHashMap<>();
    private final Map<String, TopicGroup> groupsByKey = new LinkedHashMap<>();
    private final IntArrayList freeTopicIds = new IntArrayList();
    private final ArrayDeque<Empty> empty = new ArrayDeque<>();
    private final SubscriptionIdToken idReader;
    private final boolean knowsOwners;
    private int topicIdCount;
    /** Above all numbers of groups that are gone: a number never means two items within an epoch. */
    private long firstFreeSequence = 1;

    /**
     * Creates it without topics.
     *
     * @param idReader    reads the ids of its topics.
     * @param knowsOwners whether a topic is to know who subscribes to it.
     */
    TopicTable(final SubscriptionIdToken idReader, final boolean knowsOwners)
    {
        this.idReader = idReader;
        this.knowsOwners = knowsOwners;
    }

    TopicState find(final String key)
    {
        return topicsByKey.get(key);
    }

    TopicGroup findGroup(final String key)
    {
        return groupsByKey.get(key);
    }

    TopicGroup addGroup(
        final String key, final Feed feed, final List<LogFilter> filters, final boolean tellsFilters)
    {
        // Room below for what the feed holds from before, should somebody ask for it.
        final long kept = feed.history == null ? 0 : feed.history.next() - feed.history.oldest();
        final long first = kept == 0 ? firstFreeSequence : firstFreeSequence + kept + 1;
        final TopicGroup group = new TopicGroup(key, feed, filters, tellsFilters, first);
        groupsByKey.put(key, group);
        group.feedPlace = feed.groups.size();
        feed.groups.add(group);
        for (int i = 0; group.filters != null && i < group.filters.length; i++)
        {
            feed.index.add(group.filters[i]);
        }
        return group;
    }

    TopicState add(
        final TopicGroup group, final String content, final int salt, final String idToken,
        final ItemEnvelope envelope, final ItemEnvelope errors, final DeliveryOptions options)
    {
        final int topicId = freeTopicIds.isEmpty() ? topicIdCount++ : freeTopicIds.popInt();
        final TopicState topic = new TopicState(
            new Topic(topicId, idToken, envelope, errors, options), content, salt, group, idReader.read(idToken));
        topic.owners = knowsOwners ? new LongHashSet() : null;
        topicsByKey.put(topic.key, topic);
        group.topics.add(topic);
        return topic;
    }

    /** Begins the linger time of a topic without subscribers. */
    void onEmpty(final TopicState topic, final long nowNs)
    {
        topic.emptySinceNs = nowNs;
        if (!topic.isQueuedEmpty)
        {
            queue(topic, nowNs);
        }
    }

    /** A topic has one place, however often clients come and go: when its turn comes it is seen what came meanwhile. */
    private void queue(final TopicState topic, final long sinceNs)
    {
        topic.isQueuedEmpty = true;
        empty.add(new Empty(topic, sinceNs));
    }

    /** How many have a place in the queue; some of them may have subscribers again. */
    int lingeringCount()
    {
        return empty.size();
    }

    /** Whether {@link #pollLingered()} has one to look at that has been empty since before a time. */
    boolean hasLingered(final long beforeNs)
    {
        return !empty.isEmpty() && empty.peekFirst().sinceNs - beforeNs <= 0;
    }

    /**
     * Takes the topic whose linger time ends first.
     *
     * @return a topic to remove, or null if somebody has come to it since.
     */
    TopicState pollLingered()
    {
        final long sinceNs = empty.peekFirst().sinceNs;
        final TopicState topic = pollOldest();
        if (topic == null)
        {
            return null;
        }
        final long publishedAtNs = topic.group.publishedAtNs;
        final long wantedAtNs = publishedAtNs != Long.MIN_VALUE && publishedAtNs - topic.emptySinceNs > 0 ?
            publishedAtNs : topic.emptySinceNs;
        if (wantedAtNs - sinceNs > 0)
        {
            queue(topic, wantedAtNs);
            return null;
        }
        return topic;
    }

    /**
     * Takes the topic that is first in the queue, whether its linger time has ended or not.
     *
     * @return a topic to remove, or null if somebody has come to it since.
     */
    TopicState pollOldest()
    {
        final TopicState topic = empty.pollFirst().topic;
        topic.isQueuedEmpty = false;
        return topicsByKey.get(topic.key) == topic && topic.isUnused() ? topic : null;
    }

    /** Takes a group's names away, so that the next one of that name is another. */
    void detach(final TopicGroup group)
    {
        firstFreeSequence = Math.max(firstFreeSequence, group.nextSequence);
        groupsByKey.remove(group.key, group);
        group.topics.forEach(topic -> topicsByKey.remove(topic.key, topic));
    }

    void remove(final TopicState topic)
    {
        topicsByKey.remove(topic.key, topic);
        topic.group.topics.remove(topic);
        freeTopicIds.addInt(topic.topic.topicId);
        if (topic.group.topics.isEmpty())
        {
            removeGroup(topic.group);
        }
    }

    private void removeGroup(final TopicGroup group)
    {
        firstFreeSequence = Math.max(firstFreeSequence, group.nextSequence);
        groupsByKey.remove(group.key, group);
        if (group.history != null)
        {
            group.history.release();
        }
        removeFromFeed(group);
        for (int i = 0; group.filters != null && i < group.filters.length; i++)
        {
            group.feed.index.remove(group.filters[i]);
        }
    }

    /** The last group takes its place: a feed of all logs may have 100,000 of them. */
    private static void removeFromFeed(final TopicGroup group)
    {
        final List<TopicGroup> siblings = group.feed.groups;
        final TopicGroup last = siblings.remove(siblings.size() - 1);
        if (last != group)
        {
            siblings.set(group.feedPlace, last);
            last.feedPlace = group.feedPlace;
        }
    }

    int size()
    {
        return topicsByKey.size();
    }
}
