package io.ringcast.tools.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.ringcast.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The upstream of a load run: takes subscriptions as a node does, answers the calls that a relay makes and
 * {@code eth_getBalance} fast, and sends stamped items by the schedule.
 * Confined to its loop, except the public methods: any thread.
 */
public final class StampingNode extends ItemSource
{
    private static final int READ_BYTES = 64 * 1024;
    private static final int UNSENT_LIMIT_BYTES = 64 * 1024 * 1024;
    private static final long FIRST_ID = 0xcd0c3e8af590364cL;

    private final LoadPlan plan;
    private final LogShape shape;
    private final List<NodeSubscription> subscriptions = new ArrayList<>();
    private Channel server;
    private long subscriptionCount;
    private volatile boolean isConnected;
    private volatile boolean isSubscribed;

    private StampingNode(final LoadPlan plan) throws IOException
    {
        this.plan = plan;
        shape = LogShape.of(plan);
    }

    /**
     * Starts a node that will send what the plan says.
     *
     * @param plan   what to send.
     * @param listen where; port 0 lets the system choose.
     * @return the node, listening.
     * @throws IOException if it can't listen, or the plan's filter is no JSON.
     */
    public static StampingNode start(final LoadPlan plan, final HostPort listen) throws IOException
    {
        final StampingNode node = new StampingNode(plan);
        final ChannelFuture bound = new ServerBootstrap()
            .group(node.group())
            .channel(LoadLoops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 4096)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(UNSENT_LIMIT_BYTES / 2, UNSENT_LIMIT_BYTES))
            .childHandler(new ChannelInitializer<SocketChannel>()
            {
                @Override
                protected void initChannel(final SocketChannel channel)
                {
                    channel.pipeline().addLast(new NodeConnection(node));
                }
            })
            .bind(new InetSocketAddress(listen.host(), listen.port()))
            .awaitUninterruptibly();
        if (!bound.isSuccess())
        {
            node.close();
            throw new IOException("cannot listen on " + listen + ": " + bound.cause().getMessage(), bound.cause());
        }
        node.server = bound.channel();
        return node;
    }

    /**
     * Tells where the relay under test is to be pointed.
     *
     * @return the WebSocket URL.
     */
    public URI url()
    {
        final InetSocketAddress address = (InetSocketAddress)server.localAddress();
        final String host = address.getAddress().isAnyLocalAddress() ?
            "127.0.0.1" : address.getAddress().getHostAddress();
        return URI.create("ws://" + new HostPort(host, address.getPort()));
    }

    /**
     * Tells whether somebody has connected.
     *
     * @return true from the first handshake on.
     */
    public boolean isConnected()
    {
        return isConnected;
    }

    @Override
    public boolean isReady()
    {
        return isSubscribed;
    }

    void onConnected()
    {
        isConnected = true;
    }

    /** The id of the new subscription, or null when there is no such kind. */
    String subscribe(final NodeConnection connection, final List<?> params)
    {
        final Object kind = params.isEmpty() ? null : params.get(0);
        final boolean isWanted = plan.kind().word().equals(kind);
        if (!isWanted && !"newHeads".equals(kind) && !"logs".equals(kind) && !"newPendingTransactions".equals(kind) &&
            !"syncing".equals(kind))
        {
            return null;
        }
        final String id = "0x" + Long.toHexString(FIRST_ID + subscriptionCount++);
        if (isWanted)
        {
            final Object address = params.size() > 1 && params.get(1) instanceof Map<?, ?> filter ?
                filter.get("address") : null;
            subscriptions.add(new NodeSubscription(
                connection, id, ItemTemplate.of(plan.kind(), shape, id), groups(address)));
            isSubscribed = true;
        }
        return id;
    }

    /** The distinct filters that an address or list of addresses selects; null for all. */
    private List<Integer> groups(final Object address)
    {
        if (address == null || plan.distinct() == 0)
        {
            return null;
        }
        final List<?> addresses = address instanceof List<?> many ? many : List.of(address);
        return addresses.isEmpty() ? null : addresses.stream().map(LogShape::group).toList();
    }

    boolean unsubscribe(final NodeConnection connection, final Object id)
    {
        return subscriptions.removeIf(subscription ->
            subscription.connection() == connection && subscription.id().equals(id));
    }

    void onGone(final NodeConnection connection)
    {
        subscriptions.removeIf(subscription -> subscription.connection() == connection);
    }

    @Override
    protected void write(final long sequence, final long scheduledNs)
    {
        final int group = plan.group(sequence - 1);
        for (int i = 0; i < subscriptions.size(); i++)
        {
            final NodeSubscription subscription = subscriptions.get(i);
            final Channel channel = subscription.connection().channel();
            // A subject that does not read for so long loses items, and the checks say so.
            if ((subscription.groups() == null || subscription.groups().contains(group)) && channel.isWritable())
            {
                final ItemTemplate template = subscription.template();
                final ByteBuf frame = channel.alloc().buffer(template.lengthBytes() + 10);
                FrameScanner.writeHead(frame, FrameScanner.TEXT, template.lengthBytes(), false);
                template.write(frame, scheduledNs, sequence, group);
                channel.write(frame, channel.voidPromise());
            }
        }
    }

    @Override
    protected void flush()
    {
        for (int i = 0; i < subscriptions.size(); i++)
        {
            subscriptions.get(i).connection().channel().flush();
        }
    }

    /** One subscription of the subject. Immutable but for its template. */
    private record NodeSubscription(NodeConnection connection, String id, ItemTemplate template, List<Integer> groups)
    {
    }
}
