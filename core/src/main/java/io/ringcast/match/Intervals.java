package io.ringcast.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Subscribers that want at most one item of each key in an interval, and whose question waits for the next one.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Such a subscriber is always behind: its loop asks, and the answer comes when the interval since the last one is
 * over and something is there. So the loop has no timer and the fan-out no branch for it.
 */
final class Intervals
{
    /** One question. */
    static final class Parked
    {
        final PatientSubscriber subscriber;
        final long connectionId;
        final int ticket;
        final long sequence;

        Parked(
            final PatientSubscriber subscriber, final long connectionId, final int ticket, final long sequence)
        {
            this.subscriber = subscriber;
            this.connectionId = connectionId;
            this.ticket = ticket;
            this.sequence = sequence;
        }

        private boolean hasItems()
        {
            return subscriber.topic.group.history.next() > sequence;
        }
    }

    /** Those whose interval is not over, the next one first; a steady clock may pass its highest number. */
    private final PriorityQueue<Parked> early =
        new PriorityQueue<>(Comparator.comparingLong(parked -> parked.subscriber.dueNs - originNs()));
    /** Those whose interval is over, and for whom there is nothing. */
    private final List<Parked> idle = new ArrayList<>();
    private long originNs;
    private boolean hasOrigin;

    /** True if a question with that position can be answered at once. */
    static boolean isDue(final PatientSubscriber subscriber, final long sequence, final long nowNs)
    {
        return subscriber.topic.group.history.next() > sequence &&
            (!subscriber.hasInterval || nowNs - subscriber.dueNs >= 0);
    }

    /** Keeps a question until it is due. */
    void park(final Parked parked, final long nowNs)
    {
        if (!hasOrigin)
        {
            hasOrigin = true;
            originNs = nowNs;
        }
        if (parked.subscriber.hasInterval && nowNs - parked.subscriber.dueNs < 0)
        {
            early.add(parked);
        }
        else
        {
            idle.add(parked);
        }
    }

    /**
     * Takes the questions that can be answered now.
     *
     * @param nowNs the time.
     * @param taken takes them; questions of subscribers that are gone are dropped.
     */
    void takeDue(final long nowNs, final List<Parked> taken)
    {
        while (!early.isEmpty() && nowNs - early.peek().subscriber.dueNs >= 0)
        {
            idle.add(early.poll());
        }
        for (int i = 0; i < idle.size(); )
        {
            final Parked parked = idle.get(i);
            final boolean isOver = parked.subscriber.isOver;
            if (!isOver && !parked.hasItems())
            {
                i++;
                continue;
            }
            idle.set(i, idle.get(idle.size() - 1));
            idle.remove(idle.size() - 1);
            if (!isOver)
            {
                taken.add(parked);
            }
        }
    }

    boolean isEmpty()
    {
        return idle.isEmpty() && early.isEmpty();
    }

    private long originNs()
    {
        return originNs;
    }
}
