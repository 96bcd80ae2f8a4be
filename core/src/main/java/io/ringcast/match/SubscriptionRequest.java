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
 * @param idToken         the client's own subscription id, if the dialect has it choose one; else null.
 * @param start           the place of the first item wanted, where items are counted.
 */
record SubscriptionRequest(
    String canonicalParams, String feedKey, String feedParams, List<LogFilter> filters, DeliveryOptions options,
    String idToken, long start)
{
    /** No place is asked for. */
    static final long NO_START = -1;

    SubscriptionRequest(
        final String canonicalParams, final String feedParams, final List<LogFilter> filters,
        final DeliveryOptions options)
    {
        this(canonicalParams, feedParams, feedParams, filters, options, null, NO_START);
    }

    /** The same with the id that the client has chosen. */
    SubscriptionRequest named(final String token)
    {
        return new SubscriptionRequest(canonicalParams, feedKey, feedParams, filters, options, token, start);
    }

    /** The same on a feed that comes past where it begins. */
    SubscriptionRequest on(final String content, final DeliveryOptions settled)
    {
        return new SubscriptionRequest(content, content, feedParams, filters, settled, idToken, start);
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
        return new SubscriptionRequest(canonicalParams, canonicalParams, null, options);
    }
}
