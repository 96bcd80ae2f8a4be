package io.ringcast.transport.loop;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;

import java.util.concurrent.TimeUnit;

/**
 * What a connection does later.
 * Confined to the I/O loop that owns the socket.
 */
public final class LaterTask
{
    private LaterTask()
    {
    }

    /**
     * Runs a task once. A fault in it goes to the connection's handlers, as one in a read does: they count it and end
     * the connection. Netty by itself would keep it, and the connection would stay without whatever was to happen.
     *
     * @param channel the connection, or a stream of one.
     * @param delayMs from now, in milliseconds; 0 and more.
     * @param task    what to run.
     * @return to cancel it.
     */
    public static Future<?> schedule(final Channel channel, final long delayMs, final Runnable task)
    {
        return schedule(channel, delayMs, TimeUnit.MILLISECONDS, task);
    }

    /** As above, with the unit of the delay. */
    public static Future<?> schedule(
        final Channel channel, final long delay, final TimeUnit unit, final Runnable task)
    {
        return channel.eventLoop().schedule(() ->
        {
            try
            {
                task.run();
            }
            catch (final Throwable e)
            {
                channel.pipeline().fireExceptionCaught(e);
            }
        }, delay, unit);
    }
}
