package io.ringcast.encode;

import io.ringcast.session.ActionList;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.Topic;

/**
 * Notes which loops have work in the slot, and tells them what is to be done without writing a byte: opening and
 * shutting a topic, the turns of a replay, resetting an upstream.
 * Confined to the pipeline thread that runs encode.
 */
final class LoopActions
{
    private final int[] laneLoops;
    private long loopMask;

    /**
     * Creates it without work.
     *
     * @param laneLoops for each upstream, the index of the loop that writes to it.
     */
    LoopActions(final int[] laneLoops)
    {
        this.laneLoops = laneLoops.clone();
    }

    /** Begins a slot: no loop has work yet. */
    void begin()
    {
        loopMask = 0;
    }

    /** Bit i is set if loop i has work. */
    long loopMask()
    {
        return loopMask;
    }

    /** Notes work for all loops of a mask. */
    void wake(final long loops)
    {
        loopMask |= loops;
    }

    /** Notes work for the loop that has a connection. */
    void wakeConnection(final long connectionId)
    {
        loopMask |= 1L << ConnectionId.loopIndex(connectionId);
    }

    /** Notes work for the loop that writes to an upstream. */
    void wakeLane(final int laneIndex)
    {
        loopMask |= 1L << laneLoops[laneIndex];
    }

    void open(final long connectionId, final PendingBatch.Opening opening, final ActionList<EgressAction> out)
    {
        final EgressAction open = addTopicAction(EgressAction.Kind.OPEN, connectionId, opening.topic(), out);
        open.options = opening.options();
        open.nextSequence = opening.nextSequence();
        open.isPatient = opening.isPatient();
        open.isCatchingUp = opening.isCatchingUp();
        open.grant = opening.grant();
        open.isPast = opening.isPast();
        open.sequence = opening.sequence();
        wakeConnection(connectionId);
    }

    void shut(final long connectionId, final Topic topic, final ActionList<EgressAction> out)
    {
        addTopicAction(EgressAction.Kind.SHUT, connectionId, topic, out);
        wakeConnection(connectionId);
    }

    /** Every loop forgets the topic when it comes past the slot; none is woken for it. */
    void release(final Topic topic, final ActionList<EgressAction> out)
    {
        addTopicAction(EgressAction.Kind.RELEASE, ConnectionId.NONE, topic, out);
    }

    void resetLane(final int laneIndex, final ActionList<EgressAction> out)
    {
        final EgressAction reset = out.add();
        reset.kind = EgressAction.Kind.RESET_UPSTREAM;
        reset.laneIndex = laneIndex;
        wakeLane(laneIndex);
    }

    /** A turn in one client's replay, or what concerns its connection as a whole: cut off, taken over, measured. */
    void addForConnection(final EgressAction.Kind kind, final MatchedAction action, final ActionList<EgressAction> out)
    {
        final EgressAction added = out.add();
        added.kind = kind;
        added.connectionId = action.to.connectionId;
        added.topicId = action.topicId;
        added.ticket = action.ticket;
        added.wasParked = action.wasParked;
        added.sequence = action.sequence;
        wakeConnection(added.connectionId);
    }

    private static EgressAction addTopicAction(
        final EgressAction.Kind kind, final long connectionId, final Topic topic, final ActionList<EgressAction> out)
    {
        final EgressAction action = out.add();
        action.kind = kind;
        action.connectionId = connectionId;
        action.topicId = topic.topicId;
        return action;
    }
}
