package io.ringcast.tools.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.ringcast.tools.load.Dialect;
import io.ringcast.tools.load.ItemTemplate;
import io.ringcast.tools.load.ItemSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Publishes the same items to a peer that has no upstream: to NATS on its own protocol, to nchan by HTTP.
 * Confined to its loop, except the public methods: any thread.
 */
final class PeerPublisher extends ItemSource
{
    private final Dialect dialect;
    private ItemTemplate template;
    private int distinct;
    private Channel channel;

    private PeerPublisher(final Dialect dialect)
    {
        this.dialect = dialect;
    }

    static PeerPublisher connect(final Dialect dialect, final int port) throws IOException
    {
        final PeerPublisher publisher = new PeerPublisher(dialect);
        final ChannelFuture connected = new Bootstrap()
            .group(publisher.group())
            .channel(socketChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(new Answers(dialect))
            .connect("127.0.0.1", port)
            .awaitUninterruptibly();
        if (!connected.isSuccess())
        {
            publisher.close();
            throw new IOException("cannot connect to port " + port, connected.cause());
        }
        publisher.channel = connected.channel();
        if (dialect == Dialect.NATS)
        {
            publisher.channel.writeAndFlush(ByteBufUtil.writeAscii(
                publisher.channel.alloc(), "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"));
        }
        return publisher;
    }

    @Override
    protected void prepare(final ItemTemplate newTemplate, final int newDistinct)
    {
        template = newTemplate;
        distinct = newDistinct;
    }

    @Override
    public boolean isReady()
    {
        return channel.isActive();
    }

    @Override
    protected void write(final long sequence, final long scheduledNs)
    {
        final int group = distinct == 0 ? 0 : (int)((sequence - 1) % distinct);
        final ByteBuf bytes = channel.alloc().buffer(template.lengthBytes() + 160);
        if (dialect == Dialect.NATS)
        {
            ByteBufUtil.writeAscii(bytes, "PUB t." + group + " " + template.lengthBytes() + "\r\n");
            template.write(bytes, scheduledNs, sequence, group);
            ByteBufUtil.writeAscii(bytes, "\r\n");
        }
        else
        {
            ByteBufUtil.writeAscii(bytes, "POST /pub/" + group + " HTTP/1.1\r\nHost: localhost\r\n" +
                "Content-Type: application/json\r\nContent-Length: " + template.lengthBytes() + "\r\n\r\n");
            template.write(bytes, scheduledNs, sequence, group);
        }
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    protected void flush()
    {
        channel.flush();
    }

    /** Answers pings, ignores the rest. Confined to the loop. */
    private static final class Answers extends SimpleChannelInboundHandler<ByteBuf>
    {
        private final Dialect dialect;

        private Answers(final Dialect dialect)
        {
            this.dialect = dialect;
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext ctx, final ByteBuf bytes)
        {
            if (dialect == Dialect.NATS && bytes.toString(StandardCharsets.US_ASCII).contains("PING"))
            {
                ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), "PONG\r\n"));
            }
        }
    }
}
