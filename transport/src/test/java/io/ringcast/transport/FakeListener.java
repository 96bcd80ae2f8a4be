package io.ringcast.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.ringcast.config.UpstreamConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Where a {@link FakeUpstream} listens: Netty's own servers and codecs for each kind of door.
 * Any thread; connections live on its one I/O thread.
 */
final class FakeListener implements AutoCloseable
{
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
    private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("fake-upstream", true), NioIoHandler.newFactory());
    private final FakeUpstream.Door door;
    private final Path socket;
    private final SslContext tls;
    private Channel listener;
    private int port;

    /** The socket is that of an earlier one, or null for a new one if the door needs it; the port may be 0. */
    FakeListener(final FakeUpstream.Door door, final int port, final Path socket)
    {
        this.door = door;
        this.port = port;
        this.socket = socket == null && door == FakeUpstream.Door.IPC ? newSocket() : socket;
        tls = switch (door)
        {
            case WSS, HTTPS -> TestCertificates.get().server(TestCertificates.LOCAL);
            case WSS_ELSEWHERE -> TestCertificates.get().server(TestCertificates.ELSEWHERE);
            default -> null;
        };
    }

    private static Path newSocket()
    {
        try
        {
            final Path directory = Files.createTempDirectory("rc");
            directory.toFile().deleteOnExit();
            return directory.resolve("n.ipc");
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to listen; each connection is given away as it comes. */
    void listen(final Consumer<Channel> onAccept)
    {
        final ServerBootstrap bootstrap = new ServerBootstrap()
            .group(group)
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    onAccept.accept(channel);
                }
            });
        if (door == FakeUpstream.Door.IPC)
        {
            listener = bootstrap
                .channel(NioServerDomainSocketChannel.class)
                .bind(UnixDomainSocketAddress.of(socket))
                .syncUninterruptibly()
                .channel();
            return;
        }
        listener = bootstrap
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            // Small, so that a node that stops reading is soon felt.
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
        port = ((InetSocketAddress)listener.localAddress()).getPort();
    }

    /** Adds what makes messages of a connection's bytes; the handshake's request passes the note on its way. */
    void addCodecs(final Channel channel, final ChannelHandler handshakeNote)
    {
        if (door == FakeUpstream.Door.IPC)
        {
            channel.pipeline().addLast(new LineBasedFrameDecoder(MAX_MESSAGE_BYTES));
            return;
        }
        if (tls != null)
        {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        if (isHttp())
        {
            channel.pipeline().addLast(
                new HttpServerCodec(), new HttpObjectAggregator(MAX_MESSAGE_BYTES), handshakeNote);
            return;
        }
        channel.pipeline().addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(65_536),
            handshakeNote,
            new WebSocketServerProtocolHandler("/", null, true, MAX_MESSAGE_BYTES, false, true),
            new WebSocketFrameAggregator(MAX_MESSAGE_BYTES));
    }

    boolean isHttp()
    {
        return door == FakeUpstream.Door.HTTP || door == FakeUpstream.Door.HTTPS;
    }

    boolean isIpc()
    {
        return door == FakeUpstream.Door.IPC;
    }

    /** One that will listen where this one did, which is closed. */
    FakeListener again()
    {
        return new FakeListener(door, port, socket);
    }

    /** Where it listens, or has listened. */
    int port()
    {
        return port;
    }

    String url()
    {
        return switch (door)
        {
            case WS -> "ws://127.0.0.1:" + port + "/";
            case WSS, WSS_ELSEWHERE -> "wss://localhost:" + port + "/";
            case IPC -> socket.toString();
            case HTTP -> "http://127.0.0.1:" + port + "/key";
            case HTTPS -> "https://localhost:" + port + "/key";
        };
    }

    /** What the relay is told of it. */
    UpstreamConfig config()
    {
        final UpstreamConfig plain = UpstreamConfig.of(url());
        return tls == null ? plain : plain.withTrust(TestCertificates.get().trustFile());
    }

    /** Takes nobody any more. */
    void stopListening()
    {
        listener.close().awaitUninterruptibly();
    }

    @Override
    public void close()
    {
        group.shutdownGracefully(0, TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        if (socket != null)
        {
            socket.toFile().delete();
        }
    }
}
