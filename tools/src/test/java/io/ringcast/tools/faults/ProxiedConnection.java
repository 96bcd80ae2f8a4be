package io.ringcast.tools.faults;

import java.util.ArrayDeque;
import java.util.Deque;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * One connection of the relay through a {@link FaultProxy}, and the proxy's own to the node.
 * Confined to the proxy's event loop.
 */
final class ProxiedConnection extends SimpleChannelInboundHandler<WebSocketFrame>
{
    private static final String STRANGER = "{\"jsonrpc\":\"2.0\",\"id\":4503599627370494,\"result\":\"0xdead\"}";

    /** How the node's next message is passed on. */
    private enum Next
    {
        WHOLE, HALF, BYTE_BY_BYTE
    }

    private final FaultProxy proxy;
    private final SocketChannel relay;
    private final Deque<String> forNode = new ArrayDeque<>();
    private final Deque<String> heldForRelay = new ArrayDeque<>();
    private Channel node;
    private String swapped;
    private Next next = Next.WHOLE;
    private boolean isForgotten;

    ProxiedConnection(final FaultProxy proxy, final SocketChannel relay)
    {
        this.proxy = proxy;
        this.relay = relay;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext context, final Object event) throws Exception
    {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete)
        {
            if (proxy.isRefusing())
            {
                // It was accepted before, and was too young to be among those that were reset.
                reset();
            }
            else
            {
                proxy.opened(this);
                connectToNode();
            }
        }
        super.userEventTriggered(context, event);
    }

    private void connectToNode()
    {
        new Bootstrap()
            .group(relay.eventLoop())
            .channel(NioSocketChannel.class)
            .handler(new ChannelInitializer<SocketChannel>()
            {
                @Override
                protected void initChannel(final SocketChannel channel)
                {
                    channel.pipeline().addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(65_536),
                        new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                            .webSocketUri(proxy.node())
                            .maxFramePayloadLength(FaultProxy.LIMIT_MESSAGE_BYTES).build()),
                        new WebSocketFrameAggregator(FaultProxy.LIMIT_MESSAGE_BYTES),
                        new NodeSide());
                }
            })
            .connect(proxy.node().getHost(), proxy.node().getPort())
            .addListener((ChannelFuture future) ->
            {
                if (!future.isSuccess())
                {
                    relay.close();
                }
            });
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final WebSocketFrame frame)
    {
        if (isForgotten || !(frame instanceof TextWebSocketFrame text))
        {
            return;
        }
        if (node == null)
        {
            forNode.add(text.text());
        }
        else
        {
            node.writeAndFlush(new TextWebSocketFrame(text.text()));
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        proxy.ended(this);
        if (node != null)
        {
            node.close();
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        context.close();
    }

    void cutMidFrame()
    {
        next = Next.HALF;
    }

    void dribble()
    {
        next = Next.BYTE_BY_BYTE;
    }

    void reset()
    {
        try
        {
            relay.config().setSoLinger(0);
        }
        catch (final ChannelException e)
        {
            // The other side was faster: nothing is left to reset.
        }
        end();
    }

    void forget()
    {
        isForgotten = true;
        relay.config().setAutoRead(false);
    }

    void say(final String text)
    {
        relay.writeAndFlush(new TextWebSocketFrame(text));
    }

    void passHeld()
    {
        while (!heldForRelay.isEmpty())
        {
            pass(heldForRelay.poll());
        }
    }

    private void onNodeSays(final String text)
    {
        if (isForgotten)
        {
            return;
        }
        if (proxy.isStalled())
        {
            heldForRelay.add(text);
            return;
        }
        if (text.contains("\"method\":"))
        {
            if (!proxy.isWithheld(text))
            {
                pass(text);
            }
        }
        else
        {
            passAnswer(text);
        }
    }

    private void passAnswer(final String answer)
    {
        switch (proxy.answerFault())
        {
            case SWAPPED ->
            {
                if (swapped == null)
                {
                    swapped = answer;
                }
                else
                {
                    pass(answer);
                    pass(swapped);
                    swapped = null;
                }
            }
            case DOUBLED ->
            {
                pass(answer);
                pass(answer);
            }
            case WITH_STRANGERS ->
            {
                pass(STRANGER);
                pass(answer);
            }
            case LOST ->
            {
                // The node has carried out the call and nobody will ever know.
            }
            default -> pass(answer);
        }
    }

    private void pass(final String text)
    {
        switch (next)
        {
            case HALF ->
            {
                final ByteBuf frame = frame(text);
                raw(frame.readRetainedSlice(frame.readableBytes() / 2));
                frame.release();
                end();
            }
            case BYTE_BY_BYTE ->
            {
                final ByteBuf frame = frame(text);
                while (frame.isReadable())
                {
                    raw(frame.readRetainedSlice(1));
                }
                frame.release();
            }
            default -> relay.writeAndFlush(new TextWebSocketFrame(text));
        }
        next = Next.WHOLE;
    }

    /** An unmasked text frame, its length in the shortest form (RFC 6455 section 5.2). */
    private static ByteBuf frame(final String text)
    {
        final ByteBuf payload = Unpooled.buffer();
        ByteBufUtil.writeUtf8(payload, text);
        final int lengthBytes = payload.readableBytes();
        final ByteBuf header = Unpooled.buffer(10).writeByte(0x81);
        if (lengthBytes < 126)
        {
            header.writeByte(lengthBytes);
        }
        else if (lengthBytes < 65_536)
        {
            header.writeByte(126).writeShort(lengthBytes);
        }
        else
        {
            header.writeByte(127).writeLong(lengthBytes);
        }
        return Unpooled.wrappedBuffer(header, payload);
    }

    /** Past the closing handshake, which neither a crash nor a cut cable goes through. */
    private void end()
    {
        relay.unsafe().close(relay.unsafe().voidPromise());
    }

    /** Past the proxy's own encoder, which knows only whole frames. */
    private void raw(final ByteBuf bytes)
    {
        relay.pipeline().firstContext().writeAndFlush(bytes);
    }

    /** What comes from the node. */
    private final class NodeSide extends SimpleChannelInboundHandler<WebSocketFrame>
    {
        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event) throws Exception
        {
            if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE)
            {
                node = context.channel();
                if (!relay.isActive())
                {
                    // The relay's side ended amid this handshake, and had nothing to close yet.
                    node.close();
                    return;
                }
                forNode.forEach(text -> node.write(new TextWebSocketFrame(text)));
                forNode.clear();
                node.flush();
            }
            super.userEventTriggered(context, event);
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final WebSocketFrame frame)
        {
            if (frame instanceof TextWebSocketFrame text)
            {
                onNodeSays(text.text());
            }
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context)
        {
            if (!isForgotten)
            {
                relay.close();
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
        {
            context.close();
        }
    }
}
