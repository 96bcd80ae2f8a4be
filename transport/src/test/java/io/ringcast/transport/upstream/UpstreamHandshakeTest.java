package io.ringcast.transport.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What goes wrong before an upstream has let the relay in. Confined to the test thread, which is the I/O loop. */
class UpstreamHandshakeTest
{
    private static final RelayConfig CONFIG = BareNetwork.CONFIG;

    private final NetworkRelay network = BareNetwork.on(new EmbeddedChannel().eventLoop());
    private final SocketLink link = new WebSocketLink(new UpstreamClient(
        0, CONFIG.networks().get(0).upstreams().get(0), CONFIG, network, network.loops()[0], IoTransport.NIO,
        BareNetwork.SOCKET_OPTIONS));

    @AfterEach
    void close()
    {
        network.closePipeline();
    }

    /** Without a request to send, it fails as soon as it is connected. */
    @Test
    void shouldCountABugOfItsOwn()
    {
        new EmbeddedChannel(new UpstreamHandshake(null, CONFIG.timing(), link, () -> null)).finishAndReleaseAll();

        assertEquals(1, faults());
    }

    @Test
    void shouldCountNoFaultOfThePeers()
    {
        final EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new UpstreamHandshake(null, CONFIG.timing(), link, () -> null));

        channel.pipeline().fireExceptionCaught(new IOException("connection reset"));

        assertEquals(0, faults());
        channel.finishAndReleaseAll();
    }

    private long faults()
    {
        return network.loops()[0].counters().get(RelayCounter.EGRESS_FAILURES);
    }
}
