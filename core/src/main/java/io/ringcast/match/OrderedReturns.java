package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
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

    /** A question, and the step that it is told of next. */
    private static final class Turn
    {
        private final Intervals.Parked question;
        /** Its place within a step. */
        private final int rank;
        private long step;

        Turn(final Intervals.Parked question, final int rank)
        {
            this.question = question;
            this.rank = rank;
        }

        int compareTo(final Turn other)
        {
            return step == other.step ? Integer.compare(rank, other.rank) : Long.compare(step, other.step);
        }
    }

    private final ToldBlocks blocks;
    private final OpenSubscriptions subscriptions;
    private final ReplayAnswer answer;
    /** The connections that ask. */
    private final LongHashSet asking = new LongHashSet();
    /** Who has asked in the slot in work. */
    private final LongHashSet askers = new LongHashSet();
    private final List<Long> due = new ArrayList<>();
    private long lookedAtNs;
    private long looks;

    OrderedReturns(final ToldBlocks blocks, final OpenSubscriptions subscriptions, final ReplayAnswer answer)
    {
        this.blocks = blocks;
        this.subscriptions = subscriptions;
        this.answer = answer;
    }

    /** One of the subscriptions asks for what comes next; its answer comes at the end of this slot or a later one. */
    void onAsked(final Intervals.Parked question, final long nowNs)
    {
        subscriptions.find(question.connectionId).told.onAsked(question, nowNs);
        asking.add(question.connectionId);
        looks++;
        askers.add(question.connectionId);
    }

    /** The slot's work is done, and the blocks that have become whole have gone out. */
    void onSlotEnd(final long nowNs, final ActionList<MatchedAction> out)
    {
        if (asking.isEmpty())
        {
            return;
        }
        due.addAll(askers);
        askers.clear();
        if (nowNs - lookedAtNs >= LOOK_NS || nowNs - lookedAtNs < 0)
        {
            lookedAtNs = nowNs;
            due.clear();
            due.addAll(asking);
        }
        due.sort(null);
        while (!due.isEmpty())
        {
            answerIfAllAsked(due.remove(due.size() - 1), nowNs, out);
        }
    }

    private void answerIfAllAsked(final long connectionId, final long nowNs, final ActionList<MatchedAction> out)
    {
        looks++;
        final ConnectionTopics connection = subscriptions.find(connectionId);
        if (connection == null || !connection.told.isAnyAsking())
        {
            asking.remove(connectionId);
        }
        else if (isReady(connectionId, connection.told, nowNs))
        {
            // They are taken off before they are worked: a fault must not come again in each slot.
            asking.remove(connectionId);
            final List<Intervals.Parked> questions = connection.told.take();
            questions.sort(ORDER);
            answer.begin(connectionId, 0, 0, true, out);
            answerOrCutOff(connection.told, questions);
        }
    }

    /** Those that have asked once ask again soon; the others may never. */
    private boolean isReady(final long connectionId, final ToldQuestions told, final long nowNs)
    {
        return !told.isAnyBetween() && (nowNs - told.lastCameNs() >= WAIT_NS ||
            !told.isAnySilent() && !subscriptions.keepsWholeBlocks(connectionId));
    }

    /** How often a question, or a connection that asks, was looked at: a few times for each question and each item. */
    long looks()
    {
        return looks;
    }

    private void answerOrCutOff(final ToldQuestions told, final List<Intervals.Parked> questions)
    {
        boolean isWorked = false;
        try
        {
            tell(told, questions);
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

    private void tell(final ToldQuestions told, final List<Intervals.Parked> questions)
    {
        questions.forEach(question -> passOver(question.subscriber));
        if (questions.stream().anyMatch(question -> isGone(question.subscriber)))
        {
            questions.forEach(this::cutOff);
            return;
        }
        final PriorityQueue<Turn> turns = new PriorityQueue<>(questions.size(), Turn::compareTo);
        for (int i = 0; i < questions.size(); i++)
        {
            addIfAny(new Turn(questions.get(i), i), turns);
        }
        while (!turns.isEmpty() && answer.hasRoom(0))
        {
            final long step = turns.peek().step;
            while (!turns.isEmpty() && turns.peek().step == step)
            {
                final Turn turn = turns.poll();
                answer.turnTo(turn.question.subscriber.topic.topic.topicId, turn.question.ticket);
                tell(turn.question.subscriber, step);
                addIfAny(turn, turns);
            }
        }
        for (final Intervals.Parked question : questions)
        {
            end(told, question, turns.isEmpty());
        }
    }

    private void addIfAny(final Turn turn, final PriorityQueue<Turn> turns)
    {
        looks++;
        turn.step = nextStep(turn.question.subscriber);
        if (turn.step < blocks.next())
        {
            turns.add(turn);
        }
    }

    private void end(final ToldQuestions told, final Intervals.Parked question, final boolean isDone)
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
            told.onDone();
        }
    }

    /** Who is back where nothing is kept, and was told nothing yet, begins with the oldest that is kept now. */
    private static void passOver(final PatientSubscriber subscriber)
    {
        final OrderedTopic topic = subscriber.topic.ordered;
        final KeptSubscription.WholePlace was = subscriber.passed;
        if (was != null && (subscriber.lostCount > 0 || subscriber.toldPlace == was.toldPlace()) &&
            isGone(subscriber) && !topic.hasToldRemoval(was.toldPlace()))
        {
            subscriber.lostFrom = was.sequence();
            subscriber.lostWhy = "history";
            final long place = Math.max(subscriber.toldPlace, topic.oldestWhole());
            subscriber.lostCount += place - subscriber.toldPlace;
            subscriber.toldPlace = place;
            subscriber.markStep = Math.max(subscriber.markStep, topic.oldestMark());
        }
    }

    /** Whether what it has yet to be told is no longer known: it reads too slowly. */
    private static boolean isGone(final PatientSubscriber subscriber)
    {
        final OrderedTopic topic = subscriber.topic.ordered;
        return subscriber.toldPlace < topic.items.next() && subscriber.toldPlace < topic.oldestKept() ||
            topic.hasLostMarks(subscriber.markStep);
    }

    /** The next step that it is told of. */
    private static long nextStep(final PatientSubscriber subscriber)
    {
        final OrderedTopic topic = subscriber.topic.ordered;
        final long item = subscriber.toldPlace < topic.items.next() ?
            topic.items.step(subscriber.toldPlace) : Long.MAX_VALUE;
        return subscriber.topic.topic.marksEmptyBlocks ?
            Math.min(item, Math.max(topic.firstStep(), subscriber.markStep)) : item;
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
        // What is no longer known of it was taken back, as it is what a reorganisation begins with.
        final long from = Math.max(start, blocks.oldest());
        for (long before = step - 1; topic.topic.topic.marksEmptyBlocks && before >= from; before--)
        {
            if (!blocks.isTakenBack(before))
            {
                return false;
            }
        }
        return true;
    }
}
