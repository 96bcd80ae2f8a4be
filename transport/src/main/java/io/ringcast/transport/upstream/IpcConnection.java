package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.loop.GatedReader;
import io.ringcast.transport.loop.JsonTextCutter;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.PublisherFrames;

/**
 * One Unix domain socket to an upstream.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>It has no ping: the kernel tells at once when the node is gone, and a node that hangs is noticed by what it does
 * not send.
 */
final class IpcConnection extends ChannelInboundHandlerAdapter implements JsonTextCutter.Taker
{
    private final NetworkLoop loop;
    private final UpstreamClient client;
    private final IpcLink link;
    private Channel channel;
    private IpcOutlet outlet;
    private GatedReader reader;

    IpcConnection(final UpstreamClient client, final IpcLink link)
    {
        this.client = client;
        this.link = link;
        loop = client.loop();
    }

    @Override
    public void channelActive(final ChannelHandlerContext context)
    {
        channel = context.channel();
        outlet = new IpcOutlet(context, client, link);
        reader = new GatedReader(
            new JsonTextCutter(
                client.relayConfig().limits().upstreamMessageBytes(), new PublisherFrames(loop.publisher()), this),
            true, channel, loop.publisher(), this::tryPublish, () -> { });
        link.onUp(outlet);
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        reader.read((ByteBuf)message, System.nanoTime());
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        reader.end();
        outlet.close();
        link.onInactive();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context)
    {
        client.onCongested(!channel.isWritable());
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        link.close(FailureText.of(cause));
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
            reader.end();
            onGarbage("a text that is not JSON: " + refusal, false);
            return false;
        }
        if (outlet.polls().tryTakeAnswer(text))
        {
            loop.publisher().giveFrame(text);
            return true;
        }
        return reader.publish(text);
    }

    @Override
    public void onGarbage(final String reason, final boolean isTooBig)
    {
        loop.counters().increment(isTooBig ? RelayCounter.UPSTREAM_TOO_BIG : RelayCounter.UPSTREAM_INVALID);
        link.close("the upstream sent " + reason);
    }

    private boolean tryPublish(final ReceivedFrame message, final long readAtNs)
    {
        return !loop.isBehind() &&
            loop.publisher().tryPublishUpstreamFrame(client.laneIndex(), message, readAtNs);
    }
}
