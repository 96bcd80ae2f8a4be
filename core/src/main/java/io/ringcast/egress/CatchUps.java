package io.ringcast.egress;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.EgressAction;

import java.util.ArrayDeque;

/**
 * The connections of one loop that are behind in a topic: those whose sockets are full, and those that resume.
 * Confined to its I/O loop.
 *
 * <p>Who is behind is taken out of the topic's live outlets and asks match, through the ring, for the next items from
 * its history. The slot of the answer that reaches the newest item puts it back: what was published in the slots before
 * was in the answer, what is published in those behind is fanned out to it. So there is no seam and nothing twice.
 *
 * <p>Only a few questions are under way at once, in the order of asking, and only for sockets that can take the answer.
 * A thousand who come back at once so take their turns between the live items. A question that match can't answer yet,
 * since it is itself waiting for an upstream, is parked: it is not counted, and its answer comes when there is one.
 *
 * <pre>
 *   live ── socket full, or resumes ──► behind ── socket drained, its turn ──► asking ──┬── more to come ──► behind
 *    ▲                                                                                  │
 *    └──────────────────────────────── the answer reached the newest item ──────────────┘
 * </pre>
 */
final class CatchUps
{
    /** How many questions are under way at once. */
    static final int LIMIT_ASKING = 4;

    private final CounterSet counters;
    private final ArrayDeque<LaggingTopic> queue = new ArrayDeque<>();
    /** Those whose place match has yet to be told: later on it may no longer know it. */
    private final ArrayDeque<LaggingTopic> untold = new ArrayDeque<>();
    private int asking;
    private int lastTicket;

    CatchUps(final CounterSet counters)
    {
        this.counters = counters;
    }

    /** A connection is behind in a topic from here on. */
    void begin(final Outlet outlet, final LoopTopic topic, final int grant, final long sequence)
    {
        begin(outlet, topic, grant, sequence, false);
    }

    /** The same; what was before it came may be read for it first. */
    LaggingTopic begin(
        final Outlet outlet, final LoopTopic topic, final int grant, final long sequence, final boolean isPast)
    {
        final LaggingTopic lagging = new LaggingTopic(outlet, topic, grant, sequence);
        lagging.isPast = isPast;
        outlet.lagging.add(lagging);
        outlet.patientLaggingCount += lagging.isPatient ? 1 : 0;
        enqueue(lagging);
        return lagging;
    }

    /** A connection has too much unsent: it gets nothing more of the topics that may wait for it. */
    void onCongested(final Outlet outlet)
    {
        outlet.isCongested = true;
        if (outlet.patientLaggingCount == outlet.patientTopics.size())
        {
            return;
        }
        for (int i = 0; i < outlet.patientTopics.size(); i++)
        {
            final PatientTopic patient = outlet.patientTopics.get(i);
            final LoopTopic topic = patient.topic();
            if (topic.remove(outlet))
            {
                counters.increment(RelayCounter.LAGS_BEGUN);
                final LaggingTopic lagging = begin(outlet, topic, patient.grant(), topic.nextSequence, false);
                if (patient.tellsOfLag())
                {
                    untold.addLast(lagging);
                }
            }
        }
    }

    void onDrained(final Outlet outlet)
    {
        outlet.isCongested = false;
        for (int i = 0; i < outlet.lagging.size(); i++)
        {
            enqueue(outlet.lagging.get(i));
        }
    }

    /** The connection has left a topic. */
    void forget(final Outlet outlet, final LoopTopic topic)
    {
        outlet.removePatient(topic);
        for (int i = 0; i < outlet.lagging.size(); i++)
        {
            if (outlet.lagging.get(i).topic == topic)
            {
                end(outlet.lagging.get(i));
                break;
            }
        }
        forgetCongestion(outlet);
    }

    private static void end(final LaggingTopic lagging)
    {
        lagging.isOver = true;
        lagging.outlet.lagging.remove(lagging);
        lagging.outlet.patientLaggingCount -= lagging.isPatient ? 1 : 0;
    }

    /** Nobody tells when its socket has drained while nothing of it waits. */
    private static void forgetCongestion(final Outlet outlet)
    {
        outlet.isCongested &= outlet.mayWait();
    }

    /** The connection is gone. */
    void forget(final Outlet outlet)
    {
        for (int i = 0; i < outlet.lagging.size(); i++)
        {
            outlet.lagging.get(i).isOver = true;
        }
        outlet.lagging.clear();
        outlet.patientLaggingCount = 0;
        outlet.patientTopics.clear();
    }

    /** Finds who a part of an answer is for; null if it has left the topic since. */
    LaggingTopic find(final Outlet outlet, final EgressAction action)
    {
        if (outlet != null)
        {
            for (int i = 0; i < outlet.lagging.size(); i++)
            {
                final LaggingTopic lagging = outlet.lagging.get(i);
                if (lagging.topic.topicId == action.topicId)
                {
                    return lagging.isAsking && lagging.ticket == action.ticket ? lagging : null;
                }
            }
        }
        return null;
    }

    /** There is nothing to be had yet: the answer comes by itself, and keeps nobody else waiting. */
    void onParked(final EgressAction action)
    {
        asking -= action.wasParked ? 0 : 1;
    }

    /** The answer has ended before the newest item: more is asked for when it is this connection's turn again. */
    void onPaused(final LaggingTopic lagging, final EgressAction action)
    {
        asking -= action.wasParked ? 0 : 1;
        if (lagging != null)
        {
            lagging.isAsking = false;
            lagging.sequence = action.sequence;
            enqueue(lagging);
        }
    }

    /** The answer has reached the newest item: from here on the connection gets what is fanned out. */
    void onDone(final LaggingTopic lagging, final EgressAction action)
    {
        asking -= action.wasParked ? 0 : 1;
        if (lagging != null)
        {
            end(lagging);
            forgetCongestion(lagging.outlet);
            lagging.topic.nextSequence = action.sequence;
            lagging.topic.add(lagging.outlet);
        }
    }

    /** True if a question could be asked at once. */
    boolean isDue()
    {
        return !untold.isEmpty() || isAskingDue();
    }

    private boolean isAskingDue()
    {
        return !queue.isEmpty() && asking < LIMIT_ASKING;
    }

    /** Asks as much as may be under way, after each poll. */
    void ask(final CatchUpDoor door, final long nowNs)
    {
        if (!tryTell(door, nowNs))
        {
            return;
        }
        while (isAskingDue())
        {
            final LaggingTopic next = queue.peekFirst();
            if (next.isOver || next.outlet.isCongested)
            {
                next.isQueued = false;
                queue.pollFirst();
                continue;
            }
            if (!door.tryAsk(
                next.outlet.connectionId(), next.topic.topicId, next.grant, nextTicket(), next.sequence, nowNs))
            {
                return;
            }
            queue.pollFirst();
            next.isQueued = false;
            next.isAsking = true;
            next.ticket = nextTicket();
            lastTicket = next.ticket;
            asking++;
            counters.increment(RelayCounter.CATCH_UPS_ASKED);
        }
    }

    private int nextTicket()
    {
        return lastTicket + 1 == EgressAction.NO_TICKET ? lastTicket + 2 : lastTicket + 1;
    }

    /** Tells where those stand that have begun to lag; who has asked since, or is live again, has told it by that. */
    private boolean tryTell(final CatchUpDoor door, final long nowNs)
    {
        for (LaggingTopic next = untold.peekFirst(); next != null; next = untold.peekFirst())
        {
            if (!next.isOver && !next.isAsking && !door.tryAsk(next.outlet.connectionId(), next.topic.topicId,
                next.grant, EgressAction.NO_TICKET, next.sequence, nowNs))
            {
                return false;
            }
            untold.pollFirst();
        }
        return true;
    }

    private void enqueue(final LaggingTopic lagging)
    {
        if (!lagging.isQueued && !lagging.isAsking)
        {
            lagging.isQueued = true;
            queue.addLast(lagging);
        }
    }
}
