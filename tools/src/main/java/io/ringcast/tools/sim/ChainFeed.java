package io.ringcast.tools.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** Tells something of each place of a chain from one on. Confined to the node's event loop. */
final class ChainFeed implements DialectFeed
{
    private static final int LIMIT_ITEMS = 1_000;

    private final LongSupplier tip;
    private final LongFunction<String> item;
    private final long last;
    private long next;

    /**
     * Creates it.
     *
     * @param first the place that it begins with.
     * @param last  the place that it ends with.
     * @param tip   how far the chain is.
     * @param item  what is told of a place; null for nothing.
     */
    ChainFeed(final long first, final long last, final LongSupplier tip, final LongFunction<String> item)
    {
        next = first;
        this.last = last;
        this.tip = tip;
        this.item = item;
    }

    @Override
    public List<String> due()
    {
        final List<String> due = new ArrayList<>();
        while (next <= Math.min(last, tip.getAsLong()) && due.size() < LIMIT_ITEMS)
        {
            final String told = item.apply(next++);
            if (told != null)
            {
                due.add(told);
            }
        }
        return due;
    }

    @Override
    public boolean isOver()
    {
        return next > last;
    }
}
