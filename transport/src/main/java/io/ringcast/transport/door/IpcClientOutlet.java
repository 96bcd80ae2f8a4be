package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.ringcast.config.LimitsConfig;
import io.ringcast.transport.loop.NetworkLoop;

/**
 * The way out to a client on a Unix domain socket: each text and a newline.
 * Confined to the I/O loop that owns the socket.
 */
final class IpcClientOutlet extends BufferedOutlet
{
    private final IpcClientConnection connection;
    private final FrameCursor cursor = new FrameCursor();

    IpcClientOutlet(
        final IpcClientConnection connection, final Channel channel, final NetworkLoop loop,
        final LimitsConfig limits, final MemoryBudget unsentBudget)
    {
        super(loop.nextConnectionId(), channel, loop, limits, unsentBudget);
        this.connection = connection;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        if (isClosed())
        {
            return;
        }
        cursor.wrap(chunk, offset, length);
        while (cursor.next())
        {
            // A frame's header is at least as long as the newline.
            noted(length).writeBytes(chunk, cursor.textOffset(), cursor.textLength()).writeByte('\n');
        }
        onNoted(length, items, receivedAtNs);
    }

    @Override
    public boolean hasBarrier()
    {
        return true;
    }

    /** There is no ping here, so the barrier opens by time: web3.js loses an item that it reads with the answer. */
    @Override
    public void ping(final long token)
    {
        // Nothing that a client would answer.
    }

    @Override
    public void fail()
    {
        connection.closeNow();
    }

    @Override
    public void onTick(final long nowNs)
    {
        returnBudget();
    }

    @Override
    public void closeForRestart()
    {
        connection.close("the relay stops");
    }

    @Override
    void closeSlow()
    {
        connection.closeSlow();
    }
}
