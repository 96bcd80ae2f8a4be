package io.ringcast.transport.door;

import io.ringcast.session.ClientRights;
import io.ringcast.transport.loop.NetworkRelay;

import java.util.List;

/**
 * Who a client is as far as the relay cares: what the key opens that it came with.
 * Immutable, but for what is taken of its rights.
 *
 * @param rights   what may be done, and how much of it is taken.
 * @param networks names of the networks that may be used; empty for all.
 */
record ClientKey(ClientRights rights, List<String> networks)
{
    /** Everything, without a limit. */
    static final ClientKey ALL = new ClientKey(ClientRights.ALL, List.of());

    boolean mayUse(final NetworkRelay network)
    {
        return networks.isEmpty() || networks.contains(network.config().name());
    }
}
