package io.ringcast.match;

import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.frame.FrameView;
import io.ringcast.frame.JsonCursor;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RpcError;
import org.agrona.collections.Long2LongHashMap;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The topics that no upstream knows: who may have them, and what is published to them.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Such a topic has a feed like any other, without a lane; what comes in by {@code relay_publish} goes out as an
 * item, byte for byte.
 */
final class OwnTopics
{
    /** Begins the feed params of such a topic; those of all others are JSON. */
    static final String FEED_START = "topic:";
    /** The kind of subscription, as it stands in the params. */
    static final String KIND = "\"topic\"";

    private static final String WANT_NAME =
        ": want a string of letters, digits and . _ : / @ ~ + -, of at most ";

    private final OwnTopicsConfig config;
    private final int methodIndex;
    private final NetworkFeeds feeds;
    private final NetworkTopics topics;
    private final FeedItems items;
    private final CounterSet counters;
    private final JsonCursor params = new JsonCursor();
    /** By connection: when it will have used up what it has published, at the rate it may. */
    private final Long2LongHashMap paidUntilNs = new Long2LongHashMap(Long.MIN_VALUE);

    OwnTopics(
        final OwnTopicsConfig config, final int methodIndex, final NetworkFeeds feeds, final NetworkTopics topics,
        final FeedItems items, final CounterSet counters)
    {
        this.config = config;
        this.methodIndex = methodIndex;
        this.feeds = feeds;
        this.topics = topics;
        this.items = items;
        this.counters = counters;
    }

    /**
     * Reads what a subscribe asks for.
     *
     * @param config  the names that are allowed.
     * @param nameArg the second argument of the subscribe as JSON.
     * @param options what is asked for beyond that.
     */
    static SubscriptionRequest request(
        final OwnTopicsConfig config, final String nameArg, final DeliveryOptions options) throws BadParams
    {
        final String name = name(config, nameArg);
        if (!config.maySubscribe(name))
        {
            throw new BadParams("there is no topic of this name here: " + name);
        }
        return new SubscriptionRequest(params(name), FEED_START + name, null, options);
    }

    /** Whether a request would make one topic too many. */
    boolean isFull(final SubscriptionRequest request)
    {
        return request.feedParams().startsWith(FEED_START) && isFull(request.feedParams());
    }

    void onClientClosed(final long connectionId)
    {
        paidUntilNs.remove(connectionId);
    }

    /** Answers with the item's number, then publishes it. */
    void onPublish(final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        final String name;
        try
        {
            name = readParams(action);
        }
        catch (final BadParams e)
        {
            refuse(action, RpcError.INVALID_PARAMS, e.getMessage(), out);
            return;
        }
        final boolean isProgram = ConnectionId.isProgram(action.to.connectionId);
        if (isProgram ? !config.maySubscribe(name) : !config.mayPublish(name))
        {
            refuse(action, RpcError.PUBLISH_REFUSED, "not allowed to publish to " + name, out);
        }
        else if (params.valueLength > config.topicPayloadBytes())
        {
            refuse(action, RpcError.LIMIT_EXCEEDED, "limit exceeded: a payload of at most " +
                config.topicPayloadBytes() + " bytes", out);
        }
        else if (isFull(FEED_START + name))
        {
            refuse(action, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + config.topicCount() + " topics", out);
        }
        else if (!isProgram && !tryPay(action.to.connectionId, nowNs))
        {
            refuse(action, RpcError.LIMIT_EXCEEDED, "limit exceeded: at most " + config.publishesPerSecond() +
                " publishes a second", out);
        }
        else
        {
            publish(name, action, nowNs, out);
        }
    }

    private void publish(
        final String name, final CorrelatedAction action, final long nowNs, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.PUBLISHES);
        Feed feed = feeds.find(methodIndex, FEED_START + name);
        if (feed == null)
        {
            final SubscriptionRequest request = new SubscriptionRequest(
                params(name), FEED_START + name, null, DeliveryOptions.PLAIN);
            final TopicState topic = topics.findOrAdd(methodIndex, request, 0, out);
            topics.lingerIfUnused(topic, nowNs);
            feed = topic.feed;
        }
        final TopicGroup group = feed.groups.get(0);
        group.publishedAtNs = nowNs;
        final byte[] result = ("{\"sequence\":" + group.nextSequence + "}")
            .getBytes(StandardCharsets.US_ASCII);
        Replies.result(action.to, result, out);
        items.publishOwn(feed, action.bytes, params.valueOffset, params.valueLength, nowNs, out);
    }

    /** The payload stands where {@link #params} is. */
    private String readParams(final CorrelatedAction action) throws BadParams
    {
        if (action.valueOffset == FrameView.ABSENT ||
            !params.tryBegin(action.bytes, action.valueOffset, action.valueLength) || params.isObject() ||
            !params.next())
        {
            throw new BadParams("missing value for required argument 0: want [topic, payload]");
        }
        final String nameArg =
            new String(action.bytes, params.valueOffset, params.valueLength, StandardCharsets.UTF_8);
        if (!params.next())
        {
            throw new BadParams("missing value for required argument 1: want [topic, payload]");
        }
        final int offset = params.valueOffset;
        final int length = params.valueLength;
        if (params.next())
        {
            throw new BadParams("too many arguments, want at most 2");
        }
        params.valueOffset = offset;
        params.valueLength = length;
        return name(config, nameArg);
    }

    private static String name(final OwnTopicsConfig config, final String nameArg) throws BadParams
    {
        if (nameArg.length() > 2 && nameArg.startsWith("\""))
        {
            final String name = nameArg.substring(1, nameArg.length() - 1);
            if (config.isName(name))
            {
                return name;
            }
        }
        throw new BadParams("invalid name of a topic" + WANT_NAME + config.topicNameBytes() + " characters");
    }

    private static String params(final String name)
    {
        return '[' + KIND + ",\"" + name + "\"]";
    }

    private boolean isFull(final String feedParams)
    {
        return feeds.ownCount() >= config.topicCount() && feeds.find(methodIndex, feedParams) == null;
    }

    /** A connection may save up the publishes of one second. */
    private boolean tryPay(final long connectionId, final long nowNs)
    {
        final long second = TimeUnit.SECONDS.toNanos(1);
        final long price = second / config.publishesPerSecond();
        final long paid = paidUntilNs.get(connectionId);
        final long from = paid == Long.MIN_VALUE || paid - nowNs < 0 ? nowNs : paid;
        if (from + price - nowNs > second)
        {
            return false;
        }
        paidUntilNs.put(connectionId, from + price);
        return true;
    }

    private void refuse(
        final CorrelatedAction action, final int code, final String message, final ActionList<MatchedAction> out)
    {
        counters.increment(RelayCounter.PUBLISHES_REFUSED);
        Replies.error(action.to, code, message, out);
    }
}
