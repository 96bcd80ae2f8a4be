package io.ringcast.session;

import java.util.Arrays;

/**
 * What the stages read off the clock in one slot, for the stamps of items. It is recorded with the slot; when that is
 * replayed, no clock is read, and the same bytes come out.
 * Confined to whoever holds the slot.
 *
 * <p>Readings are in the order in which the stages take them. Where nobody asked for stamps there are none.
 */
public final class SlotReadings
{
    private long[] readings = new long[0];
    private int count;
    private int replayedCount;
    private boolean isReplay;

    /** The slot is filled anew. */
    public void clear()
    {
        count = 0;
        replayedCount = 0;
        isReplay = false;
    }

    /**
     * Takes over what was recorded: from here on it counts, and no clock does.
     *
     * @param recorded what the stages read when the slot was recorded.
     */
    public void replay(final SlotReadings recorded)
    {
        clear();
        isReplay = true;
        for (int i = 0; i < recorded.count; i++)
        {
            add(recorded.readings[i]);
        }
    }

    boolean isReplay()
    {
        return isReplay;
    }

    /** The next recorded one; 0 if the stages now read more than they did, which the output shows. */
    long nextReplayed()
    {
        return replayedCount < count ? readings[replayedCount++] : 0;
    }

    /** How many there are. */
    public int count()
    {
        return count;
    }

    /**
     * Gives one.
     *
     * @param index from 0.
     * @return what was read, in nanoseconds.
     */
    public long get(final int index)
    {
        return readings[index];
    }

    /** Adds one, in nanoseconds. */
    public void add(final long readingNs)
    {
        if (count == readings.length)
        {
            readings = Arrays.copyOf(readings, Math.max(4, count * 2));
        }
        readings[count++] = readingNs;
    }
}
