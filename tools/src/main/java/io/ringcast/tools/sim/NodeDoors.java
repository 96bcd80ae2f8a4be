package io.ringcast.tools.sim;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.json.JsonObjectDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;

/**
 * Where a node listens: one address for WebSocket and POST, and perhaps a socket file.
 * Confined to the thread that starts and closes the node; the pipelines that it makes run on the node's event loop.
 */
final class NodeDoors
{
    private static final int LIMIT_MESSAGE_BYTES = 32 * 1024 * 1024;

    private final NodeHost node;
    private final NodeSettings settings;
    private Channel server;
    private Channel ipcServer;

    NodeDoors(final NodeHost node, final NodeSettings settings)
    {
        this.node = node;
        this.settings = settings;
    }

    InetSocketAddress address()
    {
        return (InetSocketAddress)server.localAddress();
    }

    /** The WebSocket URL of an address. */
    static URI url(final InetSocketAddress address)
    {
        final String host = address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString();
        return URI.create("ws://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** Takes no further connections; those that there are stay. */
    void close()
    {
        if (server != null)
        {
            server.close().awaitUninterruptibly();
        }
        if (ipcServer != null)
        {
            ipcServer.close().awaitUninterruptibly();
            settings.ipc().toFile().delete();
        }
    }

    /** Listens at the settings' address and, if there is one, at their socket file. */
    void open(final EventLoopGroup group) throws IOException
    {
        final InetSocketAddress wanted = new InetSocketAddress(settings.listen().host(), settings.listen().port());
        if (wanted.isUnresolved())
        {
            throw new IOException("cannot listen on " + settings.listen() + ": unknown host");
        }
        final var bound = new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(settings.unsentLimitBytes() / 2, settings.unsentLimitBytes()))
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    initPipeline(channel);
                }
            })
            .bind(wanted)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new IOException("cannot listen on " + settings.listen() + ": " + bound.cause().getMessage(),
                bound.cause());
        }
        server = bound.channel();
        if (settings.ipc() != null)
        {
            listenIpc(group);
        }
    }

    /** A socket file that nobody listens on any more is left by a node that was killed: it is taken over. */
    private void listenIpc(final EventLoopGroup group) throws IOException
    {
        final UnixDomainSocketAddress address = UnixDomainSocketAddress.of(settings.ipc());
        try (SocketChannel other = SocketChannel.open(address))
        {
            throw new IOException("cannot listen on " + settings.ipc() + ": another process does (" +
                other.getRemoteAddress() + ")");
        }
        catch (final SocketException ex)
        {
            Files.deleteIfExists(settings.ipc());
        }
        final var bound = new ServerBootstrap()
            .group(group)
            .channel(NioServerDomainSocketChannel.class)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(settings.unsentLimitBytes() / 2, settings.unsentLimitBytes()))
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    initIpcPipeline(channel);
                }
            })
            .bind(address)
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            throw new IOException("cannot listen on " + settings.ipc() + ": " + bound.cause().getMessage(),
                bound.cause());
        }
        ipcServer = bound.channel();
    }

    private void initPipeline(final Channel channel)
    {
        if (node.isAway())
        {
            channel.close();
            return;
        }
        channel.pipeline().addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(LIMIT_MESSAGE_BYTES),
            new SimulatedPost(node),
            new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .checkStartsWith(true)
                .maxFramePayloadLength(LIMIT_MESSAGE_BYTES)
                .sendCloseFrame(null)
                .build()),
            new WebSocketFrameAggregator(LIMIT_MESSAGE_BYTES),
            new SimulatedConnection(node, settings.oldGethFrames(), false));
    }

    private void initIpcPipeline(final Channel channel)
    {
        if (node.isAway())
        {
            channel.close();
            return;
        }
        channel.pipeline().addLast(
            new JsonObjectDecoder(LIMIT_MESSAGE_BYTES), new SimulatedConnection(node, false, true));
    }
}
