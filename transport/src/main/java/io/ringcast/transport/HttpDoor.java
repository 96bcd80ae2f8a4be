package io.ringcast.transport;

import io.netty.channel.group.ChannelGroup;
import io.ringcast.config.RelayConfig;

import java.util.List;

/**
 * What all HTTP connections of one I/O loop share.
 * Immutable.
 *
 * @param networks         the networks, in the order of the configuration.
 * @param loopIndex        which loop.
 * @param config           limits, waits and origins.
 * @param unfinishedBudget what requests that have begun may take together.
 * @param unsentBudget     what answers that have yet to leave may take together.
 * @param access           who may enter.
 * @param connections      how many clients there are.
 * @param channels         the sockets of every such connection, to be told when the relay stops.
 */
record HttpDoor(
    List<NetworkRelay> networks, int loopIndex, RelayConfig config, MemoryBudget unfinishedBudget,
    MemoryBudget unsentBudget, ClientAccess access, ConnectionCount connections, ChannelGroup channels)
{
    /** What a channel is told when the relay stops: end when nothing is owed any more. */
    static final Object STOPPING = new Object()
    {
        @Override
        public String toString()
        {
            return "the relay stops";
        }
    };

    private static final String STREAM_PATH = "/sse";

    NetworkLoop loop(final NetworkRelay network)
    {
        return network.loops()[loopIndex];
    }

    /** The network that has a path; null if there is none. A slash at the end does not matter. */
    NetworkRelay find(final String path)
    {
        final String plain = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        for (final NetworkRelay network : networks)
        {
            if (network.config().path().equals(plain))
            {
                return network;
            }
        }
        // With one network, the root is that network whatever path it was given.
        return networks.size() == 1 && "/".equals(plain) ? networks.get(0) : null;
    }

    /** Where a request goes. */
    record Place(NetworkRelay network, String pathKey, boolean isStream)
    {
    }

    /** Finds where a request goes; its network is null if nowhere. A key may stand behind the network's path. */
    Place placeOf(final String uri)
    {
        final String path = pathOf(uri);
        final NetworkRelay whole = find(path);
        if (whole != null)
        {
            return new Place(whole, null, false);
        }
        final boolean isStream = path.endsWith(STREAM_PATH);
        final String plain = isStream ? path.substring(0, path.length() - STREAM_PATH.length()) : path;
        final NetworkRelay network = find(plain.isEmpty() ? "/" : plain);
        final int slash = plain.lastIndexOf('/');
        if (network != null || !access.hasKeys() || slash < 0)
        {
            return new Place(network, null, isStream);
        }
        return new Place(find(slash == 0 ? "/" : plain.substring(0, slash)), plain.substring(slash + 1), isStream);
    }

    static String pathOf(final String uri)
    {
        final int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
