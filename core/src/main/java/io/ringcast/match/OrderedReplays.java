package io.ringcast.match;

import io.ringcast.session.ActionList;
import io.ringcast.session.ItemStamp;
import io.ringcast.session.MatchedAction;
import org.agrona.collections.LongArrayList;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Answers connections that are behind in a topic of whole blocks: those that resume, and those whose sockets were full.
 * Confined to the pipeline thread that runs match.
 *
 * <p>What they missed is found in the topic's history, as any other subscriber's is, and told as blocks are: first
 * what the chain has taken back, in reverse, then each block with its items counted. It leads to the block that went
 * out last to those who are live. While that is no place to go on from, because a block or a removal is
 * on its way, the question is parked.
 */
final class OrderedReplays
{
    private final BlockOrder order;
    private final Histories histories;
    private final ReplayAnswer answer;
    private final OrderedPlan plan = new OrderedPlan();
    private final OrderedReturns returns;
    private final List<Intervals.Parked> parked = new ArrayList<>();
    private final List<Intervals.Parked> due = new ArrayList<>();

    OrderedReplays(
        final BlockOrder order, final OpenSubscriptions subscriptions, final Histories histories,
        final ReplayAnswer answer)
    {
        this.histories = histories;
        returns = new OrderedReturns(order.told(), subscriptions, answer);
        this.order = order;
        this.answer = answer;
    }

    /** A connection asks for what comes next; the answer is begun. */
    void onAsked(
        final PatientSubscriber subscriber, final long asker, final int ticket, final long sequence, final long nowNs)
    {
        if (subscriber.toldPlace >= 0)
        {
            answer.end(MatchedAction.Kind.REPLAY_PARKED, sequence);
            returns.onAsked(new Intervals.Parked(subscriber, asker, ticket, sequence), nowNs);
        }
        else if (!tryAnswer(subscriber, sequence))
        {
            answer.end(MatchedAction.Kind.REPLAY_PARKED, sequence);
            parked.add(new Intervals.Parked(subscriber, asker, ticket, sequence));
        }
    }

    /** The slot's work is done, and the blocks that have become whole have gone out. */
    void onSlotEnd(final long nowNs, final ActionList<MatchedAction> out)
    {
        returns.onSlotEnd(nowNs, out);
        if (parked.isEmpty())
        {
            return;
        }
        due.addAll(parked);
        // Each is taken off before it is worked: a fault must not come again in each slot.
        parked.clear();
        while (!due.isEmpty())
        {
            final Intervals.Parked question = due.remove(due.size() - 1);
            if (question.subscriber.isOver)
            {
                continue;
            }
            answer.begin(question.connectionId, question.subscriber.topic.topic.topicId, question.ticket, true, out);
            answerOrCutOff(question);
        }
    }

    private void answerOrCutOff(final Intervals.Parked question)
    {
        boolean isWorked = false;
        try
        {
            if (!tryAnswer(question.subscriber, question.sequence))
            {
                parked.add(question);
            }
            isWorked = true;
        }
        finally
        {
            if (!isWorked && !answer.isEnded())
            {
                cutOff(question.sequence);
            }
        }
    }

    private void cutOff(final long sequence)
    {
        answer.end(MatchedAction.Kind.CUT_OFF, sequence);
        answer.end(MatchedAction.Kind.REPLAY_PAUSED, sequence);
    }

    private boolean tryAnswer(final PatientSubscriber subscriber, final long sequence)
    {
        final TopicState topic = subscriber.topic;
        if (sequence < topic.group.history.oldest())
        {
            // Its loop asks again: perhaps it can be read on for.
            answer.end(MatchedAction.Kind.REPLAY_PAUSED, sequence);
            return true;
        }
        final OrderedPlace place = subscriber.orderedPlace;
        final boolean goesOn = subscriber.isResuming || place.isJoining();
        if (!goesOn && !topic.ordered.hasBegun())
        {
            // It begins with the topic.
            subscriber.onLive();
            answer.end(MatchedAction.Kind.REPLAY_DONE, topic.ordered.nextSequence());
            return true;
        }
        if (!order.isInStep(topic) || place.isJoining() && place.toldTo > order.tipNumber())
        {
            return false;
        }
        plan.read(subscriber, sequence, place.isJoining() ? place.joinsFrom() :
            goesOn ? 0 : topic.ordered.firstNumber(), order.tipNumber());
        if (place.isJoining())
        {
            plan.forgetTakenBackBelow(place.joinsFrom());
        }
        if (plan.hadNumber() > order.tipNumber())
        {
            // It was told more by other means.
            return false;
        }
        tell(subscriber, sequence);
        return true;
    }

    private void tell(final PatientSubscriber subscriber, final long sequence)
    {
        byte[] bracket = bracket();
        final boolean isTakenBack = !plan.takenBack.isEmpty();
        long next = sequence;
        for (int i = 0; i < plan.takenBack.size(); )
        {
            final int end = endOfBlock(plan.takenBack, i);
            for (int at = i; at < end; at++)
            {
                bracket = mark(answer.send(subscriber, plan.takenBack.getLong(at)),
                    plan.blockNumber(plan.takenBack.getLong(i)), at - i, end - i, bracket);
            }
            next = plan.takenBack.getLong(end - 1) + 1;
            i = end;
        }
        int i = 0;
        long number = firstNumber(subscriber, isTakenBack);
        subscriber.orderedPlace.toldTo = number - 1;
        while (number <= order.tipNumber() && (answer.isEmpty() || answer.hasRoom(0)))
        {
            final boolean hasItems = i < plan.come.size() && plan.blockNumber(plan.come.getLong(i)) <= number;
            if (hasItems)
            {
                final int end = endOfBlock(plan.come, i);
                final int had = i == 0 ? plan.hadOfBlock(plan.come.getLong(i)) : 0;
                for (int at = i; at < end; at++)
                {
                    note(subscriber, plan.come.getLong(at));
                    bracket = mark(answer.send(subscriber, plan.come.getLong(at)),
                        plan.blockNumber(plan.come.getLong(i)), had + at - i, had + end - i, bracket);
                }
                next = plan.come.getLong(end - 1) + 1;
                i = end;
            }
            else if (subscriber.topic.topic.marksEmptyBlocks)
            {
                bracket = mark(answer.sendMark(subscriber, next - 1), number, 0, 0, bracket);
            }
            subscriber.orderedPlace.toldTo = number;
            number = nextNumber(subscriber, i, number);
        }
        end(subscriber, next, number > order.tipNumber());
    }

    /** What it was told behind a past that its session has read anew for it, if it comes back before it has read it. */
    private static void note(final PatientSubscriber subscriber, final long sequence)
    {
        if (subscriber.isKept && subscriber.told != null && subscriber.orderedPlace.isJoining())
        {
            subscriber.told.onTold(sequence);
        }
    }

    private void end(final PatientSubscriber subscriber, final long next, final boolean isDone)
    {
        if (isDone && subscriber.orderedPlace.isJoining() && subscriber.isKept && subscriber.told != null)
        {
            subscriber.told.onPublished(subscriber.topic.ordered.nextSequence());
        }
        if (isDone && (subscriber.isResuming || subscriber.orderedPlace.isJoining()))
        {
            subscriber.isResuming = false;
            subscriber.orderedPlace.onJoined();
            subscriber.topic.ordered.onResumed(next);
        }
        subscriber.onAnsweredTo(next);
        if (isDone)
        {
            subscriber.onLive();
        }
        if (isDone && subscriber.spill != null)
        {
            histories.onCaughtUp(subscriber);
        }
        else if (!isDone && subscriber.readsOn())
        {
            histories.onAnsweredTo(subscriber, next);
        }
        answer.end(isDone ? MatchedAction.Kind.REPLAY_DONE : MatchedAction.Kind.REPLAY_PAUSED,
            isDone ? subscriber.topic.ordered.nextSequence() : next);
    }

    /** Blocks without an item are passed over, unless they are marked. */
    private long nextNumber(final PatientSubscriber subscriber, final int item, final long number)
    {
        return subscriber.topic.topic.marksEmptyBlocks ? number + 1 :
            item < plan.come.size() ? plan.blockNumber(plan.come.getLong(item)) : order.tipNumber() + 1;
    }

    /** The first block that the subscriber is to be told, or told the rest of. */
    private long firstNumber(final PatientSubscriber subscriber, final boolean isTakenBack)
    {
        final long firstCome =
            plan.come.isEmpty() ? order.tipNumber() + 1 : plan.blockNumber(plan.come.getLong(0));
        if (!subscriber.topic.topic.marksEmptyBlocks)
        {
            return firstCome;
        }
        if (isTakenBack)
        {
            return Math.min(firstCome, plan.blockNumber(plan.takenBack.getLong(plan.takenBack.size() - 1)));
        }
        final long known = Math.max(subscriber.orderedPlace.toldTo, plan.hadNumber());
        return known < 0 ? firstCome : Math.min(firstCome, known + 1);
    }

    /** What is said of a reorganisation, or null; counted from the lowest block that the subscriber had items of. */
    private byte[] bracket()
    {
        final boolean isOfLogs = !plan.takenBack.isEmpty();
        final int left = plan.leftHeads();
        if (!isOfLogs && left == 0)
        {
            return null;
        }
        final long lowest = isOfLogs ? plan.blockNumber(plan.takenBack.getLong(plan.takenBack.size() - 1)) :
            plan.blockNumber(plan.come.getLong(0));
        final long highest = isOfLogs ? plan.blockNumber(plan.takenBack.getLong(0)) : lowest + left - 1;
        final StringJoiner dropped = plan.dropped();
        return order.bracket(highest - lowest + 1, lowest - 1, dropped, order.tipNumber());
    }

    private int endOfBlock(final LongArrayList items, final int from)
    {
        int end = from + 1;
        while (end < items.size() && plan.isSameBlock(items.getLong(end), items.getLong(from)))
        {
            end++;
        }
        return end;
    }

    private static byte[] mark(
        final ItemStamp stamp, final long number, final int index, final int count, final byte[] bracket)
    {
        stamp.orderNumber = number;
        stamp.orderIndex = index;
        stamp.orderCount = count;
        stamp.reorg = bracket;
        return null;
    }
}
