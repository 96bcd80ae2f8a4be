package io.ringcast.transport.journal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What other threads have the journal's thread do, which drives the archive from first to last.
 * Any thread, except what says otherwise.
 */
final class JournalTasks
{
    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private volatile boolean isClosed;

    /**
     * Waits until the journal's thread has done something.
     *
     * @param task what.
     * @param <T>  what comes of it.
     * @return what came of it.
     */
    <T> T call(final Callable<T> task)
    {
        final FutureTask<T> future = new FutureTask<>(task);
        tasks.add(future);
        if (isClosed)
        {
            close();
        }
        try
        {
            return future.get();
        }
        catch (final ExecutionException e)
        {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
        catch (final CancellationException e)
        {
            throw new IllegalStateException("the journal has ended", e);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Does the next one, if there is any; on the journal's thread. */
    void runNext()
    {
        final FutureTask<?> task = tasks.poll();
        if (task != null)
        {
            task.run();
        }
    }

    /** Nothing is done any more: whoever waits is told so. */
    void close()
    {
        isClosed = true;
        for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll())
        {
            task.cancel(false);
        }
    }
}
