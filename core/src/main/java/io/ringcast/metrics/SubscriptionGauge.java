package io.ringcast.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many subscriptions of each kind are live.
 * Single writer: the pipeline thread that runs match; readable from any thread.
 */
public final class SubscriptionGauge
{
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[SubscriptionKind.values().length];

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
}
