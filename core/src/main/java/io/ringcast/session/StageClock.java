package io.ringcast.session;

import io.ringcast.image.NotInImage;

import java.util.function.LongSupplier;

/**
 * The relay's clock as one stage reads it: each reading is noted in the slot, and comes from there in a replay.
 * Confined to the stage's thread.
 */
public final class StageClock
{
    private static final long ALIGN_NS = 1_000_000_000L;

    private final RelayClock clock;
    private long alignedAtNs;
    @NotInImage("of the slot")
    private SlotReadings readings = new SlotReadings();
    private boolean hasOffset;
    private long offsetNs;

    /**
     * Creates it.
     *
     * @param clock what it reads.
     */
    public StageClock(final RelayClock clock)
    {
        this.clock = clock;
    }

    /**
     * A slot begins.
     *
     * @param slotReadings takes what is read, or gives it.
     */
    public void begin(final SlotReadings slotReadings)
    {
        readings = slotReadings;
        hasOffset = false;
    }

    /**
     * Time passes: once a second the clock is held to that of the system.
     *
     * @param nowNs the time.
     */
    public void onTick(final long nowNs)
    {
        if (nowNs - alignedAtNs >= ALIGN_NS)
        {
            alignedAtNs = nowNs;
            clock.align();
        }
    }

    /**
     * Reads the steady clock.
     *
     * @return nanoseconds.
     */
    public long nowNs()
    {
        return readings.isReplay() ? readings.nextReplayed() : noted(clock.nowNs());
    }

    /**
     * Tells what a reading of the steady clock means. Within a slot it stays the same, whoever corrects the clock.
     *
     * @param readNs what it gave.
     * @return the time since 1970 in nanoseconds.
     */
    public long toEpochNs(final long readNs)
    {
        if (!hasOffset)
        {
            hasOffset = true;
            offsetNs = readings.isReplay() ? readings.nextReplayed() : noted(clock.toEpochNs(0));
        }
        return readNs + offsetNs;
    }

    /**
     * Reads something else that no slot holds, such as what a client's connections to other networks take.
     *
     * @param source where it is read from; not asked in a replay.
     * @return the number.
     */
    public long read(final LongSupplier source)
    {
        return readings.isReplay() ? readings.nextReplayed() : noted(source.getAsLong());
    }

    private long noted(final long readingNs)
    {
        readings.add(readingNs);
        return readingNs;
    }
}
