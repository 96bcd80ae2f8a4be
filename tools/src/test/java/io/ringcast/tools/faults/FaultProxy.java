package io.ringcast.tools.faults;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * Stands between a relay and a node's WebSocket, and does to their conversation what networks and nodes do.
 * Confined to its one event loop, except the methods of the test: they return when it is done.
 */
public final class FaultProxy implements AutoCloseable
{
    static final int LIMIT_MESSAGE_BYTES = 64 * 1024 * 1024;

    /** What happens to the node's answers to calls. */
    public enum AnswerFault
    {
        NONE,
        /** Two answers change places. */
        SWAPPED,
        /** Each answer comes twice. */
        DOUBLED,
        /** An answer to a call that nobody made comes before each. */
        WITH_STRANGERS,
        /** No answer comes at all; items do. */
        LOST
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final URI node;
    private final Set<ProxiedConnection> connections = new LinkedHashSet<>();
    private Channel server;
    private AnswerFault answerFault = AnswerFault.NONE;
    /** Items in which this stands do not pass; null for none. */
    private String withheld;
    private boolean isStalled;
    private boolean isRefusing;
    private int connectionCount;

    private FaultProxy(final URI node)
    {
        this.node = node;
    }

    /** Starts a proxy before a node that may not be there yet. */
    public static FaultProxy before(final URI node)
    {
        final FaultProxy proxy = new FaultProxy(node);
        proxy.listen();
        return proxy;
    }

    private void listen()
    {
        server = new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ChannelInitializer<SocketChannel>()
            {
                @Override
                protected void initChannel(final SocketChannel channel)
                {
                    accept(channel);
                }
            })
            .bind("127.0.0.1", 0).syncUninterruptibly().channel();
    }

    private void accept(final SocketChannel channel)
    {
        if (isRefusing)
        {
            channel.config().setSoLinger(0);
            channel.close();
            return;
        }
        connectionCount++;
        channel.pipeline().addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(65_536),
            new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/").checkStartsWith(true).maxFramePayloadLength(LIMIT_MESSAGE_BYTES).build()),
            new WebSocketFrameAggregator(LIMIT_MESSAGE_BYTES),
            new ProxiedConnection(this, channel));
    }

    /** Where the relay connects. */
    public URI url()
    {
        return URI.create("ws://127.0.0.1:" + ((InetSocketAddress)server.localAddress()).getPort());
    }

    /** How often the relay has connected. */
    public int connectionCount()
    {
        return onLoop(() -> connectionCount);
    }

    /** What the node says next ends in the middle of its frame, and so does the connection. */
    public void cutMidFrame()
    {
        onEach(ProxiedConnection::cutMidFrame);
    }

    /** The connection ends with a reset, as when a host crashes. */
    public void reset()
    {
        onEach(ProxiedConnection::reset);
    }

    /** Nothing passes any more and nobody is told, as behind a dead middlebox; new connections are well. */
    public void halfOpen()
    {
        onEach(ProxiedConnection::forget);
    }

    /** What the node says waits, on this and on new connections, until {@link #resume()}. */
    public void stall()
    {
        onLoop(() -> isStalled = true);
    }

    /** What waited comes, all at once. */
    public void resume()
    {
        onLoop(() -> isStalled = false);
        onEach(ProxiedConnection::passHeld);
    }

    /** Each byte of the node's next message comes in a packet of its own. */
    public void dribble()
    {
        onEach(ProxiedConnection::dribble);
    }

    /** New connections are reset at once, also one that is amid its handshake. */
    public void refuse(final boolean refusing)
    {
        onLoop(() -> isRefusing = refusing);
    }

    /** From now on the node's answers suffer this. */
    public void answers(final AnswerFault fault)
    {
        onLoop(() -> answerFault = fault);
    }

    /** From now on the node's items in which this stands are nobody's, as if it accepted what it does not push. */
    public void withhold(final String part)
    {
        onLoop(() -> withheld = part);
    }

    boolean isWithheld(final String item)
    {
        return withheld != null && item.contains(withheld);
    }

    /** The relay gets a text that the node has not said. */
    public void say(final String text)
    {
        onEach(connection -> connection.say(text));
    }

    boolean isStalled()
    {
        return isStalled;
    }

    boolean isRefusing()
    {
        return isRefusing;
    }

    AnswerFault answerFault()
    {
        return answerFault;
    }

    URI node()
    {
        return node;
    }

    void opened(final ProxiedConnection connection)
    {
        connections.add(connection);
    }

    void ended(final ProxiedConnection connection)
    {
        connections.remove(connection);
    }

    @Override
    public void close()
    {
        server.close().syncUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void onEach(final java.util.function.Consumer<ProxiedConnection> step)
    {
        onLoop(() ->
        {
            final List<ProxiedConnection> open = new ArrayList<>(connections);
            open.forEach(step);
            return open.size();
        });
    }

    private <T> T onLoop(final java.util.concurrent.Callable<T> step)
    {
        return loop.submit(step).syncUninterruptibly().getNow();
    }
}
