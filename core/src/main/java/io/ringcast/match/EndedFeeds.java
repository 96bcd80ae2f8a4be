package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;

import java.util.ArrayDeque;
import java.util.ArrayList;

/**
 * Feeds that have come to an end by themselves: their subscriptions go without anybody's asking.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Whoever subscribes to the same from then on begins anew. The subscriptions that there were stay for a while, so
 * that the last item still goes through behind a barrier or to a client that is behind.
 */
final class EndedFeeds
{
    private record Ended(Feed feed, long atNs)
    {
    }

    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final ClientSubscriptions subscriptions;
    private final long graceNs;
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();

    EndedFeeds(
        final NetworkFeeds feeds, final NetworkTopics topics, final ClientSubscriptions subscriptions,
        final long graceNs)
    {
        this.feeds = feeds;
        this.topics = topics;
        this.subscriptions = subscriptions;
        this.graceNs = graceNs;
    }

    void add(final Feed feed, final long nowNs, final ActionList<MatchedAction> out)
    {
        feeds.detach(feed, out);
        feed.groups.forEach(topics::detach);
        ended.add(new Ended(feed, nowNs));
    }

    /** An upstream has ended a feed, and none gives it any more: who is live on it is told of the error. */
    void fail(
        final Feed feed, final byte[] error, final int offset, final int length, final long nowNs,
        final ActionList<MatchedAction> out)
    {
        subscriptions.grantAllWaiting(feed, nowNs, out);
        for (final TopicGroup group : feed.groups)
        {
            for (final TopicState topic : group.topics)
            {
                if (topic.loopMask != 0 && topic.topic.errorPrefix != null)
                {
                    final MatchedAction action = out.add();
                    action.kind = MatchedAction.Kind.PUBLISH_ERROR;
                    action.topic = topic.topic;
                    // It takes no number: whoever has it stands behind the last item.
                    action.sequence = group.nextSequence - 1;
                    action.loopMask = topic.loopMask;
                    action.bytes = error;
                    action.offset = offset;
                    action.length = length;
                }
            }
        }
        feed.isOver = true;
        add(feed, nowNs, out);
    }

    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        while (!ended.isEmpty() && nowNs - ended.peekFirst().atNs >= graceNs)
        {
            final Feed feed = ended.pollFirst().feed;
            for (final TopicGroup group : new ArrayList<>(feed.groups))
            {
                for (final TopicState topic : new ArrayList<>(group.topics))
                {
                    subscriptions.end(topic, out);
                    topics.releaseDetached(topic, out);
                }
            }
            feeds.forget(feed);
        }
    }
}
