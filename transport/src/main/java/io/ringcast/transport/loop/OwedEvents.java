package io.ringcast.transport.loop;

import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.RingPublisher;
import io.ringcast.session.ClientRights;
import io.ringcast.session.DeliveryOptions;

import java.util.ArrayDeque;

/**
 * Events of one loop that must not be lost: what the ring has no space for goes later, in order, and before anything
 * newer of this loop.
 * Confined to its I/O loop.
 */
final class OwedEvents
{
    /** The text is null, and so are rights and options, for a kind without one. */
    private record OwedEvent(
        EventKind kind, long connectionId, int laneIndex, ClientRights rights, DeliveryOptions options, byte[] text)
    {
    }

    private final ArrayDeque<OwedEvent> events = new ArrayDeque<>();
    private final RingPublisher publisher;

    OwedEvents(final RingPublisher publisher)
    {
        this.publisher = publisher;
    }

    int size()
    {
        return events.size();
    }

    /** Publishes an event without a text, now or as soon as there is space. */
    void add(final EventKind kind, final long connectionId, final int laneIndex)
    {
        events.add(new OwedEvent(kind, connectionId, laneIndex, null, null, null));
        publish();
    }

    /** As above, with a text; rights and options may be null. */
    void add(
        final EventKind kind, final long connectionId, final ClientRights rights, final DeliveryOptions options,
        final byte[] text)
    {
        events.add(new OwedEvent(kind, connectionId, 0, rights, options, text));
        publish();
    }

    /** Publishes as many as there is space for. */
    void publish()
    {
        while (!events.isEmpty())
        {
            final OwedEvent event = events.peekFirst();
            final boolean isTaken = event.text == null ?
                publisher.tryPublish(event.kind, event.connectionId, event.laneIndex, System.nanoTime()) :
                publisher.tryPublish(
                    event.kind, event.connectionId, event.rights, event.options, event.text, System.nanoTime());
            if (!isTaken)
            {
                return;
            }
            events.pollFirst();
        }
    }
}
