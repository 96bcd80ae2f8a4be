package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.ringcast.transport.loop.LaterTask;

import java.util.concurrent.TimeUnit;

/**
 * What happens if nothing else does in time. Setting it again moves it; a later time leaves the timer running, which
 * looks at the time again when it rings.
 * Confined to its I/O loop.
 */
final class HttpDeadline
{
    private final Channel channel;
    private final Runnable onPassed;
    private Future<?> timer;
    private long timerAtNs;
    private long deadlineNs;

    /**
     * Starts without a time.
     *
     * @param channel  whose deadline it is.
     * @param onPassed what happens; a fault in it ends the connection.
     */
    HttpDeadline(final Channel channel, final Runnable onPassed)
    {
        this.channel = channel;
        this.onPassed = onPassed;
    }

    void set(final long fromNowMs)
    {
        deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(fromNowMs);
        if (timer != null && timerAtNs - deadlineNs > 0)
        {
            timer.cancel(false);
            timer = null;
        }
        if (timer == null)
        {
            schedule();
        }
    }

    void cancel()
    {
        if (timer != null)
        {
            timer.cancel(false);
            timer = null;
        }
    }

    private void schedule()
    {
        timerAtNs = deadlineNs;
        timer = LaterTask.schedule(
            channel, Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS, this::ring);
    }

    private void ring()
    {
        timer = null;
        if (System.nanoTime() - deadlineNs < 0)
        {
            schedule();
        }
        else
        {
            onPassed.run();
        }
    }
}
