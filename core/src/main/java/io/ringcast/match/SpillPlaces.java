package io.ringcast.match;

import java.util.ArrayList;
import java.util.List;

/**
 * The slow subscribers of one feed that are to be read on for from the upstreams: they are told before its history lets
 * go of an item that they have yet to look at.
 * Confined to the pipeline thread that runs match.
 */
final class SpillPlaces
{
    private final List<PatientSubscriber> subscribers = new ArrayList<>();
    /** No item before this position is wanted by any. */
    private long wantedPosition = Long.MAX_VALUE;

    /** A subscriber lags, or was answered and lags still; its place was noted. */
    void add(final PatientSubscriber subscriber)
    {
        if (!subscriber.isWatching)
        {
            subscriber.isWatching = true;
            subscribers.add(subscriber);
        }
        wantedPosition = Math.min(wantedPosition, subscriber.spill.wantedPosition());
    }

    void remove(final PatientSubscriber subscriber)
    {
        if (subscriber.isWatching)
        {
            subscriber.isWatching = false;
            subscribers.remove(subscriber);
        }
    }

    /** The history is about to let go of an item. */
    void onDropping(final long position)
    {
        if (position < wantedPosition)
        {
            return;
        }
        wantedPosition = Long.MAX_VALUE;
        for (int i = subscribers.size() - 1; i >= 0; i--)
        {
            final PatientSubscriber subscriber = subscribers.get(i);
            if (subscriber.isOver)
            {
                subscriber.isWatching = false;
                subscriber.spill.forget();
                subscribers.remove(i);
                continue;
            }
            subscriber.spill.onDropping(position);
            wantedPosition = Math.min(wantedPosition, subscriber.spill.wantedPosition());
        }
    }

    /** The feed is released. */
    void clear()
    {
        subscribers.forEach(subscriber ->
        {
            subscriber.isWatching = false;
            subscriber.spill.forget();
        });
        subscribers.clear();
    }
}
