package io.ringcast.match;

import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.LagOptions;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * What waits for a slow subscriber that has new items left out while as much waits as it allows: {@code dropNew}.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Between two of its answers nothing is taken from what waits. So it is enough to look when it asks: what was
 * published since the last answer was taken in up to the first item that went beyond a bound, and none behind that. So
 * what waits are runs of items, at most one more for each answer that it takes.
 *
 * <pre>
 *   given ──┤ run ├── left out ──┤ run ├── left out ──┤ next
 * </pre>
 */
final class WaitingItems
{
    /** Items with numbers in a row, and why those behind them were left out; null if none were. */
    private static final class Run
    {
        private long from;
        private long to;
        private String why;

        private Run(final long from)
        {
            this.from = from;
        }
    }

    private final PatientSubscriber subscriber;
    private final long ownLimitBytes;
    private final LostItems lost;
    private final ArrayDeque<Run> runs = new ArrayDeque<>();
    /** The number behind the last item that was taken in or left out. */
    private long next;
    private String bound;
    private RelayCounter boundCounter;

    /**
     * Creates it with nothing.
     *
     * @param subscriber    whose items.
     * @param ownLimitBytes what may wait if the subscriber says no bound itself.
     * @param lost          is told of what is left out.
     */
    WaitingItems(final PatientSubscriber subscriber, final long ownLimitBytes, final LostItems lost)
    {
        this.subscriber = subscriber;
        this.ownLimitBytes = ownLimitBytes;
        this.lost = lost;
        next = subscriber.firstSequence;
    }

    /**
     * Takes in what was published since the last answer, as far as there is room.
     *
     * @param sequence the number of the first item that the subscriber has not been given.
     */
    void takeIn(final long sequence)
    {
        final TopicHistory history = subscriber.topic.group.history;
        next = runs.isEmpty() ? Math.max(next, sequence) : next;
        forget(history.oldest());
        final long end = endOfRoom(history);
        if (end > next)
        {
            add(end);
        }
        if (end < history.next())
        {
            // What finds nothing waiting is always taken, so there is a run before it.
            final Run last = runs.peekLast();
            last.why = last.why == null ? bound : last.why;
            lost.count(subscriber, end, history.next(), bound, boundCounter);
        }
        next = history.next();
    }

    /**
     * Gives what waits, as far as an answer has room for it.
     *
     * @param answer takes the items.
     * @return with which number the subscriber goes on.
     */
    long send(final ReplayAnswer answer)
    {
        for (Run run = runs.peek(); run != null; run = runs.peek())
        {
            while (run.from < run.to && answer.hasRoom(length(run.from)))
            {
                answer.send(subscriber, run.from++);
            }
            if (run.from < run.to)
            {
                return run.from;
            }
            pass(runs.poll());
        }
        return next;
    }

    /** What is no longer kept can't be given. */
    private void forget(final long oldest)
    {
        for (Run run = runs.peek(); run != null && run.from < oldest; run = runs.peek())
        {
            run.from = lost.skip(
                subscriber, run.from, Math.min(run.to, oldest), "history", RelayCounter.SKIPPED_BY_HISTORY);
            if (run.from < run.to)
            {
                return;
            }
            pass(runs.poll());
        }
        if (runs.isEmpty())
        {
            next = lost.skip(subscriber, next, oldest, "history", RelayCounter.SKIPPED_BY_HISTORY);
        }
    }

    private void pass(final Run run)
    {
        final long end = runs.isEmpty() ? next : runs.peek().from;
        if (end > run.to)
        {
            LostItems.pass(subscriber, run.to, end, run.why);
        }
    }

    /** The number of the first new item for which there is no room; notes which bound it went beyond. */
    private long endOfRoom(final TopicHistory history)
    {
        final LagOptions lag = subscriber.options.lag();
        long end = history.next();
        if (lag.maxItems() > 0)
        {
            end = bounded(end, next + Math.max(0, lag.maxItems() - count()), "items", RelayCounter.SKIPPED_BY_ITEMS);
        }
        if (lag.maxAgeMs() > 0 && end > next)
        {
            final long first = runs.isEmpty() ? next : runs.peek().from;
            end = bounded(end, firstReceivedAfter(
                receivedAtNs(first) + TimeUnit.MILLISECONDS.toNanos(lag.maxAgeMs()), end), "age",
                RelayCounter.SKIPPED_BY_AGE);
        }
        final long limitBytes = lag.limitBytes(ownLimitBytes);
        if (limitBytes < Long.MAX_VALUE && end > next)
        {
            end = bounded(end, endOfBytes(limitBytes, end), "bytes", RelayCounter.SKIPPED_BY_BYTES);
        }
        return end;
    }

    private long bounded(final long end, final long limit, final String why, final RelayCounter counter)
    {
        if (limit >= end)
        {
            return end;
        }
        bound = why;
        boundCounter = counter;
        return limit;
    }

    private long count()
    {
        long count = 0;
        for (final Run run : runs)
        {
            count += run.to - run.from;
        }
        return count;
    }

    private long firstReceivedAfter(final long limitNs, final long end)
    {
        long low = next;
        long high = end;
        while (low < high)
        {
            final long middle = low + high >>> 1;
            if (receivedAtNs(middle) - limitNs <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    /** One item may always wait, however long it is. */
    private long endOfBytes(final long maxBytes, final long end)
    {
        long bytes = 0;
        for (final Run run : runs)
        {
            for (long sequence = run.from; sequence < run.to; sequence++)
            {
                bytes += length(sequence);
            }
        }
        long taken = next;
        while (taken < end && (bytes == 0 || bytes + length(taken) <= maxBytes))
        {
            bytes += length(taken++);
        }
        return taken;
    }

    private void add(final long end)
    {
        Run last = runs.peekLast();
        if (last == null || last.to < next)
        {
            last = new Run(next);
            runs.add(last);
        }
        last.to = end;
    }

    private int length(final long sequence)
    {
        return subscriber.topic.feed.history.length(subscriber.topic.group.history.position(sequence));
    }

    private long receivedAtNs(final long sequence)
    {
        return subscriber.topic.feed.history.receivedAtNs(subscriber.topic.group.history.position(sequence));
    }
}
