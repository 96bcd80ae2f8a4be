package io.ringcast.tools.load;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients that were away and come back all at once, each to go on behind the same item.
 * Confined to the thread that opened them.
 */
public final class ReturningClients implements AutoCloseable
{
    private static final long LIVE_SECONDS = 60;

    private final LoadClients clients;
    private final CountDownLatch live;
    private final Histogram liveAfterNs = new ConcurrentHistogram(TimeUnit.HOURS.toNanos(1), 3);
    private final ItemSource source;

    private ReturningClients(final LoadClients clients, final int count, final ItemSource source)
    {
        this.clients = clients;
        this.source = source;
        live = new CountDownLatch(count);
    }

    /**
     * Lets them come back, and waits until all have read the newest item.
     *
     * @param target where to.
     * @param source what sends the items.
     * @param count  how many.
     * @param missed how many items each has missed.
     * @return them, all live.
     * @throws IOException          if one is refused, or not all are live after a minute.
     * @throws InterruptedException if the thread is interrupted.
     */
    public static ReturningClients open(
        final LoadTarget target, final ItemSource source, final int count, final int missed)
        throws IOException, InterruptedException
    {
        final long lastSequence = Math.max(1, source.sentItems() - missed);
        final LoadClients opened = new LoadClients(target, 1, new LoadClock(), LoadClients.ALL);
        final ReturningClients returning = new ReturningClients(opened, count, source);
        final long startNs = System.nanoTime();
        try
        {
            opened.open(count, (loop, listener, index) -> new ReturningClient(
                loop, listener, target, lastSequence, source::sentItems, () ->
                {
                    returning.liveAfterNs.recordValue(System.nanoTime() - startNs);
                    returning.live.countDown();
                }));
            if (!returning.live.await(LIVE_SECONDS, TimeUnit.SECONDS))
            {
                throw new IOException(returning.live.getCount() + " of " + count + " are not live after " +
                    LIVE_SECONDS + " s: " + opened.failure());
            }
            return returning;
        }
        catch (final IOException | InterruptedException e)
        {
            opened.close();
            throw e;
        }
    }

    /**
     * Tells how long they took.
     *
     * @return nanoseconds from the first connect until each was live.
     */
    public Histogram liveAfterNs()
    {
        return liveAfterNs;
    }

    /**
     * Waits for what is still on its way after the source has sent its last item, and counts what was wrong.
     *
     * @return items lost, doubled or out of order, and connections closed.
     * @throws InterruptedException if the thread is interrupted.
     */
    public long faults() throws InterruptedException
    {
        final long last = source.sentItems();
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIVE_SECONDS);
        while (missing(last) > 0 && System.nanoTime() - deadlineNs < 0)
        {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return missing(last) + clients.closed() + clients.connections().stream()
            .map(each -> ((ReturningClient)each).check())
            .mapToLong(check -> check.duplicates() + check.reordered() + check.strays()).sum();
    }

    private long missing(final long last)
    {
        return clients.connections().stream().map(each -> ((ReturningClient)each).check())
            .mapToLong(check -> Math.max(0, check.expected(last) - check.received())).sum();
    }

    @Override
    public void close()
    {
        clients.close();
    }
}
