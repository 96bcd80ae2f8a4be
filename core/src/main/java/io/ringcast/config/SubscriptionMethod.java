package io.ringcast.config;

import java.util.List;

/**
 * A method whose result is a subscription id, and the two that belong to it.
 * Immutable.
 *
 * @param subscribe    the call that subscribes: {@code eth_subscribe}.
 * @param unsubscribe  the call that ends it: {@code eth_unsubscribe}.
 * @param notification the method of its items: {@code eth_subscription}.
 * @param items        what is known of its items.
 */
public record SubscriptionMethod(String subscribe, String unsubscribe, String notification, ItemTraits items)
{
    /** What Ethereum nodes use. */
    public static final SubscriptionMethod ETH = of("eth_subscribe");
    /** By what the relay's own kinds are subscribed to in dialects without {@link #ETH}; no node hears of it. */
    public static final SubscriptionMethod RELAY = of("relay_subscribe");

    private static final String SUBSCRIBE = "_subscribe";
    private static final String ALLOWED = "a method name such as admin_peerEvents";

    public SubscriptionMethod
    {
        check("subscribe", subscribe);
        check("unsubscribe", unsubscribe);
        check("notification", notification);
    }

    /** A method of whose items nothing is known. */
    public SubscriptionMethod(final String subscribe, final String unsubscribe, final String notification)
    {
        this(subscribe, unsubscribe, notification, ItemTraits.NONE);
    }

    /**
     * Derives the other two names. {@code x_subscribe} gives {@code x_unsubscribe} and {@code x_subscription}; another
     * name gives them with what stands before its first {@code _}.
     *
     * @param subscribe the method that subscribes.
     * @return all three.
     * @throws ConfigException when the name has no namespace to derive them from.
     */
    public static SubscriptionMethod of(final String subscribe)
    {
        check("subscribe", subscribe);
        final int end = subscribe.endsWith(SUBSCRIBE) ?
            subscribe.length() - SUBSCRIBE.length() : subscribe.indexOf('_');
        if (end <= 0)
        {
            throw new ConfigException("subscribe", subscribe, "no namespace to derive the other two names from",
                ALLOWED + ", or a mapping of subscribe, unsubscribe and notification");
        }
        final String namespace = subscribe.substring(0, end);
        return new SubscriptionMethod(subscribe, namespace + "_unsubscribe", namespace + "_subscription");
    }

    /**
     * Finds the method that subscribes to the relay's status.
     *
     * @param methods those of a network.
     * @return its index, or -1 if none does.
     */
    public static int statusIndex(final List<SubscriptionMethod> methods)
    {
        final int eth = methods.indexOf(ETH);
        return eth >= 0 ? eth : methods.indexOf(RELAY);
    }

    static void check(final String name, final String method)
    {
        if (method == null || !method.matches("[A-Za-z0-9_.:/-]{1,128}"))
        {
            throw new ConfigException(name, method, "not a method name", ALLOWED);
        }
    }
}
