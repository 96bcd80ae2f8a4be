package io.ringcast.tools.load;

/**
 * When each item is to be sent: at a fixed rate, in bursts of one or more, whatever the subject under test does.
 * Immutable.
 *
 * <p>Latency counts from these times and not from the send that really happened. A sender that was held up, by the
 * subject or by itself, thus adds its delay to each item that it owed meanwhile, and no pause is left out of the
 * percentiles (no coordinated omission).
 *
 * <p>The warm-up may be faster, so that the subject has done in little time what makes it warm. Then a pause follows,
 * in which a subject that has fallen behind catches up.
 *
 * @param warmUpItems     items of the warm-up, whole bursts.
 * @param warmUpPerSecond the rate of the warm-up.
 * @param pauseNs         nanoseconds between the warm-up and what is measured.
 * @param itemsPerSecond  the rate of what is measured.
 * @param burst           items that are due at the same moment.
 */
record SendSchedule(long warmUpItems, double warmUpPerSecond, long pauseNs, double itemsPerSecond, int burst)
{
    private static final double NS_PER_SECOND = 1e9;
    private static final long PAUSE_NS = 2_000_000_000;

    SendSchedule
    {
        if (!(itemsPerSecond > 0) || !(warmUpPerSecond > 0) || burst < 1)
        {
            throw new IllegalArgumentException("itemsPerSecond=" + itemsPerSecond + " warmUpPerSecond=" +
                warmUpPerSecond + " burst=" + burst);
        }
    }

    /** One rate for all. */
    static SendSchedule steady(final double itemsPerSecond, final int burst)
    {
        return new SendSchedule(0, itemsPerSecond, 0, itemsPerSecond, burst);
    }

    static SendSchedule of(final LoadPlan plan)
    {
        final double rate = plan.itemsPerSecond();
        final boolean isSteady = plan.warmUpPerSecond() == rate;
        return new SendSchedule(itemsIn(plan.warmUpSeconds(), plan.warmUpPerSecond(), plan.burst()),
            plan.warmUpPerSecond(), isSteady ? 0 : PAUSE_NS, rate, plan.burst());
    }

    /** Nanoseconds from the start to when this item is due; the first sequence is 1. */
    long dueNs(final long sequence)
    {
        return sequence <= warmUpItems ? ticksNs((sequence - 1) / burst, warmUpPerSecond) :
            ticksNs(warmUpItems / burst, warmUpPerSecond) + pauseNs +
            ticksNs((sequence - warmUpItems - 1) / burst, itemsPerSecond);
    }

    private long ticksNs(final long ticks, final double perSecond)
    {
        return Math.round(ticks * (burst * NS_PER_SECOND / perSecond));
    }

    /** Items that are due within so many measured seconds: whole bursts, one at least when there is any time. */
    long itemsIn(final double seconds)
    {
        return itemsIn(seconds, itemsPerSecond, burst);
    }

    private static long itemsIn(final double seconds, final double perSecond, final int burst)
    {
        return (long)Math.ceil(seconds * perSecond / burst) * burst;
    }
}
