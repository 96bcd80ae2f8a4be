package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.ringcast.egress.Outlet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;

/**
 * The way back of one HTTP connection's calls to one network.
 * Confined to the I/O loop that owns the socket.
 */
final class HttpOutlet extends Outlet
{
    private final NetworkRelay network;
    private final NetworkLoop loop;
    private final HttpConnection connection;
    private final FrameCursor cursor = new FrameCursor();

    HttpOutlet(final NetworkRelay network, final NetworkLoop loop, final HttpConnection connection)
    {
        super(loop.nextCallsOnlyId());
        this.network = network;
        this.loop = loop;
        this.connection = connection;
    }

    NetworkRelay network()
    {
        return network;
    }

    NetworkLoop loop()
    {
        return loop;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        cursor.wrap(chunk, offset, length);
        while (cursor.next())
        {
            if (!connection.tryAnswer(this, chunk, cursor.textOffset(), cursor.textLength()))
            {
                loop.counters().increment(RelayCounter.REPLIES_TO_GONE);
            }
        }
    }

    @Override
    public void flush()
    {
        // An answer was handed over as it came.
    }

    /** The connection has been told already: an idle one is gone, and one that is owed an answer goes behind it. */
    @Override
    public void closeForRestart()
    {
        // What is owed is still answered.
    }

    @Override
    public void fail()
    {
        connection.closeNow();
    }
}
