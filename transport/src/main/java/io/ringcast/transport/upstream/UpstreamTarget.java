package io.ringcast.transport.upstream;

import java.net.SocketAddress;
import java.util.Map;

/**
 * Where to connect to, and what to say there.
 * Immutable.
 *
 * @param address the resolved address.
 * @param headers sent with the handshake or with each POST; their values may be secret.
 */
record UpstreamTarget(SocketAddress address, Map<String, String> headers)
{
    @Override
    public String toString()
    {
        return "UpstreamTarget[address=" + address + ", headers=" + headers.keySet() + "]";
    }
}
