package io.ringcast.transport.loop;

import io.netty.channel.EventLoop;

import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/**
 * A question to what is confined to an I/O loop, from outside.
 * Any thread, except another I/O loop's.
 */
public final class EventLoopCall
{
    private EventLoopCall()
    {
    }

    /**
     * Runs something on a loop and waits for it; not on another loop, which would then not turn.
     *
     * @throws IllegalStateException if the loop has ended, or with what the task threw as its cause
     */
    public static <T> T on(final EventLoop loop, final Callable<T> task)
    {
        try
        {
            return loop.inEventLoop() ? task.call() : loop.submit(task).get();
        }
        catch (final RejectedExecutionException e)
        {
            throw new IllegalStateException("the relay is closed", e);
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }
}
