package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.ringcast.egress.Outlet;
import io.ringcast.session.ConnectionId;

/**
 * The way out to an HTTP upstream: each text is a call of its own.
 * Confined to the I/O loop of the upstream.
 */
final class HttpUpstreamOutlet extends Outlet
{
    private final HttpLink link;

    HttpUpstreamOutlet(final HttpLink link)
    {
        super(ConnectionId.NONE);
        this.link = link;
    }

    @Override
    public void append(
        final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
    {
        final byte[] text = new byte[length];
        chunk.getBytes(offset, text);
        link.onText(text);
    }

    @Override
    public void flush()
    {
        // Each call has gone to a connection already, or waits for one.
    }

    @Override
    public void fail()
    {
        link.close("given up by the relay");
    }
}
