package io.ringcast.metrics;

import io.ringcast.image.NotInImage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many subscriptions of each kind are live, and how many filters and sessions there are beside them.
 * Single writer: the pipeline thread that runs match; readable from any thread.
 */
@NotInImage("set with each tick")
public final class SubscriptionGauge
{
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int FILTERS = SubscriptionKind.values().length;
    private static final int SESSIONS = FILTERS + 1;

    private final long[] values = new long[SESSIONS + 1];

    /**
     * Counts a change.
     *
     * @param kind  of which kind.
     * @param delta 1 for one more, -1 for one less.
     */
    public void add(final SubscriptionKind kind, final int delta)
    {
        VALUES.setOpaque(values, kind.ordinal(), values[kind.ordinal()] + delta);
    }

    /**
     * Reads the number.
     *
     * @param kind of which kind.
     * @return how many there are, at most a moment old.
     */
    public long get(final SubscriptionKind kind)
    {
        return (long)VALUES.getOpaque(values, kind.ordinal());
    }

    /**
     * Sets the numbers of what is there beside the subscriptions.
     *
     * @param filters  filters that are polled.
     * @param sessions sessions that are kept for clients that are away, or have not come back for all of it.
     */
    public void set(final int filters, final int sessions)
    {
        VALUES.setOpaque(values, FILTERS, (long)filters);
        VALUES.setOpaque(values, SESSIONS, (long)sessions);
    }

    /**
     * Reads how many filters are polled.
     *
     * @return the number, at most a tick old.
     */
    public long filters()
    {
        return (long)VALUES.getOpaque(values, FILTERS);
    }

    /**
     * Reads how many sessions are kept.
     *
     * @return the number, at most a tick old.
     */
    public long sessions()
    {
        return (long)VALUES.getOpaque(values, SESSIONS);
    }
}
