package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * What may wait for the polls of one topic's filters, and of all filters together.
 * Confined to the pipeline thread that runs match.
 *
 * <p>If all together hold too much, the topic that holds most gives up its older half.
 */
final class PolledBudget
{
    final int limitItems;
    final long limitBytes;

    private final long limitBytesTogether;
    private final CounterSet counters;
    private final List<PolledItems> all = new ArrayList<>();
    private long lengthBytes;

    PolledBudget(final LimitsConfig limits, final CounterSet counters)
    {
        limitItems = limits.polledItems();
        limitBytes = limits.polledBytes();
        limitBytesTogether = limits.polledBytesTogether();
        this.counters = counters;
    }

    void enter(final PolledItems items)
    {
        items.budgetIndex = all.size();
        all.add(items);
    }

    void leave(final PolledItems items)
    {
        final PolledItems last = all.remove(all.size() - 1);
        if (last != items)
        {
            all.set(items.budgetIndex, last);
            last.budgetIndex = items.budgetIndex;
        }
    }

    void take(final long bytes)
    {
        lengthBytes += bytes;
    }

    void give(final long bytes)
    {
        lengthBytes -= bytes;
    }

    /** Filters have lost what they had yet to poll. */
    void onOverrun(final int filters)
    {
        counters.add(RelayCounter.FILTERS_OVERRUN, filters);
    }

    /** Keeps the bound; after something was taken. */
    void settle()
    {
        while (lengthBytes > limitBytesTogether)
        {
            PolledItems largest = all.get(0);
            for (int i = 1; i < all.size(); i++)
            {
                largest = all.get(i).lengthBytes() > largest.lengthBytes() ? all.get(i) : largest;
            }
            largest.shrinkTo(largest.lengthBytes() / 2);
        }
    }
}
