package io.ringcast.tools.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One client of the node: takes its messages, keeps its subscriptions, writes frames of the chosen shape.
 * Confined to the node's event loop.
 */
final class SimulatedConnection extends SimpleChannelInboundHandler<Object>
{
    private static final int OLD_GETH_FRAGMENT_BYTES = 1024;

    private final NodeHost node;
    private final boolean oldGethFrames;
    private final boolean isIpc;
    private final SubscriptionTable subscriptions = new SubscriptionTable();
    private Channel channel;

    SimulatedConnection(final NodeHost node, final boolean oldGethFrames, final boolean isIpc)
    {
        this.isIpc = isIpc;
        this.node = node;
        this.oldGethFrames = oldGethFrames;
    }

    SubscriptionTable subscriptions()
    {
        return subscriptions;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) throws Exception
    {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete)
        {
            channel = ctx.channel();
            node.onConnected(this);
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext ctx)
    {
        if (isIpc)
        {
            channel = ctx.channel();
            node.onConnected(this);
        }
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext ctx, final Object message)
    {
        if (message instanceof TextWebSocketFrame || message instanceof BinaryWebSocketFrame)
        {
            node.onText(this, ByteBufUtil.getBytes(((WebSocketFrame)message).content()));
        }
        else if (message instanceof ByteBuf text)
        {
            node.onText(this, ByteBufUtil.getBytes(text));
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx)
    {
        node.onDisconnected(this);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        ctx.close();
    }

    /** Queues one message; {@link #flush} sends it. False when the client had too much unsent and was closed. */
    boolean write(final String text)
    {
        if (!channel.isWritable())
        {
            channel.close();
            return false;
        }
        final String message = oldGethFrames || isIpc ? text + '\n' : text;
        final ByteBuf bytes = ByteBufUtil.encodeString(
            channel.alloc(), CharBuffer.wrap(message), StandardCharsets.UTF_8);
        if (isIpc)
        {
            channel.write(bytes);
        }
        else if (oldGethFrames)
        {
            writeFragments(bytes);
        }
        else
        {
            channel.write(new TextWebSocketFrame(bytes));
        }
        return true;
    }

    /** Takes ownership of the bytes. */
    private void writeFragments(final ByteBuf bytes)
    {
        boolean isFirst = true;
        do
        {
            final int length = Math.min(OLD_GETH_FRAGMENT_BYTES, bytes.readableBytes());
            final ByteBuf fragment = bytes.readRetainedSlice(length);
            final boolean isLast = !bytes.isReadable();
            channel.write(isFirst ?
                new TextWebSocketFrame(isLast, 0, fragment) : new ContinuationWebSocketFrame(isLast, 0, fragment));
            isFirst = false;
        }
        while (bytes.isReadable());
        bytes.release();
    }

    void flush()
    {
        channel.flush();
    }

    void close()
    {
        channel.close();
    }
}
