package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.Http2StreamChannel;

/** How much of what was written has yet to leave a channel. Confined to the I/O loop that owns the socket. */
final class UnsentBytes
{
    private UnsentBytes()
    {
    }

    /**
     * Looks at a channel.
     *
     * @param channel a socket, or a stream of HTTP/2, where what waits for the other side's window counts as well.
     * @return the number of bytes; 0 once it is closed.
     */
    static long of(final Channel channel)
    {
        if (channel instanceof Http2StreamChannel)
        {
            return ofStream(channel);
        }
        final ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** A stream has no outbound buffer and tells only how far it is from its marks. */
    private static long ofStream(final Channel stream)
    {
        if (!stream.isOpen())
        {
            return 0;
        }
        return stream.isWritable() ?
            stream.config().getWriteBufferHighWaterMark() + 1L - stream.bytesBeforeUnwritable() :
            Math.max(0, stream.config().getWriteBufferLowWaterMark() - 1L + stream.bytesBeforeWritable());
    }
}
