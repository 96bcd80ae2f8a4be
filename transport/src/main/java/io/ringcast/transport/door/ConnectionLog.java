package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.ringcast.transport.loop.NetworkLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line at DEBUG for each thing that happens to a connection, with its id as a key and value.
 * Any thread. Costs one look at the level while the lines are off, which they are unless somebody asks for them.
 *
 * <p>The logger has a name of its own, so these lines can be turned on alone while the relay runs.
 */
final class ConnectionLog
{
    /** The logger of all lines about connections. */
    static final String NAME = "io.ringcast.connections";

    private static final AttributeKey<byte[]> REMOTE = AttributeKey.valueOf(ConnectionLog.class, "remote");
    private static final Logger LOGGER = LoggerFactory.getLogger(NAME);

    private ConnectionLog()
    {
    }

    /** A proxy says where the client is. */
    static void setRemote(final Channel channel, final byte[] address)
    {
        channel.attr(REMOTE).set(address);
    }

    /** Where a proxy has said that the client is; null if none has. */
    static byte[] remote(final Channel channel)
    {
        return channel.attr(REMOTE).get();
    }

    static void opened(final NetworkLoop loop, final long connectionId, final String door, final Channel channel)
    {
        if (LOGGER.isDebugEnabled())
        {
            line(loop, connectionId, door).addKeyValue("remote", remoteOf(channel)).log("opened");
        }
    }

    /** The relay has decided to close a connection. */
    static void closing(final NetworkLoop loop, final long connectionId, final String door, final String reason)
    {
        if (LOGGER.isDebugEnabled())
        {
            line(loop, connectionId, door).addKeyValue("reason", reason).log("closing");
        }
    }

    static void closed(final NetworkLoop loop, final long connectionId, final String door)
    {
        if (LOGGER.isDebugEnabled())
        {
            line(loop, connectionId, door).log("closed");
        }
    }

    private static Object remoteOf(final Channel channel)
    {
        // Of a stream, its socket knows.
        final Channel socket = channel instanceof Http2StreamChannel ? channel.parent() : channel;
        final byte[] forwarded = socket.attr(REMOTE).get();
        return forwarded == null ? socket.remoteAddress() : NetUtil.bytesToIpAddress(forwarded);
    }

    private static LoggingEventBuilder line(final NetworkLoop loop, final long connectionId, final String door)
    {
        return LOGGER.atDebug()
            .addKeyValue("network", loop.networkName())
            .addKeyValue("connection", Long.toHexString(connectionId))
            .addKeyValue("door", door);
    }
}
