package io.ringcast.egress;

import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one loop of which somebody wants to know how far they have read, or how their items fare.
 * Confined to its I/O loop. Mostly there are none, and then nothing is done for it.
 */
final class ObservedOutlets
{
    private final List<Outlet> followed = new ArrayList<>(0);
    private final List<Outlet> measured = new ArrayList<>(0);

    void follow(final Outlet outlet)
    {
        outlet.readMarks = new ReadMarks();
        followed.add(outlet);
    }

    void measure(final Outlet outlet, final long nowNs)
    {
        outlet.figures = new OwnFigures(nowNs);
        measured.add(outlet);
    }

    boolean isMeasuring()
    {
        return !measured.isEmpty();
    }

    void forget(final Outlet outlet)
    {
        if (outlet.readMarks != null)
        {
            followed.remove(outlet);
        }
        if (outlet.figures != null)
        {
            measured.remove(outlet);
        }
    }

    /** Who of those that are measured gets a run of a topic as which of all, if it begins with this outlet. */
    void noteRanks(final LoopTopic topic, final int first)
    {
        for (int i = 0; i < measured.size(); i++)
        {
            final int place = topic.placeOf(measured.get(i));
            if (place >= 0)
            {
                final int count = topic.frameOutletCount;
                measured.get(i).figures.onRank(place >= first ? place - first : place + count - first, count);
            }
        }
    }

    /** Asks those that are followed how far they have read, if they have got something since. */
    void ping(final ActivationBarrier barrier, final DirtyOutlets dirty, final long nowNs)
    {
        for (int i = 0; i < followed.size(); i++)
        {
            final Outlet outlet = followed.get(i);
            if (outlet.readMarks.isPingDue(outlet, nowNs))
            {
                outlet.readMarks.onPing(outlet, barrier.nextToken(), nowNs);
                ping(outlet, dirty);
            }
            // It may have shown to be gone.
            i -= i < followed.size() && followed.get(i) == outlet ? 0 : 1;
        }
    }

    private static void ping(final Outlet outlet, final DirtyOutlets dirty)
    {
        try
        {
            outlet.ping(outlet.readMarks.pingedToken());
        }
        catch (final Exception | OutOfMemoryError e)
        {
            dirty.fail(outlet, e);
        }
    }
}
