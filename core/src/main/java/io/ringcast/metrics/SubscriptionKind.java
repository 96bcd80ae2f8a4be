package io.ringcast.metrics;

/** The kinds of subscriptions that are told apart in the metrics. Immutable. */
public enum SubscriptionKind
{
    NEW_HEADS("newHeads"),
    LOGS("logs"),
    NEW_PENDING_TRANSACTIONS("newPendingTransactions"),
    SYNCING("syncing"),
    TOPIC("topic"),
    STATUS("relay_status"),
    /** Kinds and methods that the relay passes on without knowing them: a label for each would have no bound. */
    OTHER("other");

    private final String label;
    private final String contentStart;

    SubscriptionKind(final String label)
    {
        this.label = label;
        contentStart = "eth_subscribe[\"" + label + '"';
    }

    /**
     * Names the kind as clients do.
     *
     * @return the first parameter of the subscribe, or {@code other}.
     */
    public String label()
    {
        return label;
    }

    /**
     * Finds the kind of a subscription.
     *
     * @param content its subscribe method and canonical parameters, one behind the other.
     * @return the kind.
     */
    public static SubscriptionKind of(final String content)
    {
        for (final SubscriptionKind kind : values())
        {
            if (kind != OTHER && content.startsWith(kind.contentStart))
            {
                return kind;
            }
        }
        // In dialects without eth_subscribe.
        return content.startsWith("relay_subscribe[\"relay_status\"") ? STATUS : OTHER;
    }
}
