package io.ringcast.transport.door;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.OptionsParser;

/**
 * What the query of a connection's URL asks for, over what the network's configuration says.
 * Immutable.
 *
 * @param delivery what holds for its subscriptions unless they say otherwise; null if the URL asks for nothing.
 * @param wish     what it asks for as a whole; null if there is a fault.
 * @param fault    what is wrong with the query, or null.
 */
record ConnectionOptions(DeliveryOptions delivery, ConnectionWish.Parsed wish, String fault)
{
    static ConnectionOptions of(final String uri, final NetworkConfig network)
    {
        final int query = uri.indexOf('?');
        final ConnectionWish.Parsed wish = ConnectionWish.readQuery(query < 0 ? "" : uri.substring(query + 1));
        if (wish.fault() != null)
        {
            return new ConnectionOptions(null, null, wish.fault());
        }
        if (wish.hasStatus() && SubscriptionMethod.statusIndex(network.subscriptionMethods()) < 0)
        {
            return new ConnectionOptions(null, null, "relay=status: there is none with dialect " + network.dialect() +
                "; allowed: without it");
        }
        final OptionsParser.Parsed parsed = new OptionsParser().readQuery(wish.rest());
        final boolean isPlain = parsed.fault() == null && parsed.options().equals(DeliveryOptions.PLAIN);
        return new ConnectionOptions(
            parsed.fault() != null || isPlain ? null : parsed.options().over(network.options()), wish,
            parsed.fault());
    }
}
