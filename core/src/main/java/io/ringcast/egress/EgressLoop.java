package io.ringcast.egress;

import io.netty.buffer.ByteBuf;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.EgressAction;
import org.agrona.collections.Long2ObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * One I/O loop's tables: its connections, and which of them each topic has.
 * Confined to its I/O loop.
 *
 * <p>Consecutive frames of one topic that lie behind one another in a chunk are joined to a <em>run</em>, and a run is
 * handed to each connection once; at the end of the batch each connection that got anything is flushed once. A backlog
 * so leaves in one system call per connection: 840 to 1,100 instructions a message, against 9,400 for a call per
 * message.
 */
public final class EgressLoop
{
    private static final Logger LOGGER = LoggerFactory.getLogger(EgressLoop.class);

    private final int loopIndex;
    private final CounterSet counters;
    private final Long2ObjectHashMap<Outlet> outlets = new Long2ObjectHashMap<>();
    private final Outlet[] laneOutlets;
    private final ActivationBarrier barrier;
    private final CatchUps catchUps;
    /** Those of which somebody wants to know how far they have read. */
    private final List<Outlet> followed = new ArrayList<>(0);
    /** Those that want to know how their own items fare. */
    private final List<Outlet> measured = new ArrayList<>(0);
    private Outlet[] visited = new Outlet[0];
    private LoopTopic[] topics = new LoopTopic[16];

    private Outlet[] dirty = new Outlet[64];
    private int dirtyCount;

    private LoopTopic runTopic;
    private ByteBuf runChunk;
    private int runOffset;
    private int runLength;
    private int runItems;
    private long runReceivedAtNs;

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
        this.counters = counters;
        catchUps = new CatchUps(counters);
        barrier = new ActivationBarrier(activationFallbackNs, counters, this::flush, catchUps);
        laneOutlets = new Outlet[laneCount];
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
        outlets.put(outlet.connectionId(), outlet);
    }

    /**
     * Finds out from here on how far a connection's client reads what it is sent.
     *
     * @param outlet the way to it.
     */
    public void followReading(final Outlet outlet)
    {
        outlet.readMarks = new ReadMarks();
        followed.add(outlet);
    }

    /**
     * Measures from here on how the items of a connection fare, if that is not done yet.
     *
     * @param outlet the way to it.
     * @param nowNs  the time.
     */
    public void measure(final Outlet outlet, final long nowNs)
    {
        if (outlet.figures == null && outlets.containsKey(outlet.connectionId()))
        {
            outlet.figures = new OwnFigures(nowNs);
            measured.add(outlet);
        }
    }

    /**
     * Tells whether any connection is measured.
     *
     * @return true if it is worth knowing when a poll begins.
     */
    public boolean isMeasuring()
    {
        return !measured.isEmpty();
    }

    /**
     * Removes a connection and all that it receives. Nothing is written to it from here on.
     *
     * @param outlet the way to it.
     */
    public void removeConnection(final Outlet outlet)
    {
        if (outlets.remove(outlet.connectionId()) == null)
        {
            return;
        }
        for (final LoopTopic topic : outlet.topics)
        {
            topic.remove(outlet);
        }
        outlet.topics.clear();
        barrier.forget(outlet);
        catchUps.forget(outlet);
        if (outlet.readMarks != null)
        {
            followed.remove(outlet);
        }
        if (outlet.figures != null)
        {
            measured.remove(outlet);
        }
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
        laneOutlets[laneIndex] = outlet;
    }

    /**
     * How many connections the loop has.
     *
     * @return the number.
     */
    public int connectionCount()
    {
        return outlets.size();
    }

    /**
     * Does what a slot says, as far as it is for this loop. Nothing is written before {@link #endBatch()}.
     *
     * @param actions      what encode left in the slot.
     * @param receivedAtNs when the slot's text was read from its socket.
     */
    public void onActions(final ActionList<EgressAction> actions, final long receivedAtNs)
    {
        barrier.noteTime(receivedAtNs);
        for (int i = 0; i < actions.size(); i++)
        {
            final EgressAction action = actions.get(i);
            if (action.kind == EgressAction.Kind.FAN_OUT)
            {
                onFanOut(action, receivedAtNs);
            }
            else
            {
                endRun();
                onOther(action, receivedAtNs);
            }
        }
    }

    /** Flushes each connection that got anything since the last batch, once. */
    public void endBatch()
    {
        if (dirtyCount == 0 && runTopic != null)
        {
            sendRun();
            return;
        }
        endRun();
        final int count = dirtyCount;
        dirtyCount = 0;
        for (int i = 0; i < count; i++)
        {
            final Outlet outlet = dirty[i];
            dirty[i] = null;
            outlet.isDirty = false;
            flush(outlet);
        }
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
        for (int i = 0; i < followed.size(); i++)
        {
            final Outlet outlet = followed.get(i);
            if (outlet.readMarks.isPingDue(outlet, nowNs))
            {
                outlet.readMarks.onPing(outlet, barrier.nextToken(), nowNs);
                ping(outlet, outlet.readMarks);
            }
            // It may have shown to be gone.
            i -= i < followed.size() && followed.get(i) == outlet ? 0 : 1;
        }
    }

    private void ping(final Outlet outlet, final ReadMarks marks)
    {
        try
        {
            outlet.ping(marks.pingedToken());
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
        }
    }

    /**
     * Visits all connections; the visitor may remove any of them.
     *
     * @param visitor called once for each connection that there was at the start.
     */
    public void forEachConnection(final Consumer<Outlet> visitor)
    {
        if (visited.length < outlets.size())
        {
            visited = new Outlet[outlets.size() * 2];
        }
        int count = 0;
        for (final Outlet outlet : outlets.values())
        {
            visited[count++] = outlet;
        }
        for (int i = 0; i < count; i++)
        {
            visitor.accept(visited[i]);
            visited[i] = null;
        }
    }

    /**
     * Gives all connections, to close them.
     *
     * @return a copy.
     */
    public List<Outlet> connections()
    {
        return new ArrayList<>(outlets.values());
    }

    /** Gives back what waits behind barriers; after the last batch. */
    public void close()
    {
        barrier.clear();
        for (final LoopTopic topic : topics)
        {
            if (topic != null)
            {
                topic.backlog.clear();
            }
        }
        outlets.clear();
    }

    private void onFanOut(final EgressAction action, final long receivedAtNs)
    {
        final LoopTopic topic = action.topicId < topics.length ? topics[action.topicId] : null;
        if (topic == null)
        {
            return;
        }
        if (topic.activationCount > 0)
        {
            holdBack(topic, action, receivedAtNs);
        }
        final boolean isNextOfRun =
            topic == runTopic && action.chunk == runChunk && action.offset == runOffset + runLength;
        if (!isNextOfRun)
        {
            // First: who can take no more than that run is behind from this item on, not from the next.
            endRun();
        }
        topic.nextSequence = action.sequence + 1;
        if (topic.itemOutletCount > 0)
        {
            deliverItem(topic, action);
        }
        if (isNextOfRun)
        {
            runLength += action.length;
            runItems++;
        }
        else if (topic.frameOutletCount > 0)
        {
            runTopic = topic;
            runChunk = action.chunk;
            runOffset = action.offset;
            runLength = action.length;
            runItems = 1;
            runReceivedAtNs = receivedAtNs;
        }
    }

    /** All items of a run count with the age of its oldest: never better than it was. */
    private void endRun()
    {
        final LoopTopic topic = runTopic;
        if (topic == null)
        {
            return;
        }
        runTopic = null;
        final int first = topic.nextFirst();
        noteRanks(topic, first);
        appendRun(topic, first, topic.frameOutletCount);
        appendRun(topic, 0, first);
    }

    /** Who of those that are measured gets the run as which of all. */
    private void noteRanks(final LoopTopic topic, final int first)
    {
        for (int i = 0; i < measured.size(); i++)
        {
            final int place = topic.placeOf(measured.get(i));
            if (place >= 0)
            {
                final int count = topic.frameOutletCount;
                measured.get(i).figures.onRank(place >= first ? place - first : place + count - first, count);
            }
        }
    }

    private void appendRun(final LoopTopic topic, final int from, final int to)
    {
        int end = to;
        for (int i = from; i < end; )
        {
            final Outlet outlet = topic.frameOutlets[i];
            outlet.append(runChunk, runOffset, runLength, runReceivedAtNs, runItems);
            if (outlet.isPatient && outlet.isFull())
            {
                flush(outlet);
            }
            else
            {
                markDirty(outlet);
            }
            if (topic.frameOutlets[i] == outlet)
            {
                i++;
            }
            else
            {
                end--;
            }
        }
    }

    /**
     * A batch that is one run, which is what a feed at its own pace makes, goes straight out: nothing is noted, no
     * object of a connection is written to, and a connection costs two cache lines.
     */
    private void sendRun()
    {
        final LoopTopic topic = runTopic;
        runTopic = null;
        final int first = topic.nextFirst();
        noteRanks(topic, first);
        sendRun(topic, first, topic.frameOutletCount);
        sendRun(topic, 0, first);
    }

    private void sendRun(final LoopTopic topic, final int from, final int to)
    {
        int end = to;
        for (int i = from; i < end; )
        {
            final Outlet outlet = topic.frameOutlets[i];
            send(outlet);
            if (topic.frameOutlets[i] == outlet)
            {
                i++;
            }
            else
            {
                // It has shown to be gone and the next one has moved up.
                end--;
            }
        }
    }

    private void send(final Outlet outlet)
    {
        try
        {
            outlet.send(runChunk, runOffset, runLength, runReceivedAtNs, runItems);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
        }
    }

    private void onOther(final EgressAction action, final long receivedAtNs)
    {
        switch (action.kind)
        {
            case WRITE:
                write(outlets.get(action.connectionId), action);
                break;

            case WRITE_UPSTREAM:
                if (laneOutlets[action.laneIndex] != null)
                {
                    write(laneOutlets[action.laneIndex], action);
                }
                break;

            case RESET_UPSTREAM:
                if (laneOutlets[action.laneIndex] != null)
                {
                    laneOutlets[action.laneIndex].fail();
                }
                break;

            case OPEN:
                open(action);
                break;

            case SHUT:
                shut(action);
                break;

            case CUT_OFF:
                if (outlets.get(action.connectionId) != null)
                {
                    outlets.get(action.connectionId).cutOff();
                }
                break;

            case MEASURE:
                if (outlets.get(action.connectionId) != null)
                {
                    outlets.get(action.connectionId).onFiguresAsked(action.ticket);
                }
                break;

            case TAKE_OVER:
                if (outlets.get(action.connectionId) != null)
                {
                    outlets.get(action.connectionId).takeOver();
                }
                break;

            case REPLAY:
            case REPLAY_PAUSED:
            case REPLAY_DONE:
            case REPLAY_PARKED:
                if (ConnectionId.loopIndex(action.connectionId) == loopIndex)
                {
                    onReplay(action, receivedAtNs);
                }
                break;

            default:
                release(action.topicId);
                break;
        }
    }

    private void write(final Outlet outlet, final EgressAction action)
    {
        if (outlet != null)
        {
            outlet.append(action.chunk, action.offset, action.length, 0, 0);
            markDirty(outlet);
        }
    }

    private void open(final EgressAction action)
    {
        final Outlet outlet = outlets.get(action.connectionId);
        if (outlet == null)
        {
            return;
        }
        final LoopTopic topic = topic(action.topicId);
        outlet.topics.add(topic);
        topic.nextSequence = Math.max(topic.nextSequence, action.nextSequence);
        if (action.isPatient)
        {
            outlet.addPatient(topic);
        }
        if (outlet.hasBarrier())
        {
            setBarrier(outlet, topic, action);
        }
        else if (action.isCatchingUp)
        {
            catchUps.begin(outlet, topic, action.sequence);
        }
        else
        {
            topic.add(outlet);
        }
        outlet.onOpened(outlet.topics.size());
    }

    private void setBarrier(final Outlet outlet, final LoopTopic topic, final EgressAction action)
    {
        if (action.isCatchingUp)
        {
            barrier.setCatchingUp(outlet, topic, action.sequence);
        }
        else
        {
            barrier.set(outlet, topic);
        }
        markDirty(outlet);
    }

    private void onReplay(final EgressAction action, final long receivedAtNs)
    {
        final LaggingTopic lagging = catchUps.find(outlets.get(action.connectionId), action);
        if (lagging != null && action.kind == EgressAction.Kind.REPLAY)
        {
            lagging.sequence = action.sequence + 1;
        }
        if (action.kind == EgressAction.Kind.REPLAY_PAUSED)
        {
            catchUps.onPaused(lagging, action);
        }
        else if (action.kind == EgressAction.Kind.REPLAY_DONE)
        {
            catchUps.onDone(lagging, action);
        }
        else if (action.kind == EgressAction.Kind.REPLAY_PARKED)
        {
            catchUps.onParked();
        }
        else if (lagging != null && lagging.outlet.takesItems())
        {
            lagging.outlet.onItem(
                action.topicId, action.sequence, action.chunk, action.itemOffset, action.itemLength,
                action.offset + action.length);
        }
        else if (lagging != null)
        {
            lagging.outlet.append(action.chunk, action.offset, action.length, receivedAtNs, 1);
            markDirty(lagging.outlet);
        }
    }

    private void shut(final EgressAction action)
    {
        final Outlet outlet = outlets.get(action.connectionId);
        if (outlet == null || action.topicId >= topics.length || topics[action.topicId] == null)
        {
            return;
        }
        final LoopTopic topic = topics[action.topicId];
        outlet.topics.remove(topic);
        topic.remove(outlet);
        barrier.forget(outlet, topic);
        catchUps.forget(outlet, topic);
        if (outlet.readMarks != null)
        {
            outlet.readMarks.forget(topic.topicId);
        }
    }

    private void release(final int topicId)
    {
        if (topicId < topics.length && topics[topicId] != null)
        {
            topics[topicId].backlog.clear();
            topics[topicId] = null;
        }
    }

    private void deliverItem(final LoopTopic topic, final EgressAction action)
    {
        for (int i = 0; i < topic.itemOutletCount; )
        {
            final Outlet outlet = topic.itemOutlets[i];
            outlet.onItem(
                topic.topicId, action.sequence, action.chunk, action.itemOffset, action.itemLength,
                action.offset + action.length);
            if (i < topic.itemOutletCount && topic.itemOutlets[i] == outlet)
            {
                i++;
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
        endRun();
        barrier.onFull(topic, receivedAtNs);
    }

    /** A connection that can't be written to is closed; the others are served. */
    private void flush(final Outlet outlet)
    {
        try
        {
            outlet.flush();
            barrier.pingIfWanted(outlet);
        }
        catch (final Exception | OutOfMemoryError e)
        {
            fail(outlet, e);
        }
    }

    private void fail(final Outlet outlet, final Throwable fault)
    {
        counters.increment(RelayCounter.EGRESS_FAILURES);
        LOGGER.error("writing to connection {} failed; it is closed", outlet.connectionId(), fault);
        outlet.fail();
    }

    private LoopTopic topic(final int topicId)
    {
        if (topicId >= topics.length)
        {
            topics = Arrays.copyOf(topics, Math.max(topicId + 1, topics.length * 2));
        }
        if (topics[topicId] == null)
        {
            topics[topicId] = new LoopTopic(topicId);
        }
        return topics[topicId];
    }

    private void markDirty(final Outlet outlet)
    {
        if (!outlet.isDirty)
        {
            outlet.isDirty = true;
            if (dirtyCount == dirty.length)
            {
                dirty = Arrays.copyOf(dirty, dirtyCount * 2);
            }
            dirty[dirtyCount++] = outlet;
        }
    }
}
