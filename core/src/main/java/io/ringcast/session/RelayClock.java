package io.ringcast.session;

import io.ringcast.image.NotInImage;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The relay's two clocks: a steady one that everything is measured by, and what it means in time since 1970.
 * Any thread; {@link #align} is called by the thread that runs match alone.
 */
@NotInImage("of this process")
public final class RelayClock
{
    private static final int TRIES = 5;

    private final LongSupplier steadyNs;
    private final LongSupplier epochNs;
    private volatile long offsetNs;

    /**
     * Creates and aligns it.
     *
     * @param steadyNs the steady clock, in nanoseconds from anywhere; may overflow.
     * @param epochNs  the time since 1970 in nanoseconds.
     */
    public RelayClock(final LongSupplier steadyNs, final LongSupplier epochNs)
    {
        this.steadyNs = steadyNs;
        this.epochNs = epochNs;
        align();
    }

    /**
     * Gives the clocks of the machine.
     *
     * @return a clock of its own.
     */
    public static RelayClock ofSystem()
    {
        return new RelayClock(System::nanoTime, RelayClock::systemEpochNs);
    }

    /**
     * Reads the steady clock.
     *
     * @return nanoseconds.
     */
    public long nowNs()
    {
        return steadyNs.getAsLong();
    }

    /**
     * Tells what a reading of the steady clock means.
     *
     * @param readNs what it gave.
     * @return the time since 1970 in nanoseconds.
     */
    public long toEpochNs(final long readNs)
    {
        return readNs + offsetNs;
    }

    /** Compares the clocks anew: that of the system is corrected now and then. The tightest of some readings counts. */
    public void align()
    {
        long bestWidthNs = Long.MAX_VALUE;
        long best = offsetNs;
        for (int i = 0; i < TRIES; i++)
        {
            final long before = steadyNs.getAsLong();
            final long epoch = epochNs.getAsLong();
            final long widthNs = steadyNs.getAsLong() - before;
            if (widthNs < bestWidthNs)
            {
                bestWidthNs = widthNs;
                best = epoch - (before + widthNs / 2);
            }
        }
        offsetNs = best;
    }

    private static long systemEpochNs()
    {
        final Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
