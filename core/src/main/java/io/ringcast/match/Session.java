package io.ringcast.match;

import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ReadPositions;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a client that comes with a token, over all its connections.
 * Confined to the pipeline thread that runs match.
 */
final class Session
{
    /** A connection that comes while the one before has not ended: what it asks for waits for that. */
    static final class Arrival
    {
        final long connectionId;
        final ConnectionWish wish;
        final ClientRights rights;
        final DeliveryOptions options;
        /** Kept by {@link HeldSubscribes}, as is how many bytes they are. */
        final ArrayDeque<HeldSubscribe> held = new ArrayDeque<>(0);
        long heldBytes;

        Arrival(
            final long connectionId, final ConnectionWish wish, final ClientRights rights,
            final DeliveryOptions options)
        {
            this.connectionId = connectionId;
            this.wish = wish;
            this.rights = rights;
            this.options = options;
        }
    }

    final String key;
    /** At whose cost it is kept; see {@link ConnectionWish#share}. */
    final int share;
    /** The connection that has it, or {@link ConnectionId#NONE}. */
    long connectionId = ConnectionId.NONE;
    /** The connection that waits for that one's end; null if none does. */
    Arrival next;
    /** The subscriptions of the connection that has it, with where each began. */
    final Map<TopicState, KeptSubscription> live = new LinkedHashMap<>();
    /** Those of earlier connections that nobody has come back for yet, in the order of leaving and subscribing. */
    final List<KeptSubscription> kept = new ArrayList<>(2);
    /** Those that began by themselves and that the client has not subscribed to yet. */
    final List<TopicState> restored = new ArrayList<>(0);
    /** How many subscriptions, the status aside, were kept when the connection that has it came. */
    private int keptBefore;
    /** How far the connection that has it has read; topics that are not there not at all. */
    final ReadPositions read = new ReadPositions();

    Session(final String key, final int share)
    {
        this.key = key;
        this.share = share;
    }

    boolean isAttached()
    {
        return connectionId != ConnectionId.NONE;
    }

    /** A connection has it from now on. */
    void onCome()
    {
        keptBefore = 0;
        for (int i = 0; i < kept.size(); i++)
        {
            keptBefore += kept.get(i).topic.kind == SubscriptionKind.STATUS ? 0 : 1;
        }
    }

    /** How many subscriptions, the status aside, were kept when the connection that has it came. */
    int keptBefore()
    {
        return keptBefore;
    }

    /** Whether it keeps something that is told whole blocks, and goes on where it was. */
    boolean keepsWholeBlocks()
    {
        for (int i = 0; i < kept.size(); i++)
        {
            if (kept.get(i).toldPlace() >= 0)
            {
                return true;
            }
        }
        return false;
    }

    /** The connection that has it has proved to have read so much. */
    void onRead(final byte[] positions, final int lengthBytes)
    {
        read.readFrom(positions, lengthBytes);
        for (final Map.Entry<TopicState, KeptSubscription> entry : live.entrySet())
        {
            entry.getValue().onRead(read.of(entry.getKey().topic.topicId));
        }
    }

    /** What has begun ends, and is kept with how far it was read. */
    void detach()
    {
        for (final Map.Entry<TopicState, KeptSubscription> entry : live.entrySet())
        {
            final KeptSubscription subscription = entry.getValue();
            subscription.onEnd(read.of(entry.getKey().topic.topicId));
            entry.getKey().keptCount++;
            kept.add(subscription);
        }
        live.clear();
        restored.clear();
        read.clear();
        connectionId = ConnectionId.NONE;
    }
}
