package io.ringcast.match;

import io.ringcast.session.DeliveryOptions;

/**
 * A subscription of a session: where it goes on when its client comes back.
 * Confined to the pipeline thread that runs match.
 */
final class KeptSubscription
{
    final TopicState topic;
    final DeliveryOptions options;
    /** What asks the history for it, if it began there; null if it began with what is published. */
    private final PatientSubscriber patient;
    /** The number of the first item that the client may not have. */
    private long sequence;
    private long firstPosition = -1;
    private long historyFrom = SubscriptionRequest.NO_HISTORY;

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
        sequence = Math.min(topic.group.nextSequence, Math.max(sequence, readTo));
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
