package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells whole blocks to connections that come back to a session, or begin: what was told to those who were there, step
 * by step, to all subscriptions of the connection together.
 * Confined to the pipeline thread that runs match.
 *
 * <p>Nothing is left out of it, unlike what {@link OrderedReplays} find for somebody who names an item: how much a
 * client has had behind what it has proved is not known, so it may have a block that came and went meanwhile.
 *
 * <p>The subscriptions of a connection ask one after the other. The answer waits until all of them have, those included
 * that the session keeps and that have not been subscribed to again; of the latter, and of those that wait for a pong,
 * a while at most. Who comes later than that is told by itself what it missed. So it is with those that begin: what is
 * told between their answers and their pongs is told in order.
 */
final class OrderedReturns
{
    /** How long those that have come wait for the others, from when the last one came. */
    static final long WAIT_NS = TimeUnit.SECONDS.toNanos(1);
    /** Answers that wait for time to pass, or for a subscription that was ended, are looked at so often. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Within a step. */
    private static final Comparator<Intervals.Parked> ORDER = Comparator
        .comparing((Intervals.Parked question) -> question.subscriber.topic.ordered.isLogs())
        .thenComparing(question -> question.subscriber.topic.topic.topicId);

    /** One connection. */
    private static final class Returning
    {
        private final List<Intervals.Parked> asked = new ArrayList<>(2);
        private long waitUntilNs;
    }

    private final ToldBlocks blocks;
    private final OpenSubscriptions subscriptions;
    private final ReplayAnswer answer;
    private final Long2ObjectHashMap<Returning> byConnection = new Long2ObjectHashMap<>();
    /** Who has asked in the slot in work. */
    private final LongHashSet askers = new LongHashSet();
    private final List<Long> due = new ArrayList<>();
    private long lookedAtNs;

    OrderedReturns(final ToldBlocks blocks, final OpenSubscriptions subscriptions, final ReplayAnswer answer)
    {
        this.blocks = blocks;
        this.subscriptions = subscriptions;
        this.answer = answer;
    }

    /** One of the subscriptions asks for what comes next; its answer comes at the end of this slot or a later one. */
    void onAsked(final Intervals.Parked question, final long nowNs)
    {
        final Returning returning = byConnection.computeIfAbsent(question.connectionId, id -> new Returning());
        if (!question.subscriber.hasAskedForTold)
        {
            question.subscriber.hasAskedForTold = true;
            returning.waitUntilNs = nowNs + WAIT_NS;
        }
        returning.asked.add(question);
        askers.add(question.connectionId);
    }

    /** The slot's work is done, and the blocks that have become whole have gone out. */
    void onSlotEnd(final long nowNs, final ActionList<MatchedAction> out)
    {
        if (byConnection.isEmpty())
        {
            return;
        }
        due.addAll(askers);
        askers.clear();
        if (nowNs - lookedAtNs >= LOOK_NS || nowNs - lookedAtNs < 0)
        {
            lookedAtNs = nowNs;
            due.clear();
            due.addAll(byConnection.keySet());
        }
        due.sort(null);
        while (!due.isEmpty())
        {
            answerIfAllAsked(due.remove(due.size() - 1), nowNs, out);
        }
    }

    private void answerIfAllAsked(final long connectionId, final long nowNs, final ActionList<MatchedAction> out)
    {
        final Returning returning = byConnection.get(connectionId);
        returning.asked.removeIf(question -> question.subscriber.isOver);
        if (returning.asked.isEmpty() && !isReturning(connectionId))
        {
            byConnection.remove(connectionId);
        }
        else if (!returning.asked.isEmpty() && isReady(connectionId, returning, nowNs))
        {
            // They are taken off before they are worked: a fault must not come again in each slot.
            final List<Intervals.Parked> questions = new ArrayList<>(returning.asked);
            returning.asked.clear();
            questions.sort(ORDER);
            answer.begin(connectionId, 0, 0, true, out);
            answerOrCutOff(questions);
        }
    }

    private boolean isReturning(final long connectionId)
    {
        final ConnectionTopics connection = subscriptions.find(connectionId);
        return connection != null && connection.patient.stream().anyMatch(subscriber -> subscriber.toldPlace >= 0);
    }

    /** Those that have asked once ask again soon; the others may never. */
    private boolean isReady(final long connectionId, final Returning returning, final long nowNs)
    {
        boolean isAnyAwaited = subscriptions.keepsWholeBlocks(connectionId);
        for (final PatientSubscriber subscriber : subscriptions.find(connectionId).patient)
        {
            if (subscriber.toldPlace >= 0 &&
                returning.asked.stream().noneMatch(question -> question.subscriber == subscriber))
            {
                if (subscriber.hasAskedForTold)
                {
                    return false;
                }
                isAnyAwaited = true;
            }
        }
        return !isAnyAwaited || nowNs - returning.waitUntilNs >= 0;
    }

    private void answerOrCutOff(final List<Intervals.Parked> questions)
    {
        boolean isWorked = false;
        try
        {
            tell(questions);
            isWorked = true;
        }
        finally
        {
            if (!isWorked)
            {
                questions.forEach(this::cutOff);
            }
        }
    }

    private void cutOff(final Intervals.Parked question)
    {
        answer.turnTo(question.subscriber.topic.topic.topicId, question.ticket);
        answer.end(MatchedAction.Kind.CUT_OFF, question.sequence);
        answer.end(MatchedAction.Kind.REPLAY_PAUSED, question.sequence);
    }

    private void tell(final List<Intervals.Parked> questions)
    {
        if (questions.stream().anyMatch(question -> isGone(question.subscriber)))
        {
            questions.forEach(this::cutOff);
            return;
        }
        long step = nextStep(questions);
        for (; step < blocks.next() && answer.hasRoom(0); step = nextStep(questions))
        {
            for (final Intervals.Parked question : questions)
            {
                answer.turnTo(question.subscriber.topic.topic.topicId, question.ticket);
                tell(question.subscriber, step);
            }
        }
        for (final Intervals.Parked question : questions)
        {
            end(question, step >= blocks.next());
        }
    }

    private void end(final Intervals.Parked question, final boolean isDone)
    {
        final PatientSubscriber subscriber = question.subscriber;
        final OrderedTopic topic = subscriber.topic.ordered;
        answer.turnTo(subscriber.topic.topic.topicId, question.ticket);
        answer.end(isDone ? MatchedAction.Kind.REPLAY_DONE : MatchedAction.Kind.REPLAY_PAUSED,
            topic.sequenceBefore(subscriber.toldPlace));
        if (isDone)
        {
            subscriber.toldPlace = -1;
            subscriber.isResuming = false;
        }
    }

    /** Whether the history has lost what it has yet to be told: it reads too slowly. */
    private static boolean isGone(final PatientSubscriber subscriber)
    {
        final ToldItems items = subscriber.topic.ordered.items;
        return subscriber.toldPlace < items.next() &&
            subscriber.toldPlace < items.oldestKept(subscriber.topic.group.history.oldest());
    }

    /** The next step that any of them is told of. */
    private long nextStep(final List<Intervals.Parked> questions)
    {
        long step = Long.MAX_VALUE;
        for (final Intervals.Parked question : questions)
        {
            final PatientSubscriber subscriber = question.subscriber;
            final OrderedTopic topic = subscriber.topic.ordered;
            if (subscriber.toldPlace < topic.items.next())
            {
                step = Math.min(step, topic.items.step(subscriber.toldPlace));
            }
            if (subscriber.topic.topic.marksEmptyBlocks)
            {
                step = Math.min(step, Math.max(blocks.oldest(), Math.max(topic.firstStep(), subscriber.markStep)));
            }
        }
        return step;
    }

    private void tell(final PatientSubscriber subscriber, final long step)
    {
        final OrderedTopic topic = subscriber.topic.ordered;
        final ToldItems items = topic.items;
        if (subscriber.topic.topic.marksEmptyBlocks && step >= Math.max(topic.firstStep(), subscriber.markStep))
        {
            subscriber.markStep = step + 1;
            if (!blocks.isTakenBack(step) && !items.isOf(step))
            {
                mark(answer.sendMark(subscriber, topic.sequenceBefore(subscriber.toldPlace) - 1), topic, step,
                    0, 0, true);
            }
        }
        while (subscriber.toldPlace < items.next() && items.step(subscriber.toldPlace) == step)
        {
            final long place = subscriber.toldPlace++;
            final boolean isFirst = place == items.oldest() || items.step(place - 1) != step;
            mark(answer.send(subscriber, items.sequence(place)), topic, step,
                items.index(place), items.total(place), isFirst);
        }
    }

    private void mark(
        final ItemStamp stamp, final OrderedTopic topic, final long step, final int index, final int total,
        final boolean isFirst)
    {
        stamp.orderNumber = blocks.blockNumber(step);
        stamp.orderIndex = index;
        stamp.orderCount = total;
        stamp.reorg = isFirst && isFirstOfBracket(topic, step) ? blocks.bracket(step) : null;
    }

    /** Whether nothing was told before a step to a topic of the reorganisation that the step is a part of. */
    private boolean isFirstOfBracket(final OrderedTopic topic, final long step)
    {
        final long start = blocks.bracketStart(step);
        if (start == ToldBlocks.NO_BRACKET || start <= topic.firstStep() || topic.items.hasAny(start, step))
        {
            return false;
        }
        for (long before = step - 1; topic.topic.topic.marksEmptyBlocks && before >= start; before--)
        {
            if (!blocks.isTakenBack(before))
            {
                return false;
            }
        }
        return true;
    }
}
