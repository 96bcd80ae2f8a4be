package io.ringcast.transport.door;

import io.ringcast.egress.Outlet;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * Tells the loop when a client has too much unsent to be given more by topics that wait, and when it has no longer.
 * Confined to the I/O loop that owns the socket.
 */
final class Congestion
{
    private Congestion()
    {
    }

    static void tell(final NetworkLoop loop, final Outlet outlet, final long pendingBytes)
    {
        if (pendingBytes > SocketOutlet.CONGESTED_BYTES)
        {
            loop.egress().onCongested(outlet);
        }
        else if (outlet.isCongested() && pendingBytes <= SocketOutlet.DRAINED_BYTES)
        {
            loop.egress().onDrained(outlet, System.nanoTime());
            loop.wake();
        }
    }
}
