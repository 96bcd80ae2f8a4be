package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Where versions of HTTP differ below a request and its response; everything above is the same code. The channel is the
 * socket, or with HTTP/2 one stream of it, and its handler "http" makes objects of bytes and bytes of objects.
 * Confined to the I/O loop that owns the socket.
 */
interface HttpWire
{
    /** True if the channel ends behind one response. */
    boolean isForOneRequest();

    /**
     * Looks at a request before anything else does.
     *
     * @param request the request.
     * @return why it goes no further, or null.
     */
    HttpFault faultOf(HttpRequest request);

    /**
     * Asks for a place for a stream of events, which is given back when its channel closes.
     *
     * @param channel the channel.
     * @return why there is none, or null.
     */
    HttpFault streamFault(Channel channel);

    /**
     * Writes the last thing on a channel and ends it so that the other side can read it.
     *
     * @param channel the channel.
     * @param last    owned by this call.
     */
    void writeLast(Channel channel, Object last);

    /**
     * Ends a channel at once, with whatever has yet to leave.
     *
     * @param channel the channel; may be closed.
     */
    void cut(Channel channel);

    /**
     * Ends a channel whose other side has broken the rules, or is gone.
     *
     * @param channel the channel; may be closed.
     */
    void cutOffender(Channel channel);

    /**
     * Tells whether a body without a known length carries its own framing.
     *
     * @param reply what the request asked of its response.
     * @return true if it is sent in chunks.
     */
    boolean isChunked(HttpReply reply);

    /**
     * Makes a piece of such a body what the channel takes once its handler "http" is gone.
     *
     * @param bytes owned by what is returned.
     * @return what is to be written.
     */
    Object body(ByteBuf bytes);

    /**
     * Ends such a body.
     *
     * @param channel the channel, without its handler "http".
     * @param reply   what the request asked of its response.
     */
    void endBody(Channel channel, HttpReply reply);
}
