package io.ringcast.match;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The slow subscribers of one feed that are to be read on for from the upstreams: they are told before its history lets
 * go of an item that they have yet to look at.
 * Confined to the pipeline thread that runs match.
 */
final class SpillPlaces
{
    static final int NOWHERE = -1;

    private final List<PatientSubscriber> subscribers = new ArrayList<>();
    /** No item before this position is wanted by any. */
    private long wantedPosition = Long.MAX_VALUE;
    /** Who has to copy the item at a position, by that. */
    private final TreeMap<Long, List<AwayRemovals>> away = new TreeMap<>();

    /** A subscriber lags, or was answered and lags still; its place was noted. */
    void add(final PatientSubscriber subscriber)
    {
        if (subscriber.watchPlace == NOWHERE)
        {
            subscriber.watchPlace = subscribers.size();
            subscribers.add(subscriber);
        }
        wantedPosition = Math.min(wantedPosition, subscriber.spill.wantedPosition());
    }

    /** It is up to date, or gone; the last one takes its place, so it costs the same however many there are. */
    void remove(final PatientSubscriber subscriber)
    {
        final int place = subscriber.watchPlace;
        if (place != NOWHERE)
        {
            final PatientSubscriber last = subscribers.remove(subscribers.size() - 1);
            if (last != subscriber)
            {
                subscribers.set(place, last);
                last.watchPlace = place;
            }
            subscriber.watchPlace = NOWHERE;
        }
    }

    /** What a session may have to be told has to be copied before an item at a position goes. */
    void want(final long position, final AwayRemovals removals)
    {
        away.computeIfAbsent(position, at -> new ArrayList<>(1)).add(removals);
    }

    /** The history is about to let go of an item. */
    void onDropping(final long position)
    {
        while (!away.isEmpty() && away.firstKey() <= position)
        {
            away.pollFirstEntry().getValue().forEach(removals -> removals.onDropping(position));
        }
        if (position < wantedPosition)
        {
            return;
        }
        wantedPosition = Long.MAX_VALUE;
        for (int i = subscribers.size() - 1; i >= 0; i--)
        {
            final PatientSubscriber subscriber = subscribers.get(i);
            subscriber.spill.onDropping(position);
            wantedPosition = Math.min(wantedPosition, subscriber.spill.wantedPosition());
        }
    }

    /** The feed is released. */
    void clear()
    {
        subscribers.forEach(subscriber ->
        {
            subscriber.watchPlace = NOWHERE;
            subscriber.spill.forget();
        });
        subscribers.clear();
        away.clear();
    }
}
