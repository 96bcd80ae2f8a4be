package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.pipeline.EventKind;
import io.ringcast.session.ConnectionId;
import io.ringcast.transport.loop.FailureText;
import io.ringcast.transport.loop.GatedReader;
import io.ringcast.transport.loop.MessageCutter;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * One socket to an upstream that can be used: what comes over it goes into the ring, but for the answers to polls.
 * Confined to the I/O loop that owns the socket.
 */
abstract class UpstreamSocket extends ChannelInboundHandlerAdapter
{
    final NetworkLoop loop;
    final UpstreamClient client;
    final SocketLink link;
    private Channel channel;
    private UpstreamOutlet outlet;
    private GatedReader reader;
    private final LongText longText = new LongText(System.nanoTime());
    private long readAtNs;

    UpstreamSocket(final UpstreamClient client, final SocketLink link)
    {
        this.client = client;
        this.link = link;
        loop = client.loop();
    }

    /** Begins to read and to be written to. */
    final void begin(final Channel ofSocket, final UpstreamOutlet wayOut, final MessageCutter cutter)
    {
        channel = ofSocket;
        outlet = wayOut;
        reader = new GatedReader(cutter, true, channel, loop.publisher(), this::tryPublish, () -> { });
        link.onUp(outlet);
    }

    @Override
    public final void channelInactive(final ChannelHandlerContext context)
    {
        reader.end();
        outlet.close();
        link.onInactive();
    }

    @Override
    public final void channelWritabilityChanged(final ChannelHandlerContext context)
    {
        client.onCongested(!channel.isWritable());
    }

    @Override
    public final void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        link.close(FailureText.of(cause));
    }

    /** Reads what has come. */
    final void read(final ByteBuf in)
    {
        readAtNs = System.nanoTime();
        client.signs().onHeard(readAtNs);
        if (longText.isArriving(in.readableBytes(), readAtNs))
        {
            loop.publishSurely(EventKind.UPSTREAM_READING, ConnectionId.NONE, client.laneIndex());
        }
        reader.read(in, readAtNs);
    }

    /**
     * Takes a decoded text.
     *
     * @return false if the ring takes no more for now.
     */
    final boolean take(final ReceivedFrame text)
    {
        longText.onEnd(readAtNs);
        if (outlet.polls().tryTakeAnswer(text))
        {
            loop.publisher().giveFrame(text);
            return true;
        }
        return reader.publish(text);
    }

    final Channel channel()
    {
        return channel;
    }

    final UpstreamOutlet outlet()
    {
        return outlet;
    }

    final GatedReader reader()
    {
        return reader;
    }

    private boolean tryPublish(final ReceivedFrame message, final long readAtNs)
    {
        return !loop.isBehind() && loop.publisher().tryPublishUpstreamFrame(client.laneIndex(), message, readAtNs);
    }
}
