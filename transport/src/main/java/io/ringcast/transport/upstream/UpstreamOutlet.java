package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ConnectionId;

/**
 * The way out to one upstream over a socket of its own: all texts of a batch leave in one write.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>An upstream that takes nothing for long is given up when it has too much before it: else one stuck node would take
 * all memory while the others serve.
 */
abstract class UpstreamOutlet extends Outlet
{
    private static final int INITIAL_BYTES = 4096;

    private final Channel channel;
    /** The handler from which on writes go down: with TLS, nothing may go past the handler below it. */
    private final ChannelHandlerContext context;
    private final boolean isTls;
    private final UpstreamClient client;
    private final UpstreamLink link;
    private final SocketPolls polls;
    private final long limitBytes;
    private ByteBuf out;

    UpstreamOutlet(final ChannelHandlerContext context, final UpstreamClient client, final UpstreamLink link)
    {
        super(ConnectionId.NONE);
        this.context = context;
        this.client = client;
        this.link = link;
        channel = context.channel();
        polls = new SocketPolls(client, this::sendText);
        isTls = channel.pipeline().get(SslHandler.class) != null;
        limitBytes = client.limitUnsentBytes();
    }

    @Override
    public final void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (polls.tryTakeCall(chunk, offset, length))
        {
            return;
        }
        if (out == null)
        {
            out = channel.alloc().directBuffer(INITIAL_BYTES);
        }
        writeText(out, chunk, offset, length);
    }

    @Override
    public final void flush()
    {
        if (out != null)
        {
            final ByteBuf texts = out;
            out = null;
            client.signs().onAsked(System.nanoTime());
            writeAndFlush(texts);
        }
    }

    /** The lane is given up: by a fault in writing, or by the stages. It is connected anew. */
    @Override
    public final void fail()
    {
        close();
        link.close("given up by the relay");
    }

    /**
     * Lays out one text as it goes over the wire.
     *
     * @param target appended to.
     * @param chunk  holds the text; borrowed for the call.
     * @param offset where it starts.
     * @param length its length in bytes.
     */
    abstract void writeText(ByteBuf target, ByteBuf chunk, int offset, int length);

    /**
     * Writes bytes at once. An upstream that leaves too much of what is for it is given up, be it pongs to its pings.
     *
     * @param bytes owned by this call.
     */
    final void writeAndFlush(final ByteBuf bytes)
    {
        if (isTls)
        {
            context.writeAndFlush(bytes, channel.unsafe().voidPromise());
        }
        else
        {
            channel.unsafe().write(bytes, channel.unsafe().voidPromise());
            channel.unsafe().flush();
        }
        final ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        if (unsent != null && unsent.totalPendingWriteBytes() > limitBytes)
        {
            client.loop().counters().increment(RelayCounter.UPSTREAM_OVERFLOWS);
            link.close(client.overflowText());
        }
    }

    /** What the upstream does not push and is polled for. */
    final SocketPolls polls()
    {
        return polls;
    }

    /** Gives back what was not flushed. */
    final void close()
    {
        polls.close();
        if (out != null)
        {
            out.release();
            out = null;
        }
    }

    private void sendText(final byte[] text)
    {
        final ByteBuf source = Unpooled.wrappedBuffer(text);
        final ByteBuf bytes = channel.alloc().directBuffer(INITIAL_BYTES);
        writeText(bytes, source, 0, text.length);
        source.release();
        client.signs().onAsked(System.nanoTime());
        writeAndFlush(bytes);
    }
}
