package io.ringcast.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Subscribers that want at most one item of each key in an interval, and whose question waits for the next one.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Such a subscriber is always behind: its loop asks, and the answer comes when the interval since the last one is
 * over and something is there. So the loop has no timer and the fan-out no branch for it. Who only waits for an item is
 * kept with its group, and looked at when that publishes one: a slot in which nothing of theirs comes does not pay.
 */
final class Intervals
{
    private static final int FIRST_LIMIT = 16;

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
        new PriorityQueue<>(Comparator.comparingLong(parked -> parked.subscriber.interval.dueNs() - originNs()));
    /** At so many those are forgotten whose subscribers are gone: an interval may be long. */
    private int earlyLimit = FIRST_LIMIT;
    /** Groups that have published something since some of theirs were found to have nothing to wait for but that. */
    private final List<IdleQuestions> published = new ArrayList<>(0);
    private long originNs;
    private boolean hasOrigin;

    /** True if a question with that position can be answered at once. */
    static boolean isDue(final PatientSubscriber subscriber, final long sequence, final long nowNs)
    {
        return subscriber.topic.group.history.next() > sequence && subscriber.interval.isOver(nowNs);
    }

    /** Keeps a question until it is due. */
    void park(final Parked parked, final long nowNs)
    {
        if (!hasOrigin)
        {
            hasOrigin = true;
            originNs = nowNs;
        }
        if (parked.subscriber.interval.isOver(nowNs))
        {
            idle(parked);
        }
        else
        {
            addEarly(parked);
        }
    }

    private void addEarly(final Parked parked)
    {
        if (early.size() >= earlyLimit)
        {
            early.removeIf(known -> known.subscriber.isOver);
            earlyLimit = Math.max(FIRST_LIMIT, early.size() * 2);
        }
        early.add(parked);
    }

    /** How many questions wait for an interval to end: at most twice as many as there are subscribers who ask. */
    int earlyCount()
    {
        return early.size();
    }

    private void idle(final Parked parked)
    {
        final TopicGroup group = parked.subscriber.topic.group;
        if (group.idle == null)
        {
            group.idle = new IdleQuestions(published);
        }
        group.idle.add(parked);
    }

    /**
     * Takes the questions that can be answered now.
     *
     * @param nowNs the time.
     * @param taken takes them; questions of subscribers that are gone are dropped.
     */
    void takeDue(final long nowNs, final Queue<Parked> taken)
    {
        while (!early.isEmpty() && early.peek().subscriber.interval.isOver(nowNs))
        {
            final Parked parked = early.poll();
            if (parked.hasItems())
            {
                add(parked, taken);
            }
            else if (!parked.subscriber.isOver)
            {
                idle(parked);
            }
        }
        for (int i = published.size() - 1; i >= 0; i--)
        {
            final IdleQuestions idle = published.remove(i);
            for (Parked parked = idle.takeLast(); parked != null; parked = idle.takeLast())
            {
                add(parked, taken);
            }
        }
    }

    private static void add(final Parked parked, final Queue<Parked> taken)
    {
        if (!parked.subscriber.isOver)
        {
            taken.add(parked);
        }
    }

    private long originNs()
    {
        return originNs;
    }
}
