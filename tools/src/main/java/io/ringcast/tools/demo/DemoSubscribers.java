package io.ringcast.tools.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loopback clients of the relay: all hear heads, every fifth hears logs and every tenth pending transactions too.
 * Any thread; the sockets live on one event loop of their own.
 */
public final class DemoSubscribers implements AutoCloseable
{
    private static final int LIMIT_FRAME_BYTES = 1024 * 1024;
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"eth_subscribe\",\"params\":[%s]}";

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicLong received = new AtomicLong();

    private DemoSubscribers()
    {
    }

    /**
     * Opens connections; they subscribe by themselves once their handshake is done.
     *
     * @param url   the relay.
     * @param count how many.
     * @return the subscribers, connected.
     * @throws IOException when one cannot connect.
     */
    public static DemoSubscribers connect(final URI url, final int count) throws IOException
    {
        final DemoSubscribers subscribers = new DemoSubscribers();
        final List<ChannelFuture> connects = new ArrayList<>(count);
        for (int i = 0; i < count; i++)
        {
            connects.add(subscribers.open(url, i));
        }
        for (final ChannelFuture connect : connects)
        {
            if (!connect.awaitUninterruptibly().isSuccess())
            {
                subscribers.close();
                throw new IOException("cannot connect to " + url + ": " + connect.cause().getMessage());
            }
        }
        return subscribers;
    }

    private ChannelFuture open(final URI url, final int index)
    {
        final List<String> calls = new ArrayList<>();
        calls.add(String.format(CALL, 1, "\"newHeads\""));
        if (index % 5 == 0)
        {
            calls.add(String.format(CALL, 2, "\"logs\",{}"));
        }
        if (index % 10 == 0)
        {
            calls.add(String.format(CALL, 3, "\"newPendingTransactions\""));
        }
        return new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(new ChannelInitializer<Channel>()
            {
                @Override
                protected void initChannel(final Channel channel)
                {
                    channel.pipeline().addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(65_536),
                        new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                            .webSocketUri(url)
                            .maxFramePayloadLength(LIMIT_FRAME_BYTES)
                            .build()),
                        new Subscriber(calls));
                }
            })
            .connect(url.getHost().replaceAll("[\\[\\]]", ""), url.getPort());
    }

    /** Items received by all together. */
    public long received()
    {
        return received.get();
    }

    @Override
    public void close()
    {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Subscribes when it can and counts items. Confined to the event loop. */
    private final class Subscriber extends SimpleChannelInboundHandler<TextWebSocketFrame>
    {
        private static final String ITEM_START = "{\"jsonrpc\":\"2.0\",\"method\":";

        private final List<String> calls;

        private Subscriber(final List<String> calls)
        {
            this.calls = calls;
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext ctx, final Object event)
        {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE)
            {
                calls.forEach(call -> ctx.write(new TextWebSocketFrame(call)));
                ctx.flush();
            }
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext ctx, final TextWebSocketFrame frame)
        {
            final int length = Math.min(frame.content().readableBytes(), ITEM_START.length());
            final int start = frame.content().readerIndex();
            if (ITEM_START.equals(frame.content().toString(start, length, StandardCharsets.US_ASCII)))
            {
                received.incrementAndGet();
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
        {
            ctx.close();
        }
    }
}
