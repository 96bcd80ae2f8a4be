package io.ringcast.transport.door;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

import java.util.concurrent.TimeUnit;

/**
 * What happens if nothing else does in time. Setting it again moves it; a later time leaves the timer running, which
 * looks at the time again when it rings.
 * Confined to its I/O loop.
 */
final class HttpDeadline
{
    private final EventExecutor loop;
    private final Runnable onPassed;
    private Future<?> timer;
    private long timerAtNs;
    private long deadlineNs;

    HttpDeadline(final EventExecutor loop, final Runnable onPassed)
    {
        this.loop = loop;
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
        timer = loop.schedule(this::ring, Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
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
