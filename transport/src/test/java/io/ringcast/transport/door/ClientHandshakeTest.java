package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.ringcast.config.CoreList;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.ThreadingMode;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.SocketOptions;
import io.ringcast.transport.loop.ThreadPinning;
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
    private static final RelayConfig CONFIG = RelayConfig.builder()
        .ringSlots(64)
        .network(NetworkConfig.builder().upstream("ws://127.0.0.1:1"))
        .build();

    private final NetworkRelay network = new NetworkRelay(
        CONFIG, CONFIG.networks().get(0), ThreadingMode.COMPACT, List.of(new EmbeddedChannel().eventLoop()),
        IoTransport.NIO, new SocketOptions(SocketConfig.defaults(), IoTransport.NIO),
        new ThreadPinning(CoreList.NONE, 0), null, error -> { });
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
        networks, null, 0, false, CONFIG, null, null, null, null, null, null));

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
        channel.advanceTimeBy(CONFIG.timing().handshakeTimeoutMs() + 60_000, TimeUnit.MILLISECONDS);

        channel.runScheduledPendingTasks();

        assertFalse(channel.isOpen());
        assertEquals(1, faults());
    }

    private long faults()
    {
        return network.loops()[0].counters().get(RelayCounter.EGRESS_FAILURES);
    }
}
