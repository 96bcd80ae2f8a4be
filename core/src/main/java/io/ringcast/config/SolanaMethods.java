package io.ringcast.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * The methods that make subscriptions at a Solana validator.
 * Immutable.
 *
 * <p>A slot is the same wherever it is told; what else stands in a slot's item, its root, each node says as it sees it.
 * A signature's subscription ends with its first item that says more than that the transaction has come in.
 */
final class SolanaMethods
{
    static final List<SubscriptionMethod> ALL = Stream.of(
        of("account", ItemTraits.NONE),
        of("block", ItemTraits.NONE),
        of("logs", ItemTraits.NONE),
        of("program", ItemTraits.NONE),
        of("root", ItemTraits.NONE),
        of("signature", ItemTraits.until(new LastItem("value", List.of("\"receivedSignature\"")))),
        of("slot", ItemTraits.knownBy("slot")),
        of("slotsUpdates", ItemTraits.NONE),
        of("vote", ItemTraits.NONE),
        SubscriptionMethod.RELAY).toList();

    private SolanaMethods()
    {
    }

    private static SubscriptionMethod of(final String name, final ItemTraits items)
    {
        return new SubscriptionMethod(name + "Subscribe", name + "Unsubscribe", name + "Notification", items);
    }
}
