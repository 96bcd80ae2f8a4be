package io.ringcast.pipeline;

import io.ringcast.frame.ReceivedFrame;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.SlotReadings;
import io.ringcast.session.SlotVerdicts;

import java.util.List;
import java.util.function.Consumer;

/**
 * One slot of the ring.
 * Confined to whoever holds the slot: the publisher, then one stage after the other, then, to read, every I/O loop.
 *
 * <p>The fields are grouped by who writes them; each writer clears its own group first.
 */
public final class RelayEvent
{
    // Written by the publisher.
    EventKind kind;
    /** Of {@link EventKind#UPSTREAM_DOWN}: the code with which the upstream closed its WebSocket, or none. */
    long connectionId;
    int laneIndex;
    /** When the whole text had been read from its socket, or when the event happened; the ring's only clock. */
    long nowNs;
    /** When the beginning of the text was read from its socket; {@link #nowNs} if there is none, or nobody noted it. */
    long beganAtNs;
    ReceivedFrame frame = new ReceivedFrame();
    /** What the URL of the client's connection asked for; null if it asked for nothing, and for other kinds. */
    DeliveryOptions connectionOptions;
    /** What the client may do; null for other kinds. */
    ClientRights rights;
    /** What these rights refused; cleared by the publisher, written by correlate and match. */
    final SlotVerdicts verdicts = new SlotVerdicts();
    /** What the stages read off the clock; cleared by the publisher, written by match and encode. */
    final SlotReadings readings = new SlotReadings();
    /** What the text takes of the budget for large ones; given back by its last reader, or by the next publisher. */
    int largeBytes;

    // Written by correlate.
    final ActionList<CorrelatedAction> correlated = new ActionList<>(CorrelatedAction::new);

    // Written by match.
    final ActionList<MatchedAction> matched = new ActionList<>(MatchedAction::new);

    // Written by encode.
    final ActionList<EgressAction> egress = new ActionList<>(EgressAction::new);

    /** Whether somebody has sent it; else it is the relay's own. */
    boolean isText()
    {
        return kind == EventKind.CLIENT_FRAME || kind == EventKind.UPSTREAM_FRAME;
    }

    /**
     * Lets go of what the actions borrowed, by encode once it has read them: a slot is filled again only after a whole
     * round of the ring, and would keep its text, an answer or a page of history alive until then.
     */
    void releaseBorrowed()
    {
        for (int i = 0, size = correlated.size(); i < size; i++)
        {
            correlated.get(i).bytes = null;
        }
        for (int i = 0, size = matched.size(); i < size; i++)
        {
            final MatchedAction action = matched.get(i);
            action.bytes = null;
            if (action.stamp != null)
            {
                action.stamp.reorg = null;
            }
        }
    }

    /** All that belongs to the slot: a stage that still refers to any of it behind its end has not let go. */
    void forEachPart(final Consumer<Object> taker)
    {
        taker.accept(this);
        taker.accept(frame);
        taker.accept(frame.view);
        taker.accept(frame.bytes);
        taker.accept(verdicts);
        taker.accept(readings);
        for (final ActionList<?> actions : List.of(correlated, matched, egress))
        {
            taker.accept(actions);
            actions.forEachKept(taker);
        }
    }

    /** Gives back what the text takes; by whoever reads it last. Its actions have been let go by then. */
    void releaseText(final RingBytes ringBytes)
    {
        frame.clear();
        ringBytes.give(largeBytes);
        largeBytes = 0;
    }
}
