package io.ringcast.match;

import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.MatchedAction;

import java.util.List;

/**
 * The topics of a network: makes them with their feeds, and lets them go that nobody wants.
 * Confined to the pipeline thread that runs match.
 */
final class NetworkTopics
{
    private static final int RELEASES_PER_EVENT = 512;

    private final List<SubscriptionMethod> methods;
    private final ItemEnvelope[] envelopes;
    /** Null for those of a dialect that tells of no errors. */
    private final ItemEnvelope[] errors;
    private final SubscriptionIds ids;
    private final long lingerNs;
    private final NetworkFeeds feeds;
    private final FeedItems items;
    private final TopicTable topics;
    private final int lingeringLimit;
    private final CounterSet counters;
    private boolean isAllLogsRefused;

    NetworkTopics(
        final NetworkConfig network, final long lingerNs, final int lingeringLimit, final NetworkFeeds feeds,
        final FeedItems items, final CounterSet counters)
    {
        this.lingeringLimit = lingeringLimit;
        this.counters = counters;
        methods = network.subscriptionMethods();
        final Dialect dialect = network.dialect();
        envelopes = methods.stream().map(method -> new ItemEnvelope(dialect.item(), method.notification()))
            .toArray(ItemEnvelope[]::new);
        errors = methods.stream().map(method ->
            dialect.error() == null ? null : new ItemEnvelope(dialect.error(), method.notification()))
            .toArray(ItemEnvelope[]::new);
        ids = new SubscriptionIds(network.name(), dialect.ids());
        topics = new TopicTable(new SubscriptionIdToken(dialect.ids()), dialect.endsSubscriptions());
        this.lingerNs = lingerNs;
        this.feeds = feeds;
        this.items = items;
    }

    /** The content that a request shares with its salted copies. */
    String contentOf(final int methodIndex, final SubscriptionRequest request)
    {
        return methods.get(methodIndex).subscribe() + request.content();
    }

    TopicState findOrAdd(
        final int methodIndex, final SubscriptionRequest request, final int salt, final ActionList<MatchedAction> out)
    {
        final String content = contentOf(methodIndex, request);
        final TopicState known = topics.find(content + salt);
        if (known != null)
        {
            return known;
        }
        final TopicGroup group = findOrAddGroup(methodIndex, request, out);
        final String id = request.idToken() != null ? request.idToken() :
            ids.next(methods.get(methodIndex).subscribe(), request.content(), salt);
        final TopicState added = topics.add(
            group, content, salt, id, envelopes[methodIndex], errors[methodIndex], request.options());
        items.order().onAdded(added);
        return added;
    }

    private TopicGroup findOrAddGroup(
        final int methodIndex, final SubscriptionRequest request, final ActionList<MatchedAction> out)
    {
        final String key = methods.get(methodIndex).subscribe() + request.canonicalParams();
        final TopicGroup known = topics.findGroup(key);
        if (known != null)
        {
            return known;
        }
        final Feed feed = feeds.findOrAdd(methodIndex, request, out);
        final TopicGroup group = topics.addGroup(key, feed, request.filters(), request.hasFilterList());
        items.onGroupAdded(group);
        return group;
    }

    /** No upstream gives all logs: from now on each filter is its own feed. */
    void refuseAllLogs()
    {
        isAllLogsRefused = true;
    }

    /** Whether a request can't be had: no upstream gives all logs, and none takes a list of filters. */
    boolean isUnavailable(final SubscriptionRequest request)
    {
        return isAllLogsRefused && request.hasFilterList();
    }

    /** What can be had of a request, as far as is known. */
    SubscriptionRequest available(final SubscriptionRequest request)
    {
        return isAllLogsRefused && request.isFiltered() ? request.filteredUpstream() : request;
    }

    void release(final TopicState topic, final ActionList<MatchedAction> out)
    {
        releaseDetached(topic, out);
        feeds.removeIfUnwanted(topic.feed, out);
    }

    /** Whoever subscribes to what a group is of gets another group from now on. */
    void detach(final TopicGroup group)
    {
        topics.detach(group);
    }

    /** Releases a topic whose feed has ended. */
    void releaseDetached(final TopicState topic, final ActionList<MatchedAction> out)
    {
        topics.remove(topic);
        items.order().onRemoved(topic);
        final MatchedAction action = out.add();
        action.kind = MatchedAction.Kind.RELEASE;
        action.topic = topic.topic;
    }

    void lingerIfUnused(final TopicState topic, final long nowNs)
    {
        if (topic.isUnused())
        {
            topics.onEmpty(topic, nowNs);
        }
    }

    /** Releases what nobody has wanted for so long: a part, lest the items behind wait for 100,000 topics to go. */
    void onTick(final long nowNs, final ActionList<MatchedAction> out)
    {
        for (int left = RELEASES_PER_EVENT; left > 0 && topics.hasLingered(nowNs - lingerNs); left--)
        {
            final TopicState topic = topics.pollLingered();
            if (topic != null)
            {
                release(topic, out);
            }
        }
    }

    /**
     * Lets those go before their time that are too many: a client may make topics faster than they linger away. No more
     * than a part, as with {@link #onTick}; each event adds few, except for the end of a connection that had many.
     */
    void onSlotEnd(final ActionList<MatchedAction> out)
    {
        for (int left = RELEASES_PER_EVENT; left > 0 && topics.lingeringCount() > lingeringLimit; left--)
        {
            final TopicState topic = topics.pollOldest();
            if (topic != null)
            {
                counters.increment(RelayCounter.TOPICS_FORGOTTEN);
                release(topic, out);
            }
        }
    }

    int size()
    {
        return topics.size();
    }
}
