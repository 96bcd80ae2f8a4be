package io.ringcast.egress;

import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one loop of which somebody wants to know how far they have read, or how their items fare.
 * Confined to its I/O loop. Mostly there are none, and then nothing is done for it.
 */
final class ObservedOutlets
{
    /** So many are measured at once. */
    static final int LIMIT_MEASURED = 256;

    private final List<Outlet> followed = new ArrayList<>(0);
    private final List<Outlet> measured = new ArrayList<>(0);
    /** How often somebody more has been measured; see {@link LoopTopic#unmeasuredSince}. */
    private long measurements;
    /** How many outlets were looked at for the ranks: what it costs all. */
    private long looks;

    void follow(final Outlet outlet)
    {
        outlet.readMarks = new ReadMarks();
        followed.add(outlet);
    }

    /** Measures it from here on if that is not done yet; returns false if too many others are. */
    boolean tryMeasure(final Outlet outlet, final long nowNs)
    {
        if (outlet.figures != null)
        {
            outlet.figures.onAsked(nowNs);
            return true;
        }
        if (measured.size() == LIMIT_MEASURED)
        {
            return false;
        }
        outlet.figures = new OwnFigures(nowNs);
        measured.add(outlet);
        measurements++;
        return true;
    }

    /** Figures that nobody asks for any more are let go of. */
    void forgetUnasked(final long nowNs)
    {
        for (int i = measured.size() - 1; i >= 0; i--)
        {
            if (measured.get(i).figures.isUnasked(nowNs))
            {
                measured.remove(i).figures = null;
            }
        }
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
        if (!measured.isEmpty() && topic.unmeasuredSince != measurements)
        {
            noteRanksOf(topic, first);
        }
    }

    long looks()
    {
        return looks;
    }

    /** One look at each who gets it, however many are measured; none with the next run if none of them is. */
    private void noteRanksOf(final LoopTopic topic, final int first)
    {
        final int count = topic.frameOutletCount;
        looks += count;
        boolean isMeasured = false;
        for (int place = 0; place < count; place++)
        {
            final OwnFigures figures = topic.frameOutlets[place].figures;
            if (figures != null)
            {
                figures.onRank(place >= first ? place - first : place + count - first, count);
                isMeasured = true;
            }
        }
        topic.unmeasuredSince = isMeasured ? LoopTopic.UNKNOWN : measurements;
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
