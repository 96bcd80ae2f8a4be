package io.ringcast.egress;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayDeque;

/**
 * Holds the items of new subscriptions back until their clients have read the answer.
 * Confined to its I/O loop.
 *
 * <p>A ping goes out behind the answer, and the pong opens the subscription; so does a while without it, or too much
 * that waits. A connection has one such ping on its way at a time: it covers all answers before it.
 */
final class ActivationBarrier
{
    private final long fallbackNs;
    private final CounterSet counters;
    private final DirtyOutlets dirty;
    private final CatchUps catchUps;
    /** All that wait, in the order of their deadlines; those that are over are taken off as they come to the front. */
    private final ArrayDeque<Activation> activations = new ArrayDeque<>();
    private long lastToken;
    /** The latest time that this loop was told; what it is opened and given up by. */
    private long latestNs;
    private boolean isTimeKnown;

    /**
     * Creates a barrier that holds nothing.
     *
     * @param fallbackNs how long it waits for a pong, in nanoseconds.
     * @param counters   the loop thread's counters.
     * @param dirty      writes what an outlet has noted.
     * @param catchUps   takes those that begin with what they have missed.
     */
    ActivationBarrier(
        final long fallbackNs, final CounterSet counters, final DirtyOutlets dirty, final CatchUps catchUps)
    {
        this.catchUps = catchUps;
        this.fallbackNs = fallbackNs;
        this.counters = counters;
        this.dirty = dirty;
    }

    /** Loops read their clocks apart from each other, so a slot may be older than the last tick. */
    void noteTime(final long toldNs)
    {
        if (!isTimeKnown || toldNs - latestNs > 0)
        {
            isTimeKnown = true;
            latestNs = toldNs;
        }
    }

    /** The latest time that the loop was told. */
    long latestNs()
    {
        return latestNs;
    }

    /** Holds a topic back for an outlet from here on; the ping goes out when the answer has been flushed. */
    void set(final Outlet outlet, final LoopTopic topic)
    {
        final Activation activation = new Activation(
            outlet, topic, ++lastToken, latestNs + fallbackNs, topic.backlog.end(), 0, topic.nextSequence);
        topic.waiting.add(activation);
        add(activation);
    }

    /** As {@link #set}, but what it gets first is asked for then, from an item on. */
    void setCatchingUp(final Outlet outlet, final LoopTopic topic, final int grant, final long sequence)
    {
        add(new Activation(outlet, topic, ++lastToken, latestNs + fallbackNs, -1, grant, sequence));
    }

    private void add(final Activation activation)
    {
        activations.add(activation);
        activation.outlet.activations.add(activation);
    }

    /** A number for a ping that is not the barrier's; a pong to it answers the barrier's before it as well. */
    long nextToken()
    {
        return ++lastToken;
    }

    void pingIfWanted(final Outlet outlet)
    {
        if (outlet.activations.isEmpty() || outlet.pingedToken != 0 && !hasPingExpired(outlet))
        {
            return;
        }
        final long token = outlet.activations.get(outlet.activations.size() - 1).token;
        outlet.pingedToken = token;
        outlet.ping(token);
    }

    void onPong(final Outlet outlet, final long token, final long nowNs)
    {
        noteTime(nowNs);
        if (token >= outlet.pingedToken)
        {
            outlet.pingedToken = 0;
        }
        while (!outlet.activations.isEmpty() && outlet.activations.get(0).token <= token)
        {
            counters.increment(RelayCounter.ACTIVATIONS_BY_PONG);
            activate(outlet.activations.get(0), nowNs);
        }
        pingIfWanted(outlet);
    }

    void onTick(final long nowNs)
    {
        noteTime(nowNs);
        while (!activations.isEmpty())
        {
            final Activation oldest = activations.peekFirst();
            if (!oldest.isOver && nowNs - oldest.deadlineNs < 0)
            {
                return;
            }
            activations.pollFirst();
            if (!oldest.isOver)
            {
                counters.increment(RelayCounter.ACTIVATIONS_BY_TIME);
                activate(oldest, nowNs);
            }
        }
    }

    /** Too much waits for a topic: all who wait for it get it now. */
    void onFull(final LoopTopic topic, final long nowNs)
    {
        for (Activation first = topic.waiting.peekFirst(); first != null; first = topic.waiting.peekFirst())
        {
            counters.increment(RelayCounter.ACTIVATIONS_BY_SPACE);
            activate(first, nowNs);
        }
    }

    /** The outlet has left a topic before it was opened, or after. */
    void forget(final Outlet outlet, final LoopTopic topic)
    {
        for (int i = 0; i < outlet.activations.size(); i++)
        {
            if (outlet.activations.get(i).topic == topic)
            {
                end(outlet.activations.remove(i));
                return;
            }
        }
    }

    /** The outlet's connection is gone. */
    void forget(final Outlet outlet)
    {
        for (final Activation activation : outlet.activations)
        {
            end(activation);
        }
        outlet.activations.clear();
    }

    void clear()
    {
        activations.clear();
    }

    /** What waited leaves now, its age counted from here: the barrier's wait is the client's, not the relay's. */
    private void activate(final Activation activation, final long nowNs)
    {
        final LoopTopic topic = activation.topic;
        final Outlet outlet = activation.outlet;
        outlet.activations.remove(activation);
        if (activation.isCatchingUp())
        {
            activation.isOver = true;
            catchUps.begin(outlet, topic, activation.grant, activation.sequence);
            return;
        }
        if (topic.backlog.tryDrainTo(activation.cursor, outlet, dirty, nowNs))
        {
            topic.add(outlet);
            dirty.flush(outlet);
        }
        end(activation);
    }

    /** What nobody waits for any more is let go of: somebody may always wait, each for the fallback's time. */
    private static void end(final Activation activation)
    {
        activation.isOver = true;
        final LoopTopic topic = activation.topic;
        while (!topic.waiting.isEmpty() && topic.waiting.peekFirst().isOver)
        {
            topic.waiting.pollFirst();
        }
        if (topic.waiting.isEmpty())
        {
            topic.backlog.clear();
        }
        else
        {
            topic.backlog.dropTo(topic.waiting.peekFirst().cursor);
        }
    }

    /** True if every subscription that the ping was for has been opened without its pong. */
    private static boolean hasPingExpired(final Outlet outlet)
    {
        return outlet.activations.get(0).token > outlet.pingedToken;
    }
}
