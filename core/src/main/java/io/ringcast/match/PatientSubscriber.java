package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.PortableCursor;

/**
 * One subscription of one connection that may be behind: because it resumes, or because it asked to when it is slow.
 * Confined to the pipeline thread that runs match.
 */
final class PatientSubscriber
{
    final TopicState topic;
    final DeliveryOptions options;
    /** Which of all grants it is: its questions come with it. */
    int grant;
    /** The number of the first item that it wants; while there is a first position, one that is not higher. */
    long firstSequence;
    /** The position in its feed's history from which on it wants the topic's items; -1 once that is a number. */
    long firstPosition;
    /** Reads what was before it came; null if it does not want that, or has it. */
    HistoryReader history;
    /** Whether it began to read with a block that was yet to come. */
    boolean beganAhead;
    /** The number of the first item behind what was before it came; lower than all if it did not want that. */
    long historyEnd = Long.MIN_VALUE;
    /** Whether a session keeps it; then what it may have of its past, or null as long as that is nothing. */
    boolean isKept;
    ToldPast told;
    /** Where its session was, if it may have to be told of removed logs that are no longer kept; or null. */
    AwayPlace away;
    /** Whether what it missed hides that something was removed which it had: it can't go on from there. */
    boolean hidesRemovals;
    /** True once the connection has left the topic. */
    boolean isOver;
    /** True until it has got what it resumed for: nothing of that is left out for its being slow. */
    boolean isResuming;
    /** The block that its past is read from, until it is read; then that is {@link SubscriptionRequest#NO_HISTORY}. */
    long historyFrom = SubscriptionRequest.NO_HISTORY;
    /** The place of the last item that it had, if what follows is read from an upstream; else null. */
    PortableCursor had;
    /** Where it stands, if it is to be read on for; null before it lags for the first time, and if it is not. */
    SpillPlace spill;
    /** What waits for it, if it lags and is to be closed beyond a bound; else null. Written by {@link LagBounds}. */
    LagBounds.Lagging lag;
    /** Where it stands among those that are looked after for that; written by {@link SpillPlaces}. */
    int watchPlace = SpillPlaces.NOWHERE;
    /** Runs only if it wants at most one item of each key in an interval. */
    final ItemInterval interval = new ItemInterval();
    /** Changes only if it wants whole blocks. */
    final OrderedPlace orderedPlace = new OrderedPlace();
    /**
     * Which of the items that its topic was told, as whole blocks, it gets next, if it begins with what comes, or goes
     * on where a session has left it; -1 once it has them, and for all others.
     */
    long toldPlace = -1;
    /** From which {@link ToldBlocks step} on it is told of blocks without an item, if so. */
    long markStep;
    /** What it does about these; written by {@link ToldQuestions}. */
    ToldQuestions.Stage toldStage = ToldQuestions.Stage.SILENT;
    /** How many items have been left out for newer ones since it got one. */
    long mergedCount;
    /** The same since it began. */
    long mergedTotal;
    /** How many have been skipped since it began. */
    long lostTotal;
    /** How many have been skipped since it got one, and why; null if none. */
    long lostCount;
    long lostFrom;
    /** True if its session knows it, and nothing has to be told as removed for its sake. */
    boolean isBack;
    /** True while it is back behind what is no longer kept, and was handed nothing: that is passed over, and told. */
    boolean passesOver;
    /** Of whole blocks: where its session was, and is if it comes back once more and has read nothing; or null. */
    KeptSubscription.WholePlace passed;
    String lostWhy;
    /** What waits for it, if it has new items left out; null before it is slow for the first time. */
    WaitingItems waiting;
    /** Null before there is something. */
    private KeptRemovals removals;
    /** What it was not given of logs; null as long as none was left out. */
    private LeftOut leftOut;

    PatientSubscriber(
        final TopicState topic, final DeliveryOptions options, final long firstSequence, final long firstPosition)
    {
        this.topic = topic;
        this.options = options;
        this.firstSequence = firstSequence;
        this.firstPosition = firstPosition;
        isResuming = options.resume() != null;
    }

    /** What is kept for it that it may have to be told as removed. */
    KeptRemovals removals(final HistoryBudget budget)
    {
        if (removals == null)
        {
            removals = new KeptRemovals(budget);
        }
        return removals;
    }

    /** Whether it begins with what is published: it only may fall behind later. */
    boolean isUpToDate()
    {
        return !isResuming && !orderedPlace.isJoining() && history == null && toldPlace < 0;
    }

    /** It was given all up to an item, and lags still. */
    void onAnsweredTo(final long sequence)
    {
        if (lag != null)
        {
            lag.beginAt(sequence);
        }
    }

    /** It has all there is, and gets what is fanned out. */
    void onLive()
    {
        lag = null;
    }

    /** The connection has left a topic; returns whether that is this one's. */
    boolean endIf(final TopicState leftTopic)
    {
        if (leftTopic != topic)
        {
            return false;
        }
        isOver = true;
        if (leftOut != null)
        {
            leftOut.release();
        }
        if (spill != null)
        {
            topic.feed.history.spilling.remove(this);
            spill.forget();
        }
        if (history != null && !isKept)
        {
            // Who may come back has its session let go of that, when all is noted that it was told.
            history.leave();
        }
        return true;
    }

    /** It need not be told any more of what its session had. */
    void leaveAway()
    {
        if (away != null)
        {
            away.leave();
            away = null;
        }
    }

    /** Whether it is back, and what it missed and is no longer kept is passed over. */
    boolean isReturning()
    {
        return away != null && away.isReturning();
    }

    /** Whether some of what it missed while it was away is no longer kept, and may have been a removal. */
    boolean isAmidLost(final long sequence)
    {
        return sequence < topic.group.history.oldest() && away.isLost();
    }

    /** Whether it has just come back, and what was lost since is no removal of what it had: it was not slow. */
    boolean mayPassOver(final long sequence)
    {
        return isBack && topic.ordered == null && sequence == firstSequence &&
            topic.group.lastRemoval < sequence;
    }

    /** Its client has to forget what it had; when it comes back it goes on with what is kept now. */
    void beginAnew()
    {
        leaveAway();
        if (toldPlace < 0)
        {
            firstPosition = -1;
            firstSequence = Math.max(firstSequence, topic.group.history.oldest());
        }
    }

    /** Whether nobody knows if the chain has left what it had, among what is no longer kept. */
    boolean mayHideRemovals(final long sequence)
    {
        final SpillPlace place = spill;
        return isToldOfRemovals() && !isFirst(sequence) &&
            (place == null || !place.isAt(sequence) || !place.knowsAll());
    }

    /** What happens when it is slow. */
    LagPolicy policy()
    {
        return policyOf(options);
    }

    /** What happens to a subscription with these options when it is slow. */
    static LagPolicy policyOf(final DeliveryOptions options)
    {
        return options.lag() == null ? LagPolicy.DISCONNECT : options.lag().policy();
    }

    /** Whether what a subscription with these options is to get waits in the history while its socket is full. */
    static boolean mayWait(final DeliveryOptions options)
    {
        return options.lag() != null && options.lag().letsWait();
    }

    /** Whether it wants what is no longer kept to be read from the upstreams: of heads and logs they can tell it. */
    boolean readsOn()
    {
        return options.readsOn() &&
            (topic.feed.kind == Feed.Kind.HEADS || topic.feed.kind == Feed.Kind.LOGS);
    }

    /** Whether it is told, whatever it loses, of each log as removed that it had and that the chain has left. */
    boolean isToldOfRemovals()
    {
        return policy() == LagPolicy.CONFLATE && topic.feed.kind == Feed.Kind.LOGS;
    }

    /** Whether it is noted where it stands while it lags. */
    boolean notesPlace()
    {
        return readsOn() || isToldOfRemovals();
    }

    /** Whether it can't have had any item if it asks for this one. */
    boolean isFirst(final long sequence)
    {
        return sequence == firstSequence && options.resume() == null && !isKept && historyEnd == Long.MIN_VALUE;
    }

    /** It does not get so many items, for newer ones. */
    void onMerged(final long count)
    {
        mergedCount += count;
        mergedTotal += count;
    }

    /** Which one that is: of logs it matters when that is removed. */
    void onLeftOut(final long sequence)
    {
        if (topic.feed.kind == Feed.Kind.LOGS && !isOver)
        {
            leftOut = leftOut == null ? new LeftOut(topic.group.history) : leftOut;
            leftOut.add(sequence);
        }
    }

    /** Whether it did not get an item that it has passed. */
    boolean isLeftOut(final long sequence)
    {
        return leftOut != null && leftOut.has(sequence);
    }
}
