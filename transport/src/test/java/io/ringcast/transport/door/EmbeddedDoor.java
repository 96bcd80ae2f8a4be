package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalServerChannel;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkRelay;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One client at a door of a whole relay without a socket and without an upstream: bytes go in, bytes come out, and
 * nothing happens by itself.
 * Confined to the test's thread, which is the I/O loop and the pipeline as well.
 */
final class EmbeddedDoor implements AutoCloseable
{
    private final boolean isIpc;
    private final Consumer<NetworkRelay> onStart;
    private final List<EventLoop> otherLoops;
    private final LocalServerChannel listener = new LocalServerChannel();
    private final EmbeddedChannel channel;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private NetworkRelay network;
    private DownstreamServer server;

    private EmbeddedDoor(
        final boolean isIpc, final Consumer<NetworkRelay> onStart, final List<EventLoop> otherLoops)
    {
        this.isIpc = isIpc;
        this.onStart = onStart;
        this.otherLoops = otherLoops;
        // Below a server's channel, by which HTTP/2 knows whose streams are odd.
        channel = new EmbeddedChannel(listener, DefaultChannelId.newInstance(), true, false, new ChannelInitializer<>()
        {
            @Override
            protected void initChannel(final Channel accepted)
            {
                accept(accepted);
            }
        });
        channel.runPendingTasks();
    }

    /** The door for whatever begins with an HTTP request. */
    static EmbeddedDoor http()
    {
        return new EmbeddedDoor(false, network -> { }, List.of());
    }

    /** The door of the Unix domain socket. */
    static EmbeddedDoor ipc()
    {
        return new EmbeddedDoor(true, network -> { }, List.of());
    }

    /**
     * Either of these of a relay to which something happens before the client comes.
     *
     * @param isIpc   which door.
     * @param onStart what happens.
     * @param other   a loop beside the client's.
     */
    static EmbeddedDoor after(final boolean isIpc, final Consumer<NetworkRelay> onStart, final EventLoop other)
    {
        return new EmbeddedDoor(isIpc, onStart, List.of(other));
    }

    private void accept(final Channel accepted)
    {
        final List<EventLoop> loops = new ArrayList<>(List.of(accepted.eventLoop()));
        loops.addAll(otherLoops);
        network = BareNetwork.on(loops.toArray(EventLoop[]::new));
        network.pipeline().start();
        server = new DownstreamServer(BareNetwork.CONFIG, List.of(network), loops);
        onStart.accept(network);
        if (isIpc)
        {
            server.onAccept(network, accepted);
        }
        else
        {
            server.onAccept(accepted);
        }
    }

    /** One read of the socket, and all that follows from it. */
    void read(final byte[] bytes, final int offset, final int length)
    {
        if (channel.isOpen())
        {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, offset, length));
            channel.runPendingTasks();
            collect();
        }
    }

    /** What has come out so far. */
    byte[] written()
    {
        return out.toByteArray();
    }

    private void collect()
    {
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound())
        {
            final byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            next.release();
            out.writeBytes(bytes);
        }
    }

    boolean isOpen()
    {
        return channel.isOpen();
    }

    long count(final RelayCounter counter)
    {
        return CounterSet.sum(network.counters(), counter);
    }

    /** Hangs up, and checks that nothing is left of the client and that nothing failed. */
    @Override
    public void close()
    {
        // As a client does it: no handler is asked whether it is a good time.
        channel.unsafe().close(channel.voidPromise());
        channel.runPendingTasks();
        collect();
        channel.finishAndReleaseAll();
        network.closePipeline();
        assertEquals(0, server.socketCount());
        assertEquals(0, server.unfinishedBytes());
        assertEquals(0, server.unsentBytes());
        assertEquals(count(RelayCounter.CONNECTIONS_OPENED), count(RelayCounter.CONNECTIONS_CLOSED));
        assertEquals(0, count(RelayCounter.EGRESS_FAILURES));
        assertEquals(0, count(RelayCounter.OUTLET_FAILURES));
        assertEquals(0, count(RelayCounter.STAGE_FAILURES));
    }
}
