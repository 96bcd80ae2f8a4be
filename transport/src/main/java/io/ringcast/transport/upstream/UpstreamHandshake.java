package io.ringcast.transport.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.ringcast.config.TimingConfig;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.loop.LaterTask;
import io.ringcast.transport.websocket.WebSocketClientHandshake;

import java.util.function.Supplier;

/**
 * Opens a WebSocket to an upstream, then makes way for the connection proper.
 * Confined to the I/O loop that owns the socket.
 */
final class UpstreamHandshake extends ChannelInboundHandlerAdapter
{
    private final WebSocketClientHandshake handshake;
    private final TimingConfig timing;
    private final SocketLink link;
    private final Supplier<ChannelHandler> connection;
    private Future<?> timeout;

    UpstreamHandshake(
        final WebSocketClientHandshake handshake, final TimingConfig timing, final SocketLink link,
        final Supplier<ChannelHandler> connection)
    {
        this.handshake = handshake;
        this.timing = timing;
        this.link = link;
        this.connection = connection;
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        // With TLS it waits in the handler below until that handshake is through.
        context.writeAndFlush(handshake.request());
        timeout = LaterTask.schedule(
            context.channel(), timing.handshakeTimeoutMs(), () -> fail("no answer to the handshake"));
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        try
        {
            if (message instanceof HttpResponse response)
            {
                final String refusal = handshake.refusalIn(response);
                if (refusal != null)
                {
                    fail(refusal);
                    return;
                }
                timeout.cancel(false);
                context.pipeline().addLast("connection", connection.get());
                context.pipeline().remove(this);
                context.pipeline().remove("http");
            }
        }
        finally
        {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        if (timeout != null)
        {
            timeout.cancel(false);
        }
        link.onInactive();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        link.client().loop().onCaught(cause);
        fail(FailureText.of(cause));
    }

    private void fail(final String reason)
    {
        link.close(reason);
    }
}
