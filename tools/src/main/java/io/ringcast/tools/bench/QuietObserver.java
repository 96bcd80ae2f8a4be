package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Says nothing while a load runs: one line a round is enough. Confined to the main thread. */
class QuietObserver implements LoadObserver
{
    @Override
    public void onProgress(final String line)
    {
        // One line a round is enough.
    }

    @Override
    public void onMeasureStart()
    {
        // Nothing to read.
    }

    @Override
    public void onMeasureEnd()
    {
        // Nothing to read.
    }

    @Override
    public final boolean awaitStopMs(final long timeoutMs)
    {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        return false;
    }
}
