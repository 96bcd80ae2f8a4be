package io.ringcast.transport;

import io.ringcast.config.NetworkConfig;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.OptionsParser;

/**
 * What the query of a connection's URL asks for, over what the network's configuration says.
 * Immutable.
 *
 * @param delivery what holds for its subscriptions unless they say otherwise; null if the URL asks for nothing.
 * @param fault    what is wrong with the query, or null.
 */
record ConnectionOptions(DeliveryOptions delivery, String fault)
{
    static ConnectionOptions of(final String uri, final NetworkConfig network)
    {
        final int query = uri.indexOf('?');
        if (query < 0)
        {
            return new ConnectionOptions(null, null);
        }
        final OptionsParser.Parsed parsed = new OptionsParser().readQuery(uri.substring(query + 1));
        final boolean isPlain = parsed.fault() == null && parsed.options().equals(DeliveryOptions.PLAIN);
        return new ConnectionOptions(
            parsed.fault() != null || isPlain ? null : parsed.options().over(network.options()), parsed.fault());
    }
}
