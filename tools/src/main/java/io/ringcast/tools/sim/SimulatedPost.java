package io.ringcast.tools.sim;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * Answers calls that come as POSTs; all else goes on to the WebSocket handshake.
 * Confined to the node's event loop.
 */
final class SimulatedPost extends ChannelInboundHandlerAdapter
{
    private final NodeHost node;

    SimulatedPost(final NodeHost node)
    {
        this.node = node;
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        if (!(message instanceof FullHttpRequest request) || !request.method().equals(HttpMethod.POST))
        {
            ctx.fireChannelRead(message);
            return;
        }
        final boolean isKeptAlive = HttpUtil.isKeepAlive(request);
        final byte[] call = ByteBufUtil.getBytes(request.content());
        request.release();
        final String answer = node.onPost(call);
        final DefaultFullHttpResponse response = new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
            Unpooled.copiedBuffer(answer == null ? "" : answer, StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, isKeptAlive);
        final var written = ctx.writeAndFlush(response);
        if (!isKeptAlive)
        {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
