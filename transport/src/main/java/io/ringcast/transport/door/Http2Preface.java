package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;

import java.util.List;

/**
 * Tells by a socket's first bytes whether it speaks HTTP/2, which begins with a preface that no older version could
 * take for a request; then makes way.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>What was agreed on in the TLS handshake is not looked at: whoever agreed on h2 begins with the preface, too.
 */
final class Http2Preface extends ByteToMessageDecoder
{
    /** What the handlers behind are told before the preface comes to them. */
    static final Object SEEN = new Object()
    {
        @Override
        public String toString()
        {
            return "HTTP/2";
        }
    };

    private static final byte[] PREFACE = ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf());

    @Override
    protected void decode(final ChannelHandlerContext context, final ByteBuf in, final List<Object> out)
    {
        final int length = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < length; i++)
        {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i])
            {
                context.pipeline().remove(this);
                return;
            }
        }
        if (length == PREFACE.length)
        {
            context.fireUserEventTriggered(SEEN);
            context.pipeline().remove(this);
        }
    }
}
