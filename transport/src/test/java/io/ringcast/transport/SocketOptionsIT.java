package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.ringcast.config.ConfigException;
import io.ringcast.config.SocketConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.SocketOptions;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the settings do to sockets, read back from the kernel. Confined to the test thread, but for handlers. */
class SocketOptionsIT
{
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int LOWAT_BYTES = 16 * 1024;
    private static final ChannelOption<Integer> BUSY_POLL = new IntegerUnixChannelOption("SO_BUSY_POLL", 1, 46);

    @ParameterizedTest
    @EnumSource(IoTransport.class)
    void shouldSetTheOptionsOfBothEnds(final IoTransport transport) throws Exception
    {
        TestBed.assumeAvailable(TransportChoice.valueOf(transport.name()));
        final SocketConfig.Builder wanted = SocketConfig.builder()
            .sendBufferBytes(BUFFER_BYTES).receiveBufferBytes(BUFFER_BYTES).quickAck(true);
        if (transport != IoTransport.NIO)
        {
            wanted.notSentLowatBytes(LOWAT_BYTES);
        }
        final SocketOptions options = new SocketOptions(wanted.build(), transport);

        connect(transport, options, (client, server) ->
        {
            for (final Channel channel : new Channel[]{client, server})
            {
                assertTrue(channel.config().getOption(ChannelOption.TCP_NODELAY));
                // The JDK halves what the kernel doubles; the native transports don't.
                assertTrue(channel.config().getOption(ChannelOption.SO_SNDBUF) % BUFFER_BYTES == 0);
                assertTrue(channel.config().getOption(ChannelOption.SO_SNDBUF) <= 2 * BUFFER_BYTES);
                assertTrue(channel.config().getOption(ChannelOption.SO_RCVBUF) <= 2 * BUFFER_BYTES);
                if (transport != IoTransport.NIO)
                {
                    assertEquals(LOWAT_BYTES, channel.config().getOption(transport == IoTransport.EPOLL ?
                        EpollChannelOption.TCP_NOTSENT_LOWAT : IoUringChannelOption.TCP_NOTSENT_LOWAT));
                }
            }
            assertTrue(server.config().getOption(quickAck(transport)));
        });
    }

    @ParameterizedTest
    @EnumSource(value = IoTransport.class, names = {"EPOLL", "IO_URING"})
    void shouldSetBusyPollWhenTheKernelAllowsIt(final IoTransport transport) throws Exception
    {
        TestBed.assumeAvailable(TransportChoice.valueOf(transport.name()));
        final SocketOptions options;
        try
        {
            options = new SocketOptions(SocketConfig.builder().busyPollUs(50).build(), transport);
        }
        catch (final ConfigException e)
        {
            assertEquals("busyPollUs", e.name());
            Assumptions.abort("needs CAP_NET_ADMIN: " + e.getMessage());
            return;
        }

        connect(transport, options, (client, server) ->
        {
            assertEquals(50, client.config().getOption(BUSY_POLL));
            assertEquals(50, server.config().getOption(BUSY_POLL));
        });
    }

    @Test
    void shouldRefuseWhatNioDoesNotHave()
    {
        final ConfigException busyPoll = assertThrows(ConfigException.class, () ->
            new SocketOptions(SocketConfig.builder().busyPollUs(50).build(), IoTransport.NIO));
        final ConfigException lowat = assertThrows(ConfigException.class, () ->
            new SocketOptions(SocketConfig.builder().notSentLowatBytes(1).build(), IoTransport.NIO));

        assertEquals("busyPollUs=50: transport nio does not have it; allowed: transport epoll or io_uring, or not " +
            "this setting", busyPoll.getMessage());
        assertEquals("notSentLowatBytes", lowat.name());
    }

    @ParameterizedTest
    @EnumSource(value = TransportChoice.class, names = {"EPOLL", "IO_URING", "NIO"})
    void shouldRelayWithSmallBuffers(final TransportChoice transport) throws IOException
    {
        final Mode mode = new Mode(transport, ThreadingChoice.COMPACT, 1);
        try (TestBed bed = TestBed.start(mode, config -> config.ioUringEntries(16).sockets(
            SocketConfig.builder().sendBufferBytes(4096).receiveBufferBytes(4096).quickAck(true).build())))
        {
            final RawClient client = bed.client();
            client.subscribe("[\"newHeads\"]");
            final String head = "{\"number\":\"0x" + "1".repeat(100_000) + "\"}";

            bed.upstream().publish("newHeads", head);

            assertTrue(client.readText().contains(head));
        }
    }

    private static ChannelOption<Boolean> quickAck(final IoTransport transport)
    {
        return switch (transport)
        {
            case EPOLL -> EpollChannelOption.TCP_QUICKACK;
            case IO_URING -> IoUringChannelOption.TCP_QUICKACK;
            default -> NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);
        };
    }

    private static void connect(final IoTransport transport, final SocketOptions options, final Check check)
        throws Exception
    {
        final EventLoopGroup group = transport.newGroup(1, false, 64);
        try
        {
            final CompletableFuture<Channel> accepted = new CompletableFuture<>();
            final ServerBootstrap server = new ServerBootstrap().group(group).channel(transport.serverChannel())
                .childHandler(new ChannelInboundHandlerAdapter()
                {
                    @Override
                    public void channelActive(final ChannelHandlerContext context)
                    {
                        accepted.complete(context.channel());
                    }
                });
            options.apply(server);
            final Channel listener = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync().channel();
            final Bootstrap client = new Bootstrap().group(group).channel(transport.socketChannel())
                .handler(new ChannelInboundHandlerAdapter());
            options.apply(client);
            final Channel connected = client.connect(listener.localAddress()).sync().channel();
            check.on(connected, accepted.get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS));
        }
        finally
        {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Looks at both ends. */
    private interface Check
    {
        void on(Channel client, Channel server);
    }
}
