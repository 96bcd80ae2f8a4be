package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;

import java.util.List;

/**
 * What one subscribe asks for, in canonical form.
 * Immutable.
 *
 * @param canonicalParams the params in the one spelling that equal requests share; part of the subscription id.
 * @param feedKey         what it shares a subscription at the upstreams with: mostly the params that go there.
 * @param feedParams      the params that go upstream.
 * @param filters         which logs of a feed of all logs are wanted, those that match one of them; null if the feed
 *                        is wanted as it is.
 * @param options         what was asked for beyond that.
 * @param fromNumber      the first block whose items are wanted, or {@link #NO_HISTORY}, {@link #FROM_SAFE},
 *                        {@link #FROM_FINALIZED}; the subscriber's own.
 * @param idToken         the client's own subscription id, if the dialect has it choose one; else null.
 * @param start           the place of the first item wanted, where items are counted; else {@link #NO_START}.
 */
record SubscriptionRequest(
    String canonicalParams, String feedKey, String feedParams, List<LogFilter> filters, DeliveryOptions options,
    long fromNumber, String idToken, long start)
{
    /** What is published from now on is wanted. */
    static final long NO_HISTORY = -1;
    /** The nodes' safe block is the first one whose items are wanted; they are asked which that is. */
    static final long FROM_SAFE = -2;
    /** The same with their finalized block. */
    static final long FROM_FINALIZED = -3;
    /** No place is asked for. */
    static final long NO_START = -1;

    SubscriptionRequest(
        final String canonicalParams, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options)
    {
        this(canonicalParams, feedParams, feedParams, filters, options, NO_HISTORY, null, NO_START);
    }

    /** A request on a feed of another name than that of its params. */
    SubscriptionRequest(
        final String canonicalParams, final String feedKey, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options)
    {
        this(canonicalParams, feedKey, feedParams, filters, options, NO_HISTORY, null, NO_START);
    }

    SubscriptionRequest(
        final String canonicalParams, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options, final long fromNumber)
    {
        this(canonicalParams, feedParams, feedParams, filters, options, fromNumber, null, NO_START);
    }

    /** The same from a place on. */
    SubscriptionRequest from(final long place)
    {
        return new SubscriptionRequest(
            canonicalParams, feedKey, feedParams, filters, options, fromNumber, idToken, place);
    }

    /** The same with the id that the client has chosen. */
    SubscriptionRequest named(final String token)
    {
        return new SubscriptionRequest(
            canonicalParams, feedKey, feedParams, filters, options, fromNumber, token, start);
    }

    /** The same on a feed that comes past where it begins. */
    SubscriptionRequest on(final String content, final DeliveryOptions settled)
    {
        return new SubscriptionRequest(content, content, feedParams, filters, settled, fromNumber, idToken, start);
    }

    boolean hasHistory()
    {
        return fromNumber != NO_HISTORY;
    }

    boolean isFiltered()
    {
        return filters != null;
    }

    /** Whether it has a list of filters, which no upstream can apply. */
    boolean hasFilterList()
    {
        return isFiltered() && options.any() != null;
    }

    /**
     * Gives all that its items' bytes depend on: equal for requests that share a topic.
     *
     * @return the canonical params, and behind them the options that change bytes.
     */
    String content()
    {
        final String content = canonicalParams + options.contentJson();
        return idToken == null ? content : content + ' ' + idToken;
    }

    /**
     * The same, on a feed of its own: for an upstream that refuses to give all logs.
     *
     * @return a request whose filter is applied by the upstream.
     */
    SubscriptionRequest filteredUpstream()
    {
        return new SubscriptionRequest(canonicalParams, canonicalParams, null, options, fromNumber);
    }
}
