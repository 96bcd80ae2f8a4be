package io.ringcast.egress;

import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;

import java.util.List;
import java.util.function.Consumer;

/**
 * One I/O loop's tables: its connections, and which of them each topic has.
 * Confined to its I/O loop.
 *
 * <p>What a slot says of a topic is done here, what it says of one connection in {@link LoopConnections}.
 *
 * <p>Consecutive frames of one topic are joined to a {@link FrameRun}, which is handed to each connection once; at
 * the end of the batch each connection that got anything is flushed once.
 */
public final class EgressLoop
{
    /** How many connections of a loop are measured at once; each takes {@link OwnFigures#BYTES}. */
    public static final int LIMIT_MEASURED = ObservedOutlets.LIMIT_MEASURED;

    private final int loopIndex;
    private final ActivationBarrier barrier;
    private final CatchUps catchUps;
    private final DirtyOutlets dirty;
    private final ObservedOutlets observed = new ObservedOutlets();
    private final LoopTopics topics = new LoopTopics();
    private final FrameRun run;
    private final LoopConnections connections;

    /**
     * Creates a loop without connections.
     *
     * @param loopIndex            which loop it is.
     * @param laneCount            how many upstreams there are.
     * @param activationFallbackNs how long the activation barrier waits for the pong, in nanoseconds.
     * @param counters             the loop thread's counters.
     */
    public EgressLoop(
        final int loopIndex, final int laneCount, final long activationFallbackNs, final CounterSet counters)
    {
        this.loopIndex = loopIndex;
        catchUps = new CatchUps(counters);
        dirty = new DirtyOutlets(counters, this::onFlushed);
        run = new FrameRun(dirty, observed);
        barrier = new ActivationBarrier(activationFallbackNs, counters, dirty, catchUps);
        connections = new LoopConnections(loopIndex, laneCount, topics, barrier, catchUps, dirty, observed);
    }

    /**
     * Names the loop.
     *
     * @return its index.
     */
    public int loopIndex()
    {
        return loopIndex;
    }

    /**
     * Adds a connection.
     *
     * @param outlet the way to it.
     */
    public void addConnection(final Outlet outlet)
    {
        connections.add(outlet);
    }

    /**
     * Finds out from here on how far a connection's client reads what it is sent.
     *
     * @param outlet the way to it.
     */
    public void followReading(final Outlet outlet)
    {
        observed.follow(outlet);
    }

    /**
     * Measures from here on how the items of a connection fare, if that is not done yet, until that has not been
     * asked for in {@value OwnFigures#UNASKED_NS} ns.
     *
     * @param outlet the way to it.
     * @param nowNs  the time.
     * @return false if it is not measured, since {@link #LIMIT_MEASURED} others are, or it is gone.
     */
    public boolean tryMeasure(final Outlet outlet, final long nowNs)
    {
        return connections.has(outlet) && observed.tryMeasure(outlet, nowNs);
    }

    /**
     * Tells whether any connection is measured.
     *
     * @return true if it is worth knowing when a poll begins.
     */
    public boolean isMeasuring()
    {
        return observed.isMeasuring();
    }

    /**
     * Removes a connection and all that it receives. Nothing is written to it from here on.
     *
     * @param outlet the way to it.
     */
    public void removeConnection(final Outlet outlet)
    {
        connections.remove(outlet);
    }

    /**
     * A connection has too much unsent: topics that can wait give it nothing more until {@link #onDrained}.
     *
     * @param outlet the way to it.
     */
    public void onCongested(final Outlet outlet)
    {
        catchUps.onCongested(outlet);
    }

    /**
     * A connection's socket has taken what was unsent. Poll soon after: then it is asked for what it has missed.
     *
     * @param outlet the way to it.
     * @param nowNs  the time.
     */
    public void onDrained(final Outlet outlet, final long nowNs)
    {
        barrier.noteTime(nowNs);
        catchUps.onDrained(outlet);
    }

    /**
     * Tells whether a connection wants to ask for what it has missed.
     *
     * @return true if {@link #askCatchUps} would ask.
     */
    public boolean hasCatchUpsDue()
    {
        return catchUps.isDue();
    }

    /**
     * Asks for what connections have missed, as far as it is their turn; after each poll.
     *
     * @param door takes the questions.
     */
    public void askCatchUps(final CatchUpDoor door)
    {
        catchUps.ask(door, barrier.latestNs());
    }

    /**
     * Sets or takes away the way to an upstream.
     *
     * @param laneIndex which upstream.
     * @param outlet    the way to it, or null if it went down: what is still written to it is dropped, since correlate
     *                  answers those calls itself.
     */
    public void setLane(final int laneIndex, final Outlet outlet)
    {
        connections.setLane(laneIndex, outlet);
    }

    /**
     * How many connections the loop has.
     *
     * @return the number.
     */
    public int connectionCount()
    {
        return connections.count();
    }

    /**
     * Does what a slot says, as far as it is for this loop. Nothing is written before {@link #endBatch()}.
     *
     * @param actions      what encode left in the slot.
     * @param receivedAtNs when the slot's text was read from its socket.
     * @param failed       takes what an action has thrown; the others are done all the same.
     */
    public void onActions(
        final ActionList<EgressAction> actions, final long receivedAtNs, final Consumer<Exception> failed)
    {
        barrier.noteTime(receivedAtNs);
        int next = 0;
        while (next < actions.size())
        {
            try
            {
                while (next < actions.size())
                {
                    final EgressAction action = actions.get(next);
                    if (action.kind == EgressAction.Kind.FAN_OUT)
                    {
                        next++;
                        onFanOut(action, receivedAtNs);
                    }
                    else
                    {
                        run.append();
                        next++;
                        connections.onAction(action, receivedAtNs);
                    }
                }
            }
            catch (final Exception e)
            {
                failed.accept(e);
            }
        }
    }

    /** Flushes each connection that got anything since the last batch, once. */
    public void endBatch()
    {
        if (dirty.isEmpty() && !run.isEmpty())
        {
            run.send();
            return;
        }
        run.append();
        dirty.flushAll();
    }

    /**
     * A pong came: every activation of the connection up to the pong's token is complete.
     *
     * @param outlet the connection.
     * @param token  what the pong carried; a pong answers the pings before it as well (RFC 6455 section 5.5.3).
     * @param nowNs  the time.
     */
    public void onPong(final Outlet outlet, final long token, final long nowNs)
    {
        if (outlet.readMarks != null)
        {
            outlet.readMarks.onPong(token);
        }
        barrier.onPong(outlet, token, nowNs);
        endBatch();
    }

    /**
     * Time passes: activations whose pong did not come are completed without it, and clients are asked how far they
     * have read.
     *
     * @param nowNs the time.
     */
    public void onTick(final long nowNs)
    {
        barrier.onTick(nowNs);
        endBatch();
        observed.forgetUnasked(nowNs);
        observed.ping(barrier, dirty, nowNs);
    }

    /**
     * Visits all connections; the visitor may remove any of them.
     *
     * @param visitor called once for each connection that there was at the start.
     */
    public void forEachConnection(final Consumer<Outlet> visitor)
    {
        connections.forEach(visitor);
    }

    /**
     * Gives all connections, to close them.
     *
     * @return a copy.
     */
    public List<Outlet> connections()
    {
        return connections.all();
    }

    /** Gives back what waits behind barriers; after the last batch. */
    public void close()
    {
        barrier.clear();
        topics.clear();
        connections.clear();
    }

    private void onFanOut(final EgressAction action, final long receivedAtNs)
    {
        final LoopTopic topic = topics.find(action.topicId);
        if (topic == null)
        {
            return;
        }
        if (!topic.waiting.isEmpty())
        {
            holdBack(topic, action, receivedAtNs);
        }
        final boolean isNextOfRun = run.isNext(topic, action);
        if (!isNextOfRun)
        {
            // First: who can take no more than that run is behind from this item on, not from the next.
            run.append();
        }
        topic.nextSequence = action.sequence + 1;
        if (topic.itemOutletCount > 0)
        {
            deliverItem(topic, action);
        }
        if (isNextOfRun)
        {
            run.extend(action);
        }
        else if (topic.frameOutletCount > 0)
        {
            run.begin(topic, action, receivedAtNs);
        }
    }

    private void deliverItem(final LoopTopic topic, final EgressAction action)
    {
        int next = topic.nextFirstItem();
        final long handOut = dirty.nextHandOut();
        for (int left = topic.itemOutletCount; left > 0 && topic.itemOutletCount > 0; left--)
        {
            next = next < topic.itemOutletCount ? next : 0;
            final Outlet outlet = topic.itemOutlets[next];
            dirty.giveItem(outlet, handOut, action);
            if (next < topic.itemOutletCount && topic.itemOutlets[next] == outlet)
            {
                next++;
            }
        }
    }

    /** Beyond its bound a backlog is given to those who wait for it, pong or not. */
    private void holdBack(final LoopTopic topic, final EgressAction action, final long receivedAtNs)
    {
        if (!topic.backlog.isFull())
        {
            topic.backlog.add(action.chunk, action.offset, action.length);
            return;
        }
        run.append();
        barrier.onFull(topic, receivedAtNs);
    }

    private void onFlushed(final Outlet outlet)
    {
        barrier.pingIfWanted(outlet);
    }
}
