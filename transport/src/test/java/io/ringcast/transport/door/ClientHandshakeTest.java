package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What goes wrong before a client is let in. Confined to the test thread, which is the I/O loop. */
class ClientHandshakeTest
{
    private final NetworkRelay network = BareNetwork.on(new EmbeddedChannel().eventLoop());
    private boolean isFailing;
    private final List<NetworkRelay> networks = new AbstractList<>()
    {
        @Override
        public NetworkRelay get(final int index)
        {
            if (isFailing)
            {
                isFailing = false;
                throw new IllegalStateException("a bug");
            }
            return network;
        }

        @Override
        public int size()
        {
            return 1;
        }
    };
    private final EmbeddedChannel channel = new EmbeddedChannel(new ClientHandshake(
        networks, null, 0, false, BareNetwork.CONFIG, null, null, null, null, null, null));

    @AfterEach
    void close()
    {
        channel.finishAndReleaseAll();
        network.closePipeline();
    }

    @Test
    void shouldCountABugOfItsOwn()
    {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("a bug"));

        assertFalse(channel.isOpen());
        assertEquals(1, faults());
    }

    static List<Exception> ofPeers()
    {
        return List.of(new IOException("connection reset"), new DecoderException("not TLS"));
    }

    @ParameterizedTest
    @MethodSource("ofPeers")
    void shouldCountNoFaultOfThePeers(final Exception fault)
    {
        channel.pipeline().fireExceptionCaught(fault);

        assertFalse(channel.isOpen());
        assertEquals(0, faults());
    }

    /** Else the socket would stay for good, since nothing else is waited for. */
    @Test
    void shouldHangUpGivenAFaultWhenTheTimeIsOver()
    {
        isFailing = true;
        channel.freezeTime();
        // Its time began at the start, before this one stood still.
        channel.advanceTimeBy(BareNetwork.CONFIG.timing().handshakeTimeoutMs() + 60_000, TimeUnit.MILLISECONDS);

        channel.runScheduledPendingTasks();

        assertFalse(channel.isOpen());
        assertEquals(1, faults());
    }

    private long faults()
    {
        return network.loops()[0].counters().get(RelayCounter.EGRESS_FAILURES);
    }
}
