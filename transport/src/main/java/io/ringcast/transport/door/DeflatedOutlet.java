package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.ringcast.config.LimitsConfig;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * The way out to a socket whose client takes compressed messages: items go compressed, in a form that all such clients
 * of the loop share; answers, which are one client's own, go plain.
 * Confined to the I/O loop that owns the socket.
 */
final class DeflatedOutlet extends SocketOutlet
{
    private final DeflatedRuns runs;

    DeflatedOutlet(
        final long connectionId, final ClientConnection connection, final Channel channel,
        final ChannelHandlerContext tls, final NetworkLoop loop, final LimitsConfig limits,
        final MemoryBudget unsentBudget, final DeflatedRuns runs)
    {
        super(connectionId, connection, channel, tls, loop, limits, unsentBudget);
        this.runs = runs;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (items == 0)
        {
            super.append(chunk, offset, length, receivedAtNs, items);
            return;
        }
        runs.wrap(chunk, offset, length);
        super.append(runs.chunk(), runs.offset(), runs.length(), receivedAtNs, items);
    }

    @Override
    public void send(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (items == 0)
        {
            super.send(chunk, offset, length, receivedAtNs, items);
            return;
        }
        runs.wrap(chunk, offset, length);
        super.send(runs.chunk(), runs.offset(), runs.length(), receivedAtNs, items);
    }
}
