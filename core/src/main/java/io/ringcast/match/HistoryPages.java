package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.LinkedHashSet;

/**
 * What the readers of a network hold together of pages that have come and are not sent yet: so much, and one page more.
 * Confined to the pipeline thread that runs match.
 *
 * <p>If there is more, the reader whose subscriber has asked for nothing for the longest time forgets its pages; it
 * asks for them again when its subscriber can take more.
 */
final class HistoryPages
{
    private final long limitBytes;
    private final CounterSet counters;
    /** Those that hold something, the one first whose subscriber was served longest ago. */
    private final LinkedHashSet<HistoryQueue> holders = new LinkedHashSet<>();
    private long usedBytes;

    HistoryPages(final long limitBytes, final CounterSet counters)
    {
        this.limitBytes = limitBytes;
        this.counters = counters;
    }

    /** Whether so much is held that nobody is to read ahead. */
    boolean isTight()
    {
        return usedBytes > limitBytes / 2;
    }

    long usedBytes()
    {
        return usedBytes;
    }

    /** A subscriber can take more, or is given what it waits for. */
    void onServed(final HistoryQueue queue)
    {
        if (holders.remove(queue))
        {
            holders.add(queue);
        }
    }

    /** A page has come. */
    void take(final HistoryQueue queue, final HistoryPage page)
    {
        page.chargedBytes = page.heldBytes();
        usedBytes += page.chargedBytes;
        if (page.chargedBytes > 0)
        {
            holders.add(queue);
        }
        while (usedBytes > limitBytes && holders.size() > 1)
        {
            final HistoryQueue served = holders.iterator().next();
            holders.remove(served);
            counters.add(RelayCounter.HISTORY_PAGES_DROPPED, served.forgetAll());
        }
        if (usedBytes > limitBytes)
        {
            counters.add(RelayCounter.HISTORY_PAGES_DROPPED, queue.forgetAllButFirst());
        }
    }

    /** A page's items are held no more, or paid for otherwise. */
    void give(final HistoryPage page)
    {
        usedBytes -= page.chargedBytes;
        page.chargedBytes = 0;
        assert usedBytes >= 0;
    }

    /** A reader holds nothing any more. */
    void remove(final HistoryQueue queue)
    {
        holders.remove(queue);
    }
}
