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
    /** From the steady clock to the time since 1970. */
    private volatile long offsetNs;
    /** From the system's steady clock to this one. */
    private volatile long steadyOffsetNs;

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
     * Sets the steady clock forward or back; before anybody reads it.
     *
     * @param steadyOffset what is added to what it was created with, in nanoseconds.
     */
    public void setOffsetNs(final long steadyOffset)
    {
        steadyOffsetNs = steadyOffset;
        align();
    }

    /**
     * Reads the steady clock.
     *
     * @return nanoseconds.
     */
    public long nowNs()
    {
        return steadyNs.getAsLong() + steadyOffsetNs;
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
            final long before = nowNs();
            final long epoch = epochNs.getAsLong();
            final long widthNs = nowNs() - before;
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
