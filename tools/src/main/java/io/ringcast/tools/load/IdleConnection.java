package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;

/** A connection that does nothing once it is open. Confined to its event loop. */
final class IdleConnection extends LoadConnection
{
    IdleConnection(final ClientLoop loop, final LoadListener listener, final LoadTarget target)
    {
        super(loop, listener, target, target.dialect() == Dialect.NCHAN ? target.path() + 0 : target.path());
    }

    @Override
    void onOpen()
    {
        ready();
    }

    @Override
    public void onMessage(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        // Whatever it is, nobody asked.
    }
}
