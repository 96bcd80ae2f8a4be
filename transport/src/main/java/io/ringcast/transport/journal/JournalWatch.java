package io.ringcast.transport.journal;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.FaultKinds;
import io.ringcast.pipeline.JournalLag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Sees that nothing was delivered long ago and is not written, and lets the rings go on when the journal's thread does
 * not.
 * A thread of its own; it sleeps but for a look now and then.
 *
 * <p>The journal's thread writes to the disk, and a disk that does not answer keeps it in the write for as long as it
 * likes; one that is slow lets it poll, but take little. Both are one here: the age of the oldest that was delivered
 * and is not written. When that comes to the limit, and the settings do not say to hold, the ring's journal is given
 * up: by its own thread at the next poll, or, if there is none until the next look, by this one, which from then on
 * polls all rings in that one's place. It does so under any settings when that thread has ended, but for one that has
 * recorded all to its end.
 *
 * <p>After a pause of the whole process, as when it was stopped or the machine slept, everything is old: then the
 * journal's thread has until the next look.
 */
final class JournalWatch implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(JournalWatch.class);
    private static final long MAX_CHECK_MS = 25;
    /** So that two looks beyond the limit are within what {@link JournalConfig#limitMs()} leaves of the interval. */
    private static final long CHECKS = 32;

    private final RecordedRings rings;
    private final BooleanSupplier isThreadAlive;
    private final JournalPolicy whenBehind;
    private final long limitNs;
    private final long checkMs;
    private final long checkNs;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ringcast-journal-watch");
    private final FaultKinds faults = new FaultKinds();
    private final List<Watched> watched = new ArrayList<>();
    private long seenPolls;
    private long seenNs;
    private boolean isLate;
    private boolean hasTaken;
    private long uncountedFaults;

    /** A ring, and what was done about it. */
    private final class Watched
    {
        private final RecordedRing ring;
        private final JournalLag lag;
        private boolean wasOverdue;
        private boolean isFailed;
        private boolean isHolding;

        Watched(final RecordedRing ring, final long nowNs)
        {
            this.ring = ring;
            lag = ring.newLag(limitNs, nowNs);
        }

        /** True if it should have been given up by now. */
        boolean look(final long nowNs)
        {
            final long ageNs = lag.ageNs(nowNs);
            final boolean isOverdue = ageNs >= limitNs && !ring.isBroken();
            final boolean isSure = isOverdue && (wasOverdue || !isLate);
            wasOverdue = isOverdue;
            if (whenBehind == JournalPolicy.HOLD)
            {
                tell(isOverdue, isSure);
                return false;
            }
            final boolean wasFailed = isFailed;
            if (isSure && !isFailed)
            {
                isFailed = true;
                ring.fail("what was delivered " + TimeUnit.NANOSECONDS.toMillis(ageNs) + " ms ago is not written");
            }
            return wasFailed && isOverdue;
        }

        private void tell(final boolean isOverdue, final boolean isSure)
        {
            if (isSure && !isHolding && rings.tryCount(ring, RelayCounter.JOURNAL_HOLDS))
            {
                isHolding = true;
                LOGGER.error("the journal takes nothing more, or too little; delivery is held back until it does");
            }
            else if (isHolding && !isOverdue)
            {
                isHolding = false;
                LOGGER.warn("the journal takes more again");
            }
        }
    }

    /**
     * Creates a watch.
     *
     * @param rings         what the journal's thread polls.
     * @param isThreadAlive whether that thread runs.
     * @param config        how far it may be behind, and what is to be done then.
     */
    JournalWatch(final RecordedRings rings, final BooleanSupplier isThreadAlive, final JournalConfig config)
    {
        this.rings = rings;
        this.isThreadAlive = isThreadAlive;
        whenBehind = config.whenBehind();
        limitNs = TimeUnit.MILLISECONDS.toNanos(config.limitMs());
        checkMs = Math.max(1, Math.min(MAX_CHECK_MS, config.limitMs() / CHECKS));
        checkNs = TimeUnit.MILLISECONDS.toNanos(checkMs);
    }

    /** How long it is from one look to the next, in nanoseconds. */
    long checkNs()
    {
        return checkNs;
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
            while (!stop.await(hasTaken ? 1 : checkMs, TimeUnit.MILLISECONDS))
            {
                doWork(System.nanoTime());
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to look after all rings that there are. */
    void begin(final long nowNs)
    {
        seenNs = nowNs;
        rings.all().forEach(ring -> watched.add(new Watched(ring, nowNs)));
    }

    /**
     * Looks, and polls if it is this thread's turn; whatever is thrown, there is a next time.
     *
     * @param nowNs the time.
     * @return true if it has taken the rings: they are to be polled often.
     */
    boolean doWork(final long nowNs)
    {
        try
        {
            if (!hasTaken)
            {
                look(nowNs);
            }
            while (hasTaken && rings.pollTaken() > 0)
            {
                Thread.onSpinWait();
            }
            countFaults();
        }
        catch (final Throwable e)
        {
            uncountedFaults++;
            if (faults.isNew(e))
            {
                LOGGER.error("the journal could not be looked after", e);
            }
        }
        return hasTaken;
    }

    /** They stand in the first network's counters. */
    private void countFaults()
    {
        while (uncountedFaults > 0 && !watched.isEmpty())
        {
            if (hasTaken)
            {
                watched.get(0).ring.count(RelayCounter.JOURNAL_FAILURES);
            }
            else if (!rings.tryCount(watched.get(0).ring, RelayCounter.JOURNAL_FAILURES))
            {
                return;
            }
            uncountedFaults--;
        }
    }

    private void look(final long nowNs)
    {
        if (rings.haveEnded())
        {
            // What is left is the disk's: it may take as long as it likes to have the last of it.
            return;
        }
        isLate = nowNs - seenNs > 2 * checkNs;
        seenNs = nowNs;
        boolean isOverdue = false;
        for (final Watched each : watched)
        {
            isOverdue |= each.look(nowNs);
        }
        final long polls = rings.polls();
        final boolean isStuck = polls == seenPolls;
        seenPolls = polls;
        if (!isThreadAlive.getAsBoolean())
        {
            take("its thread has ended");
        }
        else if (isOverdue && isStuck)
        {
            take("the disk does not answer");
        }
    }

    private void take(final String why)
    {
        // First of all, since from here on nobody else polls.
        hasTaken = rings.tryTake();
        if (hasTaken)
        {
            rings.fail(why);
        }
    }
}
