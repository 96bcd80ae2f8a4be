package io.ringcast.transport.door;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.IoTransport;
import io.ringcast.transport.loop.ListenPort;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.SocketOptions;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens for clients and gives each its loop.
 * Any thread.
 */
public final class DownstreamServer
{
    private static final int MAX_REQUEST_LINE_BYTES = 4096;
    private static final int MAX_CHUNK_BYTES = 8192;
    private static final int BACKLOG_CONNECTIONS = 4096;
    private static final long MIN_LOOK_MS = 5;
    private static final long MAX_LOOK_MS = 1_000;

    /** Of the newest reload; a connection keeps the one that it began with. */
    private volatile RelayConfig config;
    private final List<NetworkRelay> networks;
    private final NetworkPaths paths;
    private final List<EventLoop> loops;
    private final MemoryBudget unfinishedBudget;
    private final MemoryBudget unsentBudget;
    private final ConnectionCount connections;
    /** Sockets before or in their handshake: nobody owns them yet, so they are closed from here. */
    private final ChannelGroup handshaking = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    /** Sockets that speak HTTP: told when the relay stops, since no network's loop may know them. */
    private final ChannelGroup httpChannels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final List<IpcServer> ipcServers = new ArrayList<>();
    private Channel listener;
    private final ClientAccess access;
    /** Null without TLS. */
    private TlsDoor tls;

    public DownstreamServer(final RelayConfig config, final List<NetworkRelay> networks, final List<EventLoop> loops)
    {
        this.config = config;
        this.networks = networks;
        paths = new NetworkPaths(config, networks);
        this.loops = loops;
        access = new ClientAccess(config);
        connections = new ConnectionCount(config.limits().connections());
        unfinishedBudget = new MemoryBudget(config.limits().unfinishedBytes());
        unsentBudget = new MemoryBudget(config.limits().unsentBytes());
        for (final NetworkRelay network : networks)
        {
            for (final NetworkLoop loop : network.loops())
            {
                loop.setSharedForms(new DoorForms(loop, config.doors().deflateMinBytes()));
            }
        }
    }

    /**
     * Reads the files that the configuration names.
     *
     * @throws io.ringcast.config.ConfigException if one can't be used.
     */
    public void readFiles()
    {
        final DoorsConfig doors = config.doors();
        access.readKeys();
        if (doors.tls() != null)
        {
            tls = new TlsDoor(doors, loops, networks.get(0).loops()[0],
                config.timing().handshakeTimeoutMs());
        }
        if (doors.tls() != null || access.hasKeys())
        {
            final long lookMs = Math.max(MIN_LOOK_MS, Math.min(MAX_LOOK_MS, doors.fileCheckMs() / 4));
            networks.get(0).loops()[0].every(lookMs, this::lookAtFiles);
        }
    }

    private void lookAtFiles()
    {
        final long nowNs = System.nanoTime();
        if (tls != null)
        {
            tls.onTime(nowNs);
        }
        access.onTime(nowNs, networks.get(0).loops()[0]);
    }

    /**
     * Reads what another configuration says. It waits for the disk, and changes nothing yet.
     *
     * @param next the configuration, which differs only in what may change while the relay runs.
     * @return makes it hold; that can't fail.
     * @throws io.ringcast.config.ConfigException if a secret can't be used.
     */
    public Runnable prepare(final RelayConfig next)
    {
        final Runnable accessChange = access.prepare(next);
        return () ->
        {
            accessChange.run();
            unfinishedBudget.limit(next.limits().unfinishedBytes());
            unsentBudget.limit(next.limits().unsentBytes());
            connections.limit(next.limits().connections());
            config = next;
        };
    }

    /** Gives back what the port holds; after the loops have ended. */
    public void close()
    {
        if (tls != null)
        {
            tls.close();
        }
    }

    /** Fails if somebody else listens where clients are to connect; before a start that takes seconds. */
    public void checkFree(final EventLoopGroup group, final IoTransport transport) throws IOException
    {
        listenPort().checkFree(group, transport);
    }

    private ListenPort listenPort()
    {
        return new ListenPort("listen", config.listenHost(), config.listenPort());
    }

    public void bind(final EventLoopGroup group, final IoTransport transport, final SocketOptions socketOptions)
        throws IOException
    {
        final ServerBootstrap bootstrap = new ServerBootstrap()
            .group(group)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG_CONNECTIONS)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, false)
            .childHandler(new ChannelInitializer<>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    onAccept(channel);
                }
            });
        socketOptions.apply(bootstrap);
        listener = listenPort().bind(bootstrap);
        for (final NetworkRelay network : networks)
        {
            if (network.config().ipc() != null)
            {
                final IpcServer ipc = new IpcServer(network.config().ipc(), channel -> onAccept(network, channel));
                ipcServers.add(ipc);
                ipc.bind(group, transport);
            }
        }
    }

    public InetSocketAddress address()
    {
        return (InetSocketAddress)listener.localAddress();
    }

    public int socketCount()
    {
        return connections.count();
    }

    /** What unfinished messages take, of all connections together. */
    public long unfinishedBytes()
    {
        return unfinishedBudget.usedBytes();
    }

    /** What waits to be written, of all connections together. */
    public long unsentBytes()
    {
        return unsentBudget.usedBytes();
    }

    public void stopListening()
    {
        ipcServers.forEach(IpcServer::stopListening);
        if (listener != null)
        {
            listener.close().awaitUninterruptibly();
            handshaking.close();
            httpChannels.forEach(channel -> channel.pipeline().fireUserEventTriggered(HttpDoor.STOPPING));
        }
    }

    /** A client on a network's Unix domain socket, which has no handshake. */
    void onAccept(final NetworkRelay network, final Channel channel)
    {
        final NetworkLoop loop = network.loops()[loops.indexOf(channel.eventLoop())];
        final boolean isFull = !connections.take();
        channel.closeFuture().addListener(future -> connections.give());
        if (isFull || loop.tryRefuse())
        {
            loop.counters().increment(RelayCounter.CONNECTIONS_REFUSED);
            channel.close();
            return;
        }
        channel.pipeline().addLast(
            "connection", new IpcClientConnection(loop, config.limits(), unfinishedBudget, unsentBudget));
    }

    /** A client that will say in its first request what it speaks. */
    void onAccept(final Channel channel)
    {
        final boolean isFull = !connections.take();
        channel.closeFuture().addListener(future -> connections.give());
        final int loopIndex = loops.indexOf(channel.eventLoop());
        if (!access.tryAccept(channel, System.nanoTime()))
        {
            // Not a word: whoever floods is not worth one.
            networks.get(0).loops()[loopIndex].counters().increment(RelayCounter.ACCEPTS_REFUSED);
            channel.close();
            return;
        }
        handshaking.add(channel);
        if (access.wantsProxyHeader(channel))
        {
            ProxyHeader.addTo(channel.pipeline(), access, networks.get(0).loops()[loopIndex]);
        }
        if (tls != null)
        {
            channel.pipeline().addLast("tls", tls.newHandler(loopIndex, channel.alloc()));
            channel.pipeline().addLast("tls-gate", new TlsGate(networks.get(0).loops()[loopIndex].counters()));
        }
        if (config.doors().http2Streams() > 0)
        {
            channel.pipeline().addLast("http2-preface", new Http2Preface());
        }
        channel.pipeline().addLast(
            "http", new HttpServerCodec(MAX_REQUEST_LINE_BYTES, (int)config.access().headerBytes(), MAX_CHUNK_BYTES));
        channel.pipeline().addLast("handshake", new ClientHandshake(
            networks, paths, loopIndex, isFull, config, unfinishedBudget, unsentBudget, handshaking::remove, access,
            connections, httpChannels));
    }
}
