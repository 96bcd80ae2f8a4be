package io.ringcast.transport.journal;

import io.ringcast.config.JournalPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Lets the rings go on when the journal's thread does not.
 * A thread of its own; it sleeps but for a look now and then.
 *
 * <p>That thread writes to the disk, and a disk that does not answer keeps it in the write for as long as it likes. If
 * that is longer than the settings allow, and they do not say to hold, this thread gives the journal up and polls the
 * rings in that one's place. It does so under any settings when that thread has ended, but for one that has recorded
 * all to its end.
 */
final class JournalWatch implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalWatch.class);
    private static final long CHECK_MS = 25;
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(CHECK_MS);
    /** A thread that got no processor for a moment is not stuck, and the ring absorbs the moment. */
    private static final long MIN_STUCK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final RecordedRings rings;
    private final BooleanSupplier isThreadAlive;
    private final JournalPolicy whenBehind;
    private final long pushBackNs;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ringcast-journal-watch");
    private long seenPolls;
    private long seenNs;
    private long stuckNs;
    private boolean isHolding;

    /**
     * Creates a watch.
     *
     * @param rings         what the journal's thread polls.
     * @param isThreadAlive whether that thread runs.
     * @param whenBehind    what to do if it is stuck.
     * @param pushBackMs    how long it may be stuck, in milliseconds; less than 500 count as 500.
     */
    JournalWatch(
        final RecordedRings rings, final BooleanSupplier isThreadAlive, final JournalPolicy whenBehind,
        final long pushBackMs)
    {
        this.rings = rings;
        this.isThreadAlive = isThreadAlive;
        this.whenBehind = whenBehind;
        pushBackNs = Math.max(MIN_STUCK_NS, TimeUnit.MILLISECONDS.toNanos(pushBackMs));
    }

    void start()
    {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close()
    {
        stop.countDown();
        try
        {
            thread.join();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try
        {
            begin(System.nanoTime());
            boolean hasTaken = false;
            while (!stop.await(hasTaken ? 1 : CHECK_MS, TimeUnit.MILLISECONDS))
            {
                hasTaken = hasTaken || tryTake(System.nanoTime());
                if (hasTaken)
                {
                    while (rings.pollTaken(System.nanoTime()) > 0)
                    {
                        Thread.onSpinWait();
                    }
                }
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    void begin(final long nowNs)
    {
        seenNs = nowNs;
    }

    /**
     * Looks whether the journal's thread is at work, and takes the rings if not.
     *
     * @param nowNs the time. What is more than two checks after the last one does not count: then this thread did not
     *              run either, and what kept it has kept the other.
     * @return true if it has taken them: they are to be polled from now on.
     */
    boolean tryTake(final long nowNs)
    {
        if (rings.haveEnded())
        {
            // What is left is the disk's: it may take as long as it likes to have the last of it.
            return false;
        }
        final long polls = rings.polls();
        stuckNs = polls == seenPolls ? stuckNs + Math.min(nowNs - seenNs, 2 * CHECK_NS) : 0;
        isHolding &= stuckNs > 0;
        seenPolls = polls;
        seenNs = nowNs;
        if (!isThreadAlive.getAsBoolean())
        {
            return tryTake("its thread has ended");
        }
        if (stuckNs >= pushBackNs && whenBehind == JournalPolicy.BREAK)
        {
            return tryTake("the disk took nothing for " + TimeUnit.NANOSECONDS.toMillis(stuckNs) + " ms");
        }
        if (stuckNs >= pushBackNs && !isHolding)
        {
            isHolding = true;
            rings.countHold();
            LOGGER.error("the journal's disk takes nothing; the relay is held back until it does");
        }
        return false;
    }

    private boolean tryTake(final String why)
    {
        if (!rings.tryTake())
        {
            return false;
        }
        rings.fail(why);
        return true;
    }
}
