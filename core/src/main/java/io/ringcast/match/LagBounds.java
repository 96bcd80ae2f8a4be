package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.MatchedAction;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much waits for slow subscriptions, in items, bytes and age, and who is closed for what is beyond a bound.
 * Confined to the pipeline thread that runs match; the time is passed in.
 *
 * <p>What waits is what was published to the topic, and that the subscription has yet to be given. Those that are to be
 * closed are looked at with each tick: a socket that takes nothing more asks for nothing. What is left of a resumption
 * or of a past does not count. What is no longer kept waits none the less: who spills reads it from the nodes, and who
 * is to be disconnected has lost it, which is beyond any bound.
 */
final class LagBounds
{
    /** One subscription that lags, and is to be closed beyond a bound. */
    static final class Lagging
    {
        final PatientSubscriber subscriber;
        final long connectionId;
        /** The number of the first item that waits. */
        long from;
        /** The items before this one are in the sum. */
        long summedTo;
        long bytes;

        Lagging(final PatientSubscriber subscriber, final long connectionId)
        {
            this.subscriber = subscriber;
            this.connectionId = connectionId;
        }

        void beginAt(final long sequence)
        {
            final TopicState topic = subscriber.topic;
            if (sequence >= summedTo || from < topic.group.history.oldest())
            {
                from = sequence;
                summedTo = sequence;
                bytes = 0;
            }
            for (; from < sequence; from++)
            {
                bytes -= length(topic, from);
            }
        }

        boolean isBeyond(final long nowNs)
        {
            final TopicState topic = subscriber.topic;
            final LagOptions lag = subscriber.options.lag();
            final long oldest = topic.group.history.oldest();
            final long end = end(topic);
            if (from < oldest && lag.policy() == LagPolicy.DISCONNECT ||
                lag.maxItems() > 0 && end - from > lag.maxItems() ||
                isTooOld(subscriber, Math.max(from, oldest), end, nowNs))
            {
                return true;
            }
            // Not anew from the oldest, though that goes on: it would be all that is kept with each tick.
            summedTo = Math.max(summedTo, oldest);
            for (; lag.maxBytes() > 0 && summedTo < end && bytes <= lag.maxBytes(); summedTo++)
            {
                bytes += length(topic, summedTo);
            }
            return lag.maxBytes() > 0 && bytes > lag.maxBytes();
        }
    }

    private final CounterSet counters;
    private final List<Lagging> lagging = new ArrayList<>();

    LagBounds(final CounterSet counters)
    {
        this.counters = counters;
    }

    /** A subscription lags, or asks, and has all up to an item; nothing is done unless it is closed beyond a bound. */
    void onLag(final PatientSubscriber subscriber, final long connectionId, final long sequence)
    {
        final LagOptions lag = subscriber.options.lag();
        if (lag == null || !lag.closesBeyondBounds() || !subscriber.isUpToDate())
        {
            return;
        }
        if (subscriber.lag == null)
        {
            subscriber.lag = new Lagging(subscriber, connectionId);
            lagging.add(subscriber.lag);
        }
        subscriber.lag.beginAt(sequence);
    }

    /** Closes those for which more waits than their bounds allow. */
    void onTick(final long nowNs, final ReplayAnswer answer, final ActionList<MatchedAction> out)
    {
        for (int i = lagging.size() - 1; i >= 0; i--)
        {
            final Lagging one = lagging.get(i);
            if (one.subscriber.isOver || one.subscriber.lag != one)
            {
                lagging.remove(i);
            }
            else if (one.subscriber.isUpToDate() && one.isBeyond(nowNs))
            {
                lagging.remove(i);
                answer.begin(one.connectionId, one.subscriber.topic.topic.topicId, EgressAction.NO_TICKET, true, out);
                answer.end(MatchedAction.Kind.CUT_OFF, one.from);
                counters.increment(RelayCounter.LAGS_BEYOND_BOUNDS);
            }
        }
    }

    /** Whether no more waits for a subscription, from an item on, than its bounds allow; false if it has none. */
    static boolean isWithin(final PatientSubscriber subscriber, final long from, final long nowNs)
    {
        final LagOptions lag = subscriber.options.lag();
        final long end = end(subscriber.topic);
        if (lag == null || !lag.hasBounds() || lag.maxItems() > 0 && end - from > lag.maxItems() ||
            isTooOld(subscriber, from, end, nowNs))
        {
            return false;
        }
        long left = lag.maxBytes() > 0 ? lag.maxBytes() : Long.MAX_VALUE;
        for (long next = from; lag.maxBytes() > 0 && next < end && left >= 0; next++)
        {
            left -= length(subscriber.topic, next);
        }
        return left >= 0;
    }

    /** The number behind the last item that the topic was told. */
    private static long end(final TopicState topic)
    {
        return topic.ordered == null ? topic.group.history.next() : topic.ordered.nextSequence();
    }

    private static boolean isTooOld(
        final PatientSubscriber subscriber, final long from, final long end, final long nowNs)
    {
        final int maxAgeMs = subscriber.options.lag().maxAgeMs();
        return maxAgeMs > 0 && from < end && nowNs - subscriber.topic.feed.history.receivedAtNs(
            subscriber.topic.group.history.position(from)) > TimeUnit.MILLISECONDS.toNanos(maxAgeMs);
    }

    private static int length(final TopicState topic, final long sequence)
    {
        return topic.feed.history.length(topic.group.history.position(sequence));
    }
}
