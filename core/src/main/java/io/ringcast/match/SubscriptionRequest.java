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
 * @param fromNumber      the first block whose items are wanted, or {@link #NO_HISTORY}; the subscriber's own.
 */
record SubscriptionRequest(
    String canonicalParams, String feedKey, String feedParams, List<LogFilter> filters, DeliveryOptions options,
    long fromNumber)
{
    /** What is published from now on is wanted. */
    static final long NO_HISTORY = -1;

    SubscriptionRequest(
        final String canonicalParams, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options)
    {
        this(canonicalParams, feedParams, feedParams, filters, options, NO_HISTORY);
    }

    SubscriptionRequest(
        final String canonicalParams, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options, final long fromNumber)
    {
        this(canonicalParams, feedParams, feedParams, filters, options, fromNumber);
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
        return canonicalParams + options.contentJson();
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
