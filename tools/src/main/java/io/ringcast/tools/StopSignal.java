package io.ringcast.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the main thread end in order when the JVM is told to stop, by Ctrl-C or a signal.
 * Any thread; the main thread awaits and closes, the JVM's hook signals and waits for the close.
 */
final class StopSignal implements AutoCloseable
{
    private static final long LONGEST_END_MS = 15_000;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private StopSignal()
    {
    }

    static StopSignal onShutdown()
    {
        final StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::stopAndWait, "ringcast-stop"));
        return signal;
    }

    private void stopAndWait()
    {
        stopped.countDown();
        try
        {
            ended.await(LONGEST_END_MS, TimeUnit.MILLISECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    void await() throws InterruptedException
    {
        stopped.await();
    }

    /** True when it is time to stop. */
    boolean awaitMs(final long timeoutMs) throws InterruptedException
    {
        return stopped.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    /** Says that the main thread has ended its work. */
    @Override
    public void close()
    {
        ended.countDown();
    }
}
