package io.ringcast.egress;

import io.ringcast.session.ConnectionId;
import io.ringcast.session.EgressAction;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One loop's connections, to clients and to upstreams, and what a slot says of one of them: to write to it, to open or
 * shut a topic for it, to give it what it has missed.
 * Confined to its I/O loop.
 */
final class LoopConnections
{
    private final int loopIndex;
    private final Long2ObjectHashMap<Outlet> outlets = new Long2ObjectHashMap<>();
    private final Outlet[] laneOutlets;
    private final LoopTopics topics;
    private final ActivationBarrier barrier;
    private final CatchUps catchUps;
    private final DirtyOutlets dirty;
    private final ObservedOutlets observed;
    private Outlet[] visited = new Outlet[0];

    LoopConnections(
        final int loopIndex, final int laneCount, final LoopTopics topics, final ActivationBarrier barrier,
        final CatchUps catchUps, final DirtyOutlets dirty, final ObservedOutlets observed)
    {
        this.loopIndex = loopIndex;
        laneOutlets = new Outlet[laneCount];
        this.topics = topics;
        this.barrier = barrier;
        this.catchUps = catchUps;
        this.dirty = dirty;
        this.observed = observed;
    }

    void add(final Outlet outlet)
    {
        outlets.put(outlet.connectionId(), outlet);
    }

    /** Takes it out of all that it receives. */
    void remove(final Outlet outlet)
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
        observed.forget(outlet);
    }

    /** Null takes the way to the upstream away: what is still written to it is dropped. */
    void setLane(final int laneIndex, final Outlet outlet)
    {
        laneOutlets[laneIndex] = outlet;
    }

    boolean has(final Outlet outlet)
    {
        return outlets.containsKey(outlet.connectionId());
    }

    int count()
    {
        return outlets.size();
    }

    List<Outlet> all()
    {
        return new ArrayList<>(outlets.values());
    }

    /** The visitor may remove any of them; it is called for those that there were at the start. */
    void forEach(final Consumer<Outlet> visitor)
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

    void clear()
    {
        outlets.clear();
    }

    /** Does what a slot says, unless it is a fan-out. Nothing is written before the batch ends. */
    void onAction(final EgressAction action, final long receivedAtNs)
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
                cutOff(outlets.get(action.connectionId));
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
                topics.release(action.topicId);
                break;
        }
    }

    /** It is over at once, whenever its door tells so: it must not ask again with the end of the answer. */
    private void cutOff(final Outlet outlet)
    {
        if (outlet != null)
        {
            outlet.cutOff();
            remove(outlet);
        }
    }

    private void write(final Outlet outlet, final EgressAction action)
    {
        if (outlet != null)
        {
            dirty.tryAppend(outlet, action.chunk, action.offset, action.length, 0, 0);
        }
    }

    private void open(final EgressAction action)
    {
        final Outlet outlet = outlets.get(action.connectionId);
        if (outlet == null)
        {
            return;
        }
        final LoopTopic topic = topics.findOrAdd(action.topicId);
        outlet.topics.add(topic);
        topic.nextSequence = Math.max(topic.nextSequence, action.nextSequence);
        if (action.isPatient)
        {
            outlet.addPatient(topic, action.grant, action.options.tellsOfLag());
        }
        if (outlet.hasBarrier())
        {
            setBarrier(outlet, topic, action);
        }
        else if (action.isCatchingUp)
        {
            catchUps.begin(outlet, topic, action.grant, action.sequence, action.isPast);
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
            barrier.setCatchingUp(outlet, topic, action.grant, action.sequence);
        }
        else
        {
            barrier.set(outlet, topic);
        }
        dirty.add(outlet);
    }

    private void onReplay(final EgressAction action, final long receivedAtNs)
    {
        final LaggingTopic lagging = catchUps.find(outlets.get(action.connectionId), action);
        if (lagging != null && action.kind == EgressAction.Kind.REPLAY)
        {
            lagging.sequence = action.sequence + 1;
            lagging.isPast = action.isPast;
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
            catchUps.onParked(action);
        }
        else if (lagging != null && lagging.outlet.takesItems())
        {
            dirty.giveItem(lagging.outlet, dirty.nextHandOut(), action);
        }
        else if (lagging != null)
        {
            dirty.tryAppend(lagging.outlet, action.chunk, action.offset, action.length, receivedAtNs, 1);
        }
    }

    private void shut(final EgressAction action)
    {
        final Outlet outlet = outlets.get(action.connectionId);
        final LoopTopic topic = topics.find(action.topicId);
        if (outlet == null || topic == null)
        {
            return;
        }
        outlet.topics.remove(topic);
        topic.remove(outlet);
        barrier.forget(outlet, topic);
        catchUps.forget(outlet, topic);
        if (outlet.readMarks != null)
        {
            outlet.readMarks.forget(topic.topicId);
        }
    }
}
