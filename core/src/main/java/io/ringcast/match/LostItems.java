package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

/**
 * Counts what slow subscribers are not given, and tells them.
 * Confined to the pipeline thread that runs match.
 */
final class LostItems
{
    private final ReplayAnswer answer;
    private final OpenSubscriptions subscriptions;
    private final CounterSet counters;

    /**
     * Creates it.
     *
     * @param answer        takes what is told of a loss.
     * @param subscriptions tell who listens to the status.
     * @param counters      the pipeline thread's counters.
     */
    LostItems(final ReplayAnswer answer, final OpenSubscriptions subscriptions, final CounterSet counters)
    {
        this.answer = answer;
        this.subscriptions = subscriptions;
        this.counters = counters;
    }

    /**
     * A subscriber passes items over now.
     *
     * @param subscriber whose.
     * @param from       the number of the first one.
     * @param to         the number behind the last one; if not higher there is none.
     * @param why        what the subscriber is told.
     * @param counter    counts them.
     * @return with which number it goes on.
     */
    long skip(
        final PatientSubscriber subscriber, final long from, final long to, final String why,
        final RelayCounter counter)
    {
        if (to <= from)
        {
            return from;
        }
        count(subscriber, from, to, why, counter);
        pass(subscriber, from, to, why);
        return to;
    }

    /** Items will not be given: it is counted, and told to who listens to the status. */
    void count(
        final PatientSubscriber subscriber, final long from, final long to, final String why,
        final RelayCounter counter)
    {
        subscriber.lostTotal += to - from;
        counters.add(counter, to - from);
        answer.tell(subscriptions, "lost", ",\"subscription\":" + subscriber.topic.topic.idToken + ",\"n\":" +
            (to - from) + ",\"from\":" + from + ",\"to\":" + (to - 1) + ",\"why\":\"" + why + '"');
    }

    /** The place of items is reached that are not given: the next item that is given says so. */
    static void pass(final PatientSubscriber subscriber, final long from, final long to, final String why)
    {
        subscriber.lostFrom = subscriber.lostCount == 0 ? from : subscriber.lostFrom;
        subscriber.lostCount += to - from;
        subscriber.lostWhy = why;
    }
}
