package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.ringcast.transport.loop.LaterTask;

/**
 * HTTP/2: the channel is one stream of a socket, which the others go on using.
 * Confined to the I/O loop that owns the socket.
 */
final class Http2Wire implements HttpWire
{
    /** How long the client has to take the last thing before its stream is reset. */
    private static final long FORCED_CLOSE_MS = 2_000;

    private final HttpDoor door;
    private final Channel socket;
    private boolean hasBegun;
    private HttpFault fault;

    Http2Wire(final HttpDoor door, final Channel socket)
    {
        this.door = door;
        this.socket = socket;
    }

    @Override
    public boolean isForOneRequest()
    {
        return true;
    }

    /** The socket's first request says where its client is; if that opens too many, no stream of it goes further. */
    @Override
    public HttpFault faultOf(final HttpRequest request)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            fault = door.access().firstFault(socket, request.headers(), System.nanoTime());
        }
        return fault;
    }

    /** A stream of events stays, so it takes a place as a socket does. */
    @Override
    public HttpFault streamFault(final Channel channel)
    {
        if (!door.connections().tryTake())
        {
            return HttpFault.tooManyConnections(door.config().limits().connections());
        }
        channel.closeFuture().addListener(future -> door.connections().give());
        return null;
    }

    @Override
    public void writeLast(final Channel channel, final Object last)
    {
        // Not an error: the client need not send the rest of its request.
        channel.writeAndFlush(last).addListener(written -> end(channel, Http2Error.NO_ERROR));
        if (channel.isOpen())
        {
            LaterTask.schedule(channel, FORCED_CLOSE_MS, () -> cut(channel));
        }
    }

    @Override
    public void cut(final Channel channel)
    {
        end(channel, Http2Error.CANCEL);
    }

    /** What a client has the relay reset counts as what it resets itself; a reset with CANCEL would not. */
    @Override
    public void cutOffender(final Channel channel)
    {
        end(channel, Http2Error.PROTOCOL_ERROR);
    }

    /** Closing alone resets nothing once the end of the response waits for the client's window, and that for ever. */
    private static void end(final Channel channel, final Http2Error error)
    {
        if (channel.isOpen())
        {
            if (((Http2StreamChannel)channel).stream().state() != Http2Stream.State.CLOSED)
            {
                channel.writeAndFlush(new DefaultHttp2ResetFrame(error));
            }
            channel.close();
        }
    }

    /** Frames say where a body ends. */
    @Override
    public boolean isChunked(final HttpReply reply)
    {
        return false;
    }

    @Override
    public Object body(final ByteBuf bytes)
    {
        return new DefaultHttp2DataFrame(bytes);
    }

    @Override
    public void endBody(final Channel channel, final HttpReply reply)
    {
        channel.writeAndFlush(new DefaultHttp2DataFrame(true));
    }
}
