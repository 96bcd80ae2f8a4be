package io.ringcast.tools.load;

/** How a subject under test is spoken to. Immutable. */
public enum Dialect
{
    /** {@code eth_subscribe} over WebSocket. */
    ETH,
    /** The NATS protocol over WebSocket. */
    NATS,
    /** nchan: who connects is subscribed; the channel is in the path. */
    NCHAN;

    /** Whether one frame may hold several items. */
    boolean isPacked()
    {
        return this == NATS;
    }
}
