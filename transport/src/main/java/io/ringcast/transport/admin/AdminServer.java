package io.ringcast.transport.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.ringcast.config.HostPort;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.ListenPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The admin port: metrics, health, log levels.
 * Any thread. Sockets are served by the I/O loops; whatever takes longer than a look is made on a thread of its own,
 * which exists only while there is something to make.
 */
public final class AdminServer
{
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminServer.class);
    private static final int MAX_LINE_BYTES = 2048;
    private static final int MAX_HEADER_BYTES = 8192;
    private static final int MAX_BODY_BYTES = 1024;
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_WAITING = 16;

    private final ListenPort port;
    private final AdminPages pages;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ThreadPoolExecutor maker = new ThreadPoolExecutor(
        1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING),
        new DefaultThreadFactory("ringcast-admin", true));
    private Channel listener;

    public AdminServer(final HostPort address, final AdminPages pages)
    {
        port = new ListenPort("admin", address.host(), address.port());
        this.pages = pages;
        maker.allowCoreThreadTimeOut(true);
    }

    /** Fails if somebody else listens there; before a start that takes seconds. */
    public void checkFree(final EventLoopGroup group, final IoTransport transport) throws IOException
    {
        port.checkFree(group, transport);
    }

    public void bind(final EventLoopGroup group, final IoTransport transport) throws IOException
    {
        listener = port.bind(new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    onAccept(channel);
                }
            }));
        warn(address());
    }

    /** Neither keys nor TLS stand before it. */
    static void warn(final InetSocketAddress listen)
    {
        if (!listen.getAddress().isLoopbackAddress())
        {
            LOGGER.warn("admin={} shows metrics, and health, to anybody who can reach it: it has no keys and no TLS",
                listen.getHostString());
        }
    }

    public InetSocketAddress address()
    {
        return (InetSocketAddress)listener.localAddress();
    }

    /** Tells everybody who asks that the relay goes; it answers until {@link #close()}. */
    public void onStopping()
    {
        pages.onStopping();
    }

    public void close()
    {
        if (listener != null)
        {
            listener.close().awaitUninterruptibly();
            connections.close().awaitUninterruptibly();
        }
        maker.shutdownNow();
    }

    private void onAccept(final Channel channel)
    {
        if (connections.size() >= MAX_CONNECTIONS)
        {
            channel.close();
            return;
        }
        connections.add(channel);
        channel.pipeline().addLast(
            new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_HEADER_BYTES),
            new HttpObjectAggregator(MAX_BODY_BYTES, true),
            new AdminConnection(pages, maker, pages.loopOf(channel)::onCaught));
    }
}
