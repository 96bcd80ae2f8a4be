package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.StageClock;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Answers connections that are behind in a topic with the next items of its history, as far as their policy wants them.
 * Confined to the pipeline thread that runs match.
 *
 * <p>One answer is short: live items of other slots follow soon, however many connections are behind.
 */
final class Replays
{
    private final Resumption resumption;
    private final OpenSubscriptions subscriptions;
    private final Histories histories;
    private final long ownLimitBytes;
    private final CounterSet counters;
    private final Conflation conflation = new Conflation();
    private final Intervals intervals = new Intervals();
    private final Queue<Intervals.Parked> due = new ArrayDeque<>();
    /** Questions of those that can be read on for when all that they had, and the chain has left, is published. */
    private final Queue<Intervals.Parked> waiting = new ArrayDeque<>();
    private final ReplayAnswer answer;
    private final LagBounds bounds;
    private final LostItems lost;
    private final OrderedReplays ordered;
    /** The items that were conflated for the answer in work, from the first to behind the last. */
    private long conflatedFrom;
    private long conflatedTo;
    /** Behind the removed logs in it that are no longer kept, and whether there are more of them. */
    private long owedTo;
    private boolean owesMore;

    /**
     * Creates it.
     *
     * @param resumption    finds where subscribers begin.
     * @param subscriptions tell who also listens to the status.
     * @param histories     read what is no longer kept.
     * @param order         tells whole blocks.
     * @param ownLimitBytes what may wait for a subscriber that has items dropped and says no bound itself.
     * @param clock         tells the time in stamps.
     * @param counters      the pipeline thread's counters.
     */
    Replays(
        final Resumption resumption, final OpenSubscriptions subscriptions, final Histories histories,
        final BlockOrder order, final long ownLimitBytes, final StageClock clock, final CounterSet counters)
    {
        answer = new ReplayAnswer(clock, counters);
        bounds = new LagBounds(counters);
        lost = new LostItems(answer, subscriptions, counters);
        ordered = new OrderedReplays(order, subscriptions, histories, answer);
        this.resumption = resumption;
        this.subscriptions = subscriptions;
        this.histories = histories;
        this.ownLimitBytes = ownLimitBytes;
        this.counters = counters;
    }

    /**
     * Answers one question.
     *
     * @param subscriber who is behind; null if it has left the topic.
     * @param asker      its connection.
     * @param topicId    the topic.
     * @param mark       what it asked with.
     * @param sequence   the number of the first item that it wants.
     * @param nowNs      the time.
     * @param actions    takes the answer.
     */
    void onAsked(
        final PatientSubscriber subscriber, final long asker, final int topicId, final int mark, final long sequence,
        final long nowNs, final ActionList<MatchedAction> actions)
    {
        answer.begin(asker, topicId, mark, false, actions);
        if (subscriber == null)
        {
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, sequence);
            return;
        }
        onLag(subscriber, asker, sequence);
        if (subscriber.hidesRemovals || subscriber.isReturning() && subscriber.isAmidLost(sequence))
        {
            subscriber.beginAnew();
            answer.tell(subscriptions, "gap", ",\"of\":\"history\",\"subscription\":" +
                subscriber.topic.topic.idToken + ",\"repair\":\"none\"");
            cutOff(sequence);
        }
        else if (subscriber.history != null)
        {
            subscriber.history.onAsked(asker, mark, nowNs, actions);
        }
        else if (subscriber.firstPosition >= 0)
        {
            begin(subscriber, sequence);
        }
        else if (subscriber.topic.ordered != null && !isPassedOver(subscriber, sequence))
        {
            ordered.onAsked(subscriber, asker, mark, sequence, nowNs);
        }
        else if (subscriber.isReturning() || subscriber.passesOver)
        {
            answer(subscriber, asker, mark, sequence, nowNs);
        }
        else if (sequence < subscriber.topic.group.history.oldest() && histories.isToWait(subscriber, sequence))
        {
            answer.end(MatchedAction.Kind.REPLAY_PARKED, sequence);
            waiting.add(new Intervals.Parked(subscriber, asker, mark, sequence));
        }
        else if (sequence < subscriber.topic.group.history.oldest() &&
            histories.tryReadOn(subscriber, subscriptions.find(asker), sequence))
        {
            subscriber.history.onAsked(asker, mark, nowNs, actions);
        }
        else if (sequence < subscriber.topic.group.history.oldest() &&
            (subscriber.policy() == LagPolicy.DISCONNECT || subscriber.topic.ordered != null ||
            subscriber.mayHideRemovals(sequence)) && !subscriber.mayPassOver(sequence))
        {
            cutOff(sequence);
        }
        else if (isPaced(subscriber) && !Intervals.isDue(subscriber, sequence, nowNs))
        {
            answer.end(MatchedAction.Kind.REPLAY_PARKED, sequence);
            intervals.park(new Intervals.Parked(subscriber, asker, mark, sequence), nowNs);
        }
        else
        {
            answer(subscriber, asker, mark, sequence, nowNs);
        }
    }

    /** A subscriber is behind, and has all up to an item. */
    void onLag(final PatientSubscriber subscriber, final long asker, final long sequence)
    {
        bounds.onLag(subscriber, asker, sequence);
    }

    /** Closes those for which more waits than their bounds allow. */
    void onTick(final long nowNs, final ActionList<MatchedAction> actions)
    {
        bounds.onTick(nowNs, answer, actions);
    }

    /** A fault has occurred on the way to an answer; the loop counts on the end of one. Parameters as above. */
    void onFailed(
        final PatientSubscriber subscriber, final long asker, final int topicId, final int mark, final long sequence,
        final ActionList<MatchedAction> actions)
    {
        answer.begin(asker, topicId, mark, false, actions);
        if (subscriber == null && !answer.isEnded())
        {
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, sequence);
        }
        else if (!answer.isEnded())
        {
            cutOff(sequence);
        }
    }

    /** The slot's work is done: who has waited for an interval to end, and for an item, is answered. */
    void onSlotEnd(final long nowNs, final ActionList<MatchedAction> actions)
    {
        ordered.onSlotEnd(nowNs, actions);
        goOn(actions);
        intervals.takeDue(nowNs, due);
        // Each is taken off before it is worked: a fault must not come again in each slot.
        for (Intervals.Parked parked = due.poll(); parked != null; parked = due.poll())
        {
            answer.begin(
                parked.connectionId, parked.subscriber.topic.topic.topicId, parked.ticket, true, actions);
            answerOrCutOff(parked, nowNs);
        }
    }

    /** The loop asks again. */
    private void goOn(final ActionList<MatchedAction> actions)
    {
        for (int left = waiting.size(); left > 0; left--)
        {
            final Intervals.Parked question = waiting.poll();
            if (question.subscriber.isOver)
            {
                continue;
            }
            if (histories.isToWait(question.subscriber, question.sequence))
            {
                waiting.add(question);
                continue;
            }
            answer.begin(
                question.connectionId, question.subscriber.topic.topic.topicId, question.ticket, true, actions);
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, question.sequence);
        }
    }

    private void answerOrCutOff(final Intervals.Parked parked, final long nowNs)
    {
        boolean isAnswered = false;
        try
        {
            if (parked.sequence < parked.subscriber.topic.group.history.oldest())
            {
                // Who had what is no longer kept, and whether it has been removed, is looked at when it asks again.
                answer.end(MatchedAction.Kind.REPLAY_PAUSED, parked.sequence);
            }
            else
            {
                answer(parked.subscriber, parked.connectionId, parked.ticket, parked.sequence, nowNs);
            }
            isAnswered = true;
        }
        finally
        {
            if (!isAnswered && !answer.isEnded())
            {
                cutOff(parked.sequence);
            }
        }
    }

    /** Whether what it is to get next, as whole blocks, is no longer kept; a session's places are another matter. */
    private static boolean isPassedOver(final PatientSubscriber subscriber, final long sequence)
    {
        return subscriber.toldPlace < 0 && sequence < subscriber.topic.group.history.oldest();
    }

    /** Whether it gets at most one item of each key in an interval; what it resumes for comes whole. */
    private static boolean isPaced(final PatientSubscriber subscriber)
    {
        return subscriber.options.everyMs() != null && !subscriber.isResuming;
    }

    /** Turns the place on the chain that it begins behind into a number. */
    private void begin(final PatientSubscriber subscriber, final long sequence)
    {
        final TopicState topic = subscriber.topic;
        long next = sequence;
        if (resumption.isCovered(topic, subscriber.firstPosition))
        {
            if (topic.group.history.coveredFrom() > subscriber.firstPosition)
            {
                cutOff(sequence);
                return;
            }
            next = topic.group.history.sequenceFrom(subscriber.firstPosition);
            subscriber.firstSequence = next;
            subscriber.firstPosition = -1;
        }
        answer.end(MatchedAction.Kind.REPLAY_PAUSED, next);
    }

    private void answer(
        final PatientSubscriber subscriber, final long asker, final int mark, final long sequence, final long nowNs)
    {
        final TopicHistory history = subscriber.topic.group.history;
        final long next = send(subscriber, sequence, nowNs);
        if (subscriber.notesPlace() && !owesMore)
        {
            histories.onAnsweredTo(subscriber, next);
        }
        subscriber.onAnsweredTo(next);
        // What is handed first says what was passed over.
        subscriber.passesOver &= subscriber.lostCount > 0;
        noteLeftOut(subscriber);
        final boolean isDone = next == history.next();
        final boolean owesLoss = isDone && subscriber.lostCount > 0 && subscriber.topic.topic.isStamped;
        if (subscriber.isReturning())
        {
            subscriber.away.onAnsweredTo(next, isDone && !owesLoss);
        }
        if (isPaced(subscriber) && isDone)
        {
            subscriber.interval.begin(nowNs, subscriber.options.everyMs());
        }
        subscriber.isResuming &= !isDone;
        if (owesLoss)
        {
            // It is told with the next item, which is to be its own: the frames of who is live are shared.
            answer.end(MatchedAction.Kind.REPLAY_PARKED, next);
            intervals.park(new Intervals.Parked(subscriber, asker, mark, next), nowNs);
            return;
        }
        if (isDone && subscriber.spill != null && subscriber.options.everyMs() == null)
        {
            histories.onCaughtUp(subscriber);
        }
        if (isDone)
        {
            subscriber.onLive();
        }
        // Who wants items in intervals stays behind, and asks for the next one.
        answer.end(isDone && subscriber.options.everyMs() == null ? MatchedAction.Kind.REPLAY_DONE :
            MatchedAction.Kind.REPLAY_PAUSED, next);
    }

    /** Tells of the logs as removed that it had, and that are no longer kept; gives with which number it goes on. */
    private long sendOwed(final PatientSubscriber subscriber, final long sequence)
    {
        owedTo = sequence;
        final SpillPlace.Removals taker = (removal, text, readAtNs) ->
        {
            if (!answer.hasRoom(text.length))
            {
                return false;
            }
            owedTo = lost.skip(subscriber, owedTo, removal, "history", RelayCounter.SKIPPED_BY_HISTORY) + 1;
            answer.send(subscriber, removal, text, readAtNs);
            return true;
        };
        owesMore = subscriber.isReturning() ? !subscriber.away.tryTell(sequence, taker) :
            subscriber.isToldOfRemovals() && subscriber.spill != null && !subscriber.spill.tryTellOwed(taker);
        return owedTo;
    }

    /** Gives with which number it goes on. */
    private long send(final PatientSubscriber subscriber, final long sequence, final long nowNs)
    {
        owesMore = false;
        final LagPolicy policy = subscriber.isResuming ? LagPolicy.SPILL : subscriber.policy();
        if (policy == LagPolicy.DROP_NEW)
        {
            if (subscriber.waiting == null)
            {
                subscriber.waiting = new WaitingItems(subscriber, ownLimitBytes, lost);
            }
            subscriber.waiting.takeIn(sequence);
            return subscriber.waiting.send(answer);
        }
        final long behindOwed = sendOwed(subscriber, sequence);
        if (owesMore)
        {
            return behindOwed;
        }
        final long next = lost.skip(subscriber, behindOwed, subscriber.topic.group.history.oldest(), "history",
            RelayCounter.SKIPPED_BY_HISTORY);
        return switch (policy)
        {
            case DROP_OLDEST -> replay(subscriber, dropOldest(subscriber, next, nowNs));
            case CONFLATE -> LagBounds.isWithin(subscriber, next, nowNs) ?
                replay(subscriber, next) : replayConflated(subscriber, next);
            default -> replay(subscriber, next);
        };
    }

    private long replay(final PatientSubscriber subscriber, final long from)
    {
        final TopicHistory history = subscriber.topic.group.history;
        long next = from;
        while (next < history.next() && answer.hasRoom(length(subscriber.topic, next)))
        {
            answer.send(subscriber, next++);
        }
        return next;
    }

    private long replayConflated(final PatientSubscriber subscriber, final long from)
    {
        final TopicHistory history = subscriber.topic.group.history;
        if (Conflation.isNewestOnly(subscriber.topic))
        {
            final long merged = Math.max(0, history.next() - 1 - from);
            subscriber.onMerged(merged);
            counters.add(RelayCounter.ITEMS_MERGED, merged);
            return replay(subscriber, Math.max(from, history.next() - 1));
        }
        final long to = Math.min(history.next(), from + Conflation.WINDOW);
        conflation.look(subscriber, from, to);
        long next = from;
        for (; next < to; next++)
        {
            if (conflation.isSkipped(next))
            {
                subscriber.onMerged(1);
                counters.increment(RelayCounter.ITEMS_MERGED);
                continue;
            }
            if (!answer.hasRoom(length(subscriber.topic, next)))
            {
                break;
            }
            answer.send(subscriber, next);
        }
        conflatedFrom = from;
        conflatedTo = next;
        return next;
    }

    /** Behind all that is noted: the room for it may be what the topic's index has to give up. */
    private void noteLeftOut(final PatientSubscriber subscriber)
    {
        for (long sequence = conflatedFrom; sequence < conflatedTo; sequence++)
        {
            if (conflation.isSkipped(sequence))
            {
                subscriber.onLeftOut(sequence);
            }
        }
        conflatedTo = conflatedFrom;
    }

    /** Leaves out what is beyond a bound; the newest item always stays, and tells of the others. */
    private long dropOldest(final PatientSubscriber subscriber, final long from, final long nowNs)
    {
        final TopicState topic = subscriber.topic;
        final LagOptions lag = subscriber.options.lag();
        final long newest = topic.group.history.next() - 1;
        long next = from;
        if (lag.maxItems() > 0)
        {
            next = lost.skip(subscriber, next, topic.group.history.next() - lag.maxItems(), "items",
                RelayCounter.SKIPPED_BY_ITEMS);
        }
        if (lag.maxAgeMs() > 0)
        {
            next = lost.skip(subscriber, next, firstReceivedBehind(
                topic, next, nowNs - TimeUnit.MILLISECONDS.toNanos(lag.maxAgeMs())), "age",
                RelayCounter.SKIPPED_BY_AGE);
        }
        final long maxBytes = lag.limitBytes(ownLimitBytes);
        if (maxBytes < Long.MAX_VALUE && next < newest)
        {
            long kept = newest;
            long bytes = length(topic, newest);
            while (kept > next && bytes + length(topic, kept - 1) <= maxBytes)
            {
                bytes += length(topic, --kept);
            }
            next = lost.skip(subscriber, next, kept, "bytes", RelayCounter.SKIPPED_BY_BYTES);
        }
        return next;
    }

    private static long firstReceivedBehind(final TopicState topic, final long from, final long limitNs)
    {
        long low = from;
        long high = topic.group.history.next() - 1;
        while (low < high)
        {
            final long middle = low + high >>> 1;
            if (topic.feed.history.receivedAtNs(topic.group.history.position(middle)) - limitNs < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private static int length(final TopicState topic, final long sequence)
    {
        return topic.feed.history.length(topic.group.history.position(sequence));
    }

    /** What it needs is gone: it has to come back and say where it is. */
    private void cutOff(final long sequence)
    {
        answer.end(MatchedAction.Kind.CUT_OFF, sequence);
        answer.end(MatchedAction.Kind.REPLAY_PAUSED, sequence);
    }
}
