package io.ringcast.metrics;

import io.ringcast.image.NotInImage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thread's counters.
 * Single writer: the thread that owns the set; readable from any thread.
 *
 * <p>A plain add and an opaque store: no locked instruction on the hot path, and a reader sees every value soon.
 */
@NotInImage("counts what this process does")
public final class CounterSet
{
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    /** Eight longs on either side keep two threads' sets off one cache line. */
    private static final int PADDING = 8;

    private final long[] values = new long[RelayCounter.values().length + 2 * PADDING];

    /**
     * Counts one.
     *
     * @param counter what happened.
     */
    public void increment(final RelayCounter counter)
    {
        add(counter, 1);
    }

    /**
     * Counts several.
     *
     * @param counter what happened.
     * @param count   how often.
     */
    public void add(final RelayCounter counter, final long count)
    {
        final int index = counter.ordinal() + PADDING;
        VALUES.setOpaque(values, index, values[index] + count);
    }

    /**
     * Reads one counter.
     *
     * @param counter which.
     * @return its value, at most a moment old.
     */
    public long get(final RelayCounter counter)
    {
        return (long)VALUES.getOpaque(values, counter.ordinal() + PADDING);
    }

    /**
     * Adds up one counter over several sets.
     *
     * @param sets    the sets.
     * @param counter which.
     * @return the sum.
     */
    public static long sum(final Iterable<CounterSet> sets, final RelayCounter counter)
    {
        long sum = 0;
        for (final CounterSet set : sets)
        {
            sum += set.get(counter);
        }
        return sum;
    }

    /**
     * Adds up all counters over several sets.
     *
     * @param sets the sets.
     * @return the sums by name, in order of the names.
     */
    public static Map<String, Long> sums(final Iterable<CounterSet> sets)
    {
        final Map<String, Long> sums = new TreeMap<>();
        for (final RelayCounter counter : RelayCounter.values())
        {
            sums.put(counter.name().toLowerCase(Locale.ROOT), sum(sets, counter));
        }
        return sums;
    }
}
