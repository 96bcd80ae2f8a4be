package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.ringcast.config.LimitsConfig;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.transport.loop.GatedReader;
import io.ringcast.transport.loop.JsonTextCutter;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.PublisherFrames;

/**
 * One client on a Unix domain socket.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>It has no ping: the kernel tells at once when the client is gone.
 */
final class IpcClientConnection extends ChannelInboundHandlerAdapter implements JsonTextCutter.Taker
{
    private static final String DOOR = "ipc";

    private final NetworkLoop loop;
    private final LimitsConfig limits;
    private final BudgetShare unfinished;
    private final MemoryBudget unsentBudget;
    private Channel channel;
    private IpcClientOutlet outlet;
    private GatedReader reader;
    private boolean isOpen = true;

    IpcClientConnection(
        final NetworkLoop loop, final LimitsConfig limits, final MemoryBudget unfinishedBudget,
        final MemoryBudget unsentBudget)
    {
        this.loop = loop;
        this.limits = limits;
        unfinished = new BudgetShare(unfinishedBudget);
        this.unsentBudget = unsentBudget;
    }

    @Override
    public void handlerAdded(final ChannelHandlerContext context)
    {
        channel = context.channel();
        outlet = new IpcClientOutlet(this, channel, loop, limits, unsentBudget);
        reader = new GatedReader(
            new JsonTextCutter(limits.messageBytes(), new PublisherFrames(loop.publisher()), this), false, channel,
            loop.publisher(), this::tryPublish, this::afterRead);
        loop.egress().addConnection(outlet);
        loop.counters().increment(RelayCounter.CONNECTIONS_OPENED);
        loop.counters().increment(RelayCounter.IPC_CONNECTIONS);
        ConnectionLog.opened(loop, outlet.connectionId(), DOOR, channel);
    }

    @Override
    public void channelRead(final ChannelHandlerContext context, final Object message)
    {
        reader.read((ByteBuf)message, System.nanoTime());
        if (isOpen)
        {
            afterRead();
        }
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext context)
    {
        if (channel.isWritable())
        {
            outlet.onWritable();
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext context)
    {
        leave();
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
    {
        loop.onCaught(cause);
        closeNow();
    }

    @Override
    public boolean onText(final ReceivedFrame text)
    {
        loop.publisher().decode(text);
        return reader.publish(text);
    }

    /** Nobody knows where the next text begins: the client is told and hung up on, as geth does. */
    @Override
    public void onGarbage(final String reason, final boolean isTooBig)
    {
        loop.counters().increment(RelayCounter.CLOSED_VIOLATION);
        if (!isOpen)
        {
            return;
        }
        final String code = isTooBig ? "-32600,\"message\":\"invalid request: " : "-32700,\"message\":\"parse error: ";
        channel.write(ByteBufUtil.writeUtf8(channel.alloc(),
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" + code + reason + "\"}}\n"));
        close(reason);
    }

    void closeSlow()
    {
        if (isOpen)
        {
            loop.counters().increment(RelayCounter.CLOSED_SLOW);
            ConnectionLog.closing(loop, outlet.connectionId(), DOOR, "slow consumer");
            closeNow();
        }
    }

    void closeNow()
    {
        leave();
        channel.close();
    }

    /** Sends what is written, then the end; the socket goes when the client goes, or soon without it. */
    void close(final String reason)
    {
        if (!isOpen)
        {
            return;
        }
        ConnectionLog.closing(loop, outlet.connectionId(), DOOR, reason);
        leave();
        SocketEnd.write(channel, channel.alloc().buffer(0, 0));
    }

    private boolean tryPublish(final ReceivedFrame text, final long readAtNs)
    {
        return !loop.publisher().isHeld() && !loop.isBehind() &&
            loop.publisher().tryPublishClientFrame(outlet.connectionId(), text, readAtNs);
    }

    private void afterRead()
    {
        if (!unfinished.change(reader.unfinishedBytes()))
        {
            loop.counters().increment(RelayCounter.CLOSED_OVERLOAD);
            close("too many unfinished messages");
        }
    }

    /** The connection takes no part any more: its subscriptions end and its memory goes back. Harmless twice. */
    private void leave()
    {
        if (!isOpen)
        {
            return;
        }
        isOpen = false;
        outlet.close();
        loop.egress().removeConnection(outlet);
        reader.end();
        unfinished.giveBack();
        loop.counters().increment(RelayCounter.CONNECTIONS_CLOSED);
        ConnectionLog.closed(loop, outlet.connectionId(), DOOR);
        loop.publishSurely(EventKind.CLIENT_CLOSED, outlet.connectionId(), 0);
    }
}
