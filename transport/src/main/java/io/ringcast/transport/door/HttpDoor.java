package io.ringcast.transport.door;

import io.netty.channel.group.ChannelGroup;
import io.ringcast.config.RelayConfig;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;

import java.util.List;

/**
 * What all HTTP connections of one I/O loop share.
 * Immutable.
 *
 * @param networks         the networks, in the order of the configuration.
 * @param paths            which path leads to which of them.
 * @param loopIndex        which loop.
 * @param config           limits, waits and origins.
 * @param unfinishedBudget what requests that have begun may take together.
 * @param unsentBudget     what answers that have yet to leave may take together.
 * @param access           who may enter.
 * @param connections      how many clients there are.
 * @param channels         the sockets of every such connection, to be told when the relay stops.
 */
record HttpDoor(
    List<NetworkRelay> networks, NetworkPaths paths, int loopIndex, RelayConfig config, MemoryBudget unfinishedBudget,
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

    NetworkLoop loop(final NetworkRelay network)
    {
        return network.loops()[loopIndex];
    }

    /** Finds where a request goes; its network is null if nowhere. A key may stand behind the network's path. */
    NetworkPaths.Place placeOf(final String uri)
    {
        return paths.of(uri, access.hasKeys());
    }
}
