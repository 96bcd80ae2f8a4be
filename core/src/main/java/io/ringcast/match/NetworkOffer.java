package io.ringcast.match;

/**
 * Whether a network can give anybody what a subscription asks for.
 * Confined to the pipeline thread that runs match.
 */
final class NetworkOffer
{
    /** Lists of filters are compared in the relay, with the feed of all logs, which a node may refuse. */
    static final String NO_FILTER_LISTS = "relay option any can't be had: the node does not give all logs";
    private static final String NO_HISTORY =
        "relay options history and order can't be had: the relay keeps no items (historyBytes is 0)";
    private static final String NO_BOUNDS =
        "relay option lag can't have a bound: the relay keeps no items, so none can wait (historyBytes is 0)";
    private static final String NO_INTERVALS =
        "relay option everyMs can't be had: the relay keeps no items (historyBytes is 0)";

    private final NetworkTopics topics;
    private final Histories histories;

    NetworkOffer(final NetworkTopics topics, final Histories histories)
    {
        this.topics = topics;
        this.histories = histories;
    }

    /** What a request needs that is not there, in words for its client; null if nothing. */
    String lackingFor(final SubscriptionRequest request)
    {
        if (topics.isUnavailable(request))
        {
            return NO_FILTER_LISTS;
        }
        if (histories.isOn())
        {
            return null;
        }
        if (request.hasHistory() || request.options().isBlockOrdered())
        {
            return NO_HISTORY;
        }
        if (request.options().lag() != null && request.options().lag().hasBounds())
        {
            return NO_BOUNDS;
        }
        return request.options().everyMs() == null ? null : NO_INTERVALS;
    }
}
