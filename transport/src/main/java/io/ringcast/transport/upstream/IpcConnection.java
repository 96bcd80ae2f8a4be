package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.JsonTextCutter;
import io.ringcast.transport.loop.PublisherFrames;

/**
 * One Unix domain socket to an upstream.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>It has no ping: the kernel tells at once when the node is gone, and a node that hangs is noticed by what it does
 * not send.
 */
final class IpcConnection extends UpstreamSocket implements JsonTextCutter.Taker
{
    IpcConnection(final UpstreamClient client, final SocketLink link)
    {
        super(client, link);
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        begin(context.channel(), new IpcOutlet(context, client, link), new JsonTextCutter(
            client.relayConfig().limits().upstreamMessageBytes(), new PublisherFrames(loop.publisher()), this));
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        read((ByteBuf)message);
    }

    @Override
    public boolean onText(final ReceivedFrame text)
    {
        loop.publisher().decode(text);
        if (text.view.kind == FrameKind.INVALID_JSON)
        {
            // Its brackets may have been counted wrong, and then so are those of all that follows.
            final String refusal = text.view.refusal;
            loop.publisher().giveFrame(text);
            reader().end();
            onGarbage("a text that is not JSON: " + refusal, false);
            return false;
        }
        return take(text);
    }

    @Override
    public void onGarbage(final String reason, final boolean isTooBig)
    {
        loop.counters().increment(isTooBig ? RelayCounter.UPSTREAM_TOO_BIG : RelayCounter.UPSTREAM_INVALID);
        link.close("the upstream sent " + reason);
    }
}
