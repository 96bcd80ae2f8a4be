package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

import java.util.concurrent.TimeUnit;

/**
 * Says a last thing on a socket and hangs up so that the other side can read it.
 * Confined to the I/O loop that owns the socket.
 */
final class SocketEnd
{
    /** How long the other side has to hang up as well. */
    private static final long FORCED_CLOSE_MS = 2_000;

    private SocketEnd()
    {
    }

    /**
     * Writes the last message and ends the way out. Closing at once with bytes unread would reset the connection, and
     * the other side might never see the message; so what still comes is read and dropped for a while.
     *
     * @param channel the socket.
     * @param last    owned by this call.
     */
    static void write(final Channel channel, final Object last)
    {
        writeLast(channel, last);
        channel.eventLoop().schedule(() -> channel.close(), FORCED_CLOSE_MS, TimeUnit.MILLISECONDS);
    }

    /** The same without an end of the wait: the caller closes the socket. */
    static void writeLast(final Channel channel, final Object last)
    {
        channel.config().setAutoRead(true);
        final SslHandler tls = channel.pipeline().get(SslHandler.class);
        channel.writeAndFlush(last).addListener(written ->
        {
            if (tls != null)
            {
                // Without this a client could not tell the end from a cut line.
                tls.closeOutbound().addListener(told -> shutdownOutput(channel));
            }
            else
            {
                shutdownOutput(channel);
            }
        });
    }

    private static void shutdownOutput(final Channel channel)
    {
        if (channel instanceof DuplexChannel duplex)
        {
            duplex.shutdownOutput();
        }
    }
}
