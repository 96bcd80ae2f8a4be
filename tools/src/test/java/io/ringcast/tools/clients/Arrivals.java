package io.ringcast.tools.clients;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What arrives from the other side of a talk, in order, waited for with a bound. Any thread.
 *
 * @param <T> what arrives
 */
final class Arrivals<T>
{
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String what;
    private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
    private final Queue<T> taken = new ConcurrentLinkedQueue<>();

    Arrivals(final String what)
    {
        this.what = what;
    }

    void add(final T item)
    {
        waiting.add(item);
    }

    /** The next item; fails the test when none comes in time. */
    T next()
    {
        final T item = poll(PATIENCE);
        if (item == null)
        {
            throw new AssertionError("no further " + what + " in " + PATIENCE + "; so far: " + taken);
        }
        return item;
    }

    /** The next item, or null when none comes in {@code patience}. */
    T poll(final Duration patience)
    {
        try
        {
            final T item = waiting.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (item != null)
            {
                taken.add(item);
            }
            return item;
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what + "; so far: " + taken, interrupted);
        }
    }
}
