package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;

/**
 * A subscription of a session: where it goes on when its client comes back.
 * Confined to the pipeline thread that runs match.
 */
final class KeptSubscription
{
    private static final long UNKNOWN = -1;

    final TopicState topic;
    final DeliveryOptions options;
    /** What asks the history for it, if it began there; null if it began with what is published. */
    private final PatientSubscriber patient;
    /** The number of the first item that the client may not have. */
    private long sequence;
    /** Where that number stood when it began. */
    private final long beginSequence;
    private long firstPosition = -1;
    private long historyFrom = SubscriptionRequest.NO_HISTORY;
    /** Of whole blocks: the place of its next item among those that its topic was told; lower than all if unknown. */
    private long toldPlace = UNKNOWN;
    /** The same of the next step that it is to be told of, should its block have no item. */
    private long markStep;
    /** What may have to be told of removed logs; null if nothing may. */
    private AwayPlace away;
    /** When it is given up, in nanoseconds; set when it was left, and once more when its client came back. */
    long untilNs;
    boolean isExtended;

    /**
     * Notes where it begins.
     *
     * @param topic    what is subscribed to.
     * @param options  what the subscriber asked for.
     * @param patient  what asks the history for it, or null.
     * @param sequence the number of its first item.
     */
    KeptSubscription(
        final TopicState topic, final DeliveryOptions options, final PatientSubscriber patient, final long sequence)
    {
        this.topic = topic;
        this.options = options;
        this.patient = patient;
        this.sequence = sequence;
        beginSequence = sequence;
        if (topic.ordered != null && (patient == null || patient.isUpToDate()))
        {
            toldPlace = topic.ordered.items.next();
            markStep = topic.ordered.nextStep();
        }
        else if (topic.ordered != null)
        {
            toldPlace = patient.toldPlace;
            markStep = patient.toldPlace == UNKNOWN ? topic.ordered.nextStep() : patient.markStep;
        }
    }

    /** Whether the client may not have all yet that was before it came: then it has to begin again. */
    private boolean isInHistory(final long readTo)
    {
        return patient != null && patient.historyEnd != Long.MIN_VALUE && patient.historyEnd >= readTo;
    }

    /**
     * Its connection has ended.
     *
     * @param readTo the number of the first item that it has not proved to have read; lower than its first if none.
     */
    void onEnd(final long readTo)
    {
        if (patient != null)
        {
            firstPosition = patient.firstPosition;
            sequence = patient.firstSequence;
        }
        historyFrom = isInHistory(readTo) ? patient.historyFrom : SubscriptionRequest.NO_HISTORY;
        keepTold();
        sequence = Math.min(topic.group.nextSequence, Math.max(sequence, readTo));
        if (topic.ordered != null && historyFrom == SubscriptionRequest.NO_HISTORY && firstPosition < 0)
        {
            findToldPlace(readTo);
        }
    }

    /** What its client may have, and the chain leaves while it is away, will be told as removed. */
    void watch(final HistoryBudget budget)
    {
        if (patient != null)
        {
            away = patient.away;
            patient.away = null;
        }
        if (topic.feed.kind != Feed.Kind.LOGS || topic.group.history == null || topic.ordered != null ||
            historyFrom != SubscriptionRequest.NO_HISTORY)
        {
            leave();
            return;
        }
        away = away == null ? new AwayPlace(topic.group.away(budget)) : away;
        away.onEnd(sequence, topic.group.nextSequence);
    }

    /** Gives what {@link #watch} keeps to the subscriber that goes on. */
    AwayPlace takeAway()
    {
        final AwayPlace taken = away;
        away = null;
        return taken;
    }

    /** What it had is not told as removed for its own sake. */
    void leave()
    {
        if (away != null)
        {
            away.leave();
            away = null;
        }
    }

    /** Its client has proved to have read so much of it. */
    void onRead(final long readTo)
    {
        if (patient != null && patient.away != null && patient.away.isProved(readTo))
        {
            patient.leaveAway();
        }
    }

    private void keepTold()
    {
        if (historyFrom == SubscriptionRequest.NO_HISTORY)
        {
            releaseTold();
            return;
        }
        final long publishedTo = patient.history != null ? patient.history.sequence() :
            patient.isJoining ? patient.historyEnd : topic.group.nextSequence;
        if (patient.history != null)
        {
            patient.history.leave();
        }
        if (patient.told != null)
        {
            patient.told.onEnd(publishedTo);
        }
        // What is told is no longer the reader's to forget.
        patient.isKept = false;
    }

    /** What its client may have of a past that is read anew; null if that is nothing. */
    ToldPast told()
    {
        return patient == null ? null : patient.told;
    }

    /** Nobody comes back for it, or for the past. */
    void release()
    {
        leave();
        if (patient != null)
        {
            patient.leaveAway();
        }
        releaseTold();
    }

    private void releaseTold()
    {
        if (patient != null)
        {
            patient.isKept = false;
        }
        if (told() != null)
        {
            patient.told.release();
        }
    }

    /**
     * Whoever has had one of the items that were told as whole blocks, and nothing behind it, goes on behind it as
     * those did who stayed, by whatever way it had it.
     */
    private void findToldPlace(final long readTo)
    {
        final ToldItems told = topic.ordered.items;
        final long wanted = toldPlace == UNKNOWN ? Math.max(sequence, readTo) : readTo;
        final boolean hasHadAny = wanted > 0 && (toldPlace == UNKNOWN || wanted != beginSequence);
        final long found = hasHadAny ? told.behind(wanted - 1, Math.max(0, toldPlace)) : ToldItems.NOT_FOUND;
        if (found != ToldItems.NOT_FOUND)
        {
            toldPlace = found;
            markStep = Math.max(markStep, told.step(found - 1) + 1);
        }
    }

    /** Of whole blocks: the place of its next item among those that its topic was told; -1 if it has none there. */
    long toldPlace()
    {
        return toldPlace;
    }

    /** The first step that it is to be told of, should its block have no item. */
    long markStep()
    {
        return markStep;
    }

    /** The block that its past was being read from when its connection ended: it is read anew. */
    long historyFrom()
    {
        return historyFrom;
    }

    long sequence()
    {
        return sequence;
    }

    /** The position in its feed's history that it begins at; -1 if it begins with {@link #sequence()}. */
    long firstPosition()
    {
        return firstPosition;
    }
}
