package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * The way out to an upstream over a Unix domain socket: texts as they are, each with a newline behind it, as nodes that
 * read line by line need it.
 * Confined to the I/O loop that owns the socket.
 */
final class IpcOutlet extends UpstreamOutlet
{
    IpcOutlet(final ChannelHandlerContext context, final UpstreamClient client, final UpstreamLink link)
    {
        super(context, client, link);
    }

    @Override
    void writeText(final ByteBuf target, final ByteBuf chunk, final int offset, final int length)
    {
        target.writeBytes(chunk, offset, length);
        target.writeByte('\n');
    }
}
