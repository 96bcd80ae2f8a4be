package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/** HTTP/1.0 and HTTP/1.1: the channel is the socket. Any thread: it has no state. */
final class Http1Wire implements HttpWire
{
    static final Http1Wire INSTANCE = new Http1Wire();
    private static final String LAST_CHUNK = "0\r\n\r\n";

    private Http1Wire()
    {
    }

    @Override
    public boolean isForOneRequest()
    {
        return false;
    }

    /** The handshake has looked at the first. */
    @Override
    public HttpFault faultOf(final HttpRequest request)
    {
        return null;
    }

    /** Its socket has one. */
    @Override
    public HttpFault streamFault(final Channel channel)
    {
        return null;
    }

    @Override
    public void writeLast(final Channel channel, final Object last)
    {
        SocketEnd.write(channel, last);
    }

    @Override
    public void cut(final Channel channel)
    {
        channel.close();
    }

    @Override
    public void cutOffender(final Channel channel)
    {
        channel.close();
    }

    @Override
    public boolean isChunked(final HttpReply reply)
    {
        return reply.isHttp11();
    }

    @Override
    public Object body(final ByteBuf bytes)
    {
        return bytes;
    }

    @Override
    public void endBody(final Channel channel, final HttpReply reply)
    {
        if (reply.isHttp11())
        {
            channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), LAST_CHUNK));
        }
    }
}
