package io.ringcast.config;

import java.util.List;

/**
 * The methods that make subscriptions at the streaming RPC of a Diem node.
 * Immutable.
 *
 * <p>Transactions are counted by version, the events of a key by their sequence number; both without a hole.
 */
final class DiemMethods
{
    static final List<SubscriptionMethod> ALL = List.of(
        of("subscribe_to_transactions", new ItemPosition("starting_version", "version", "version")),
        of("subscribe_to_events", new ItemPosition("event_seq_num", "sequence_number", "transaction_version")));

    private DiemMethods()
    {
    }

    /** Items come as further answers to the subscribe, so they have no method of their own. */
    private static SubscriptionMethod of(final String subscribe, final ItemPosition position)
    {
        return new SubscriptionMethod(subscribe, "unsubscribe", subscribe, ItemTraits.countedBy(position));
    }
}
