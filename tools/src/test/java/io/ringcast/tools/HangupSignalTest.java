package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class HangupSignalTest
{
    @Test
    void shouldActAndLiveOnGivenTheSignal() throws Exception
    {
        final CountDownLatch seen = new CountDownLatch(2);
        Assumptions.assumeTrue(HangupSignal.tryListen(seen::countDown), "no SIGHUP comes through here");
        for (int i = 0; i < 2; i++)
        {
            final long before = seen.getCount();
            assertEquals(0, new ProcessBuilder("kill", "-HUP", Long.toString(ProcessHandle.current().pid()))
                .inheritIO().start().waitFor());
            final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (seen.getCount() == before && System.nanoTime() - endNs < 0)
            {
                Thread.onSpinWait();
            }
        }
        assertTrue(seen.await(10, TimeUnit.SECONDS));
    }
}
