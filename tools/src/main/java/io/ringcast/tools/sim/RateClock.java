package io.ringcast.tools.sim;

/**
 * Says how many items of an even stream are due; what was missed is caught up, up to a second's worth.
 * Confined to one thread; time is passed in.
 */
final class RateClock
{
    private static final double SECOND_NS = 1e9;
    private static final double LIMIT_PER_SECOND = 100_000;

    private double ratePerSecond;
    private double dueItems;
    private long lastNs;

    RateClock(final double ratePerSecond, final long nowNs)
    {
        set(ratePerSecond, nowNs);
    }

    void set(final double newRatePerSecond, final long nowNs)
    {
        if (!(newRatePerSecond >= 0 && newRatePerSecond <= LIMIT_PER_SECOND))
        {
            throw new IllegalArgumentException("rate=" + newRatePerSecond + "; allowed: 0 to 100000 a second");
        }
        ratePerSecond = newRatePerSecond;
        dueItems = 0;
        lastNs = nowNs;
    }

    int takeDue(final long nowNs)
    {
        dueItems += (nowNs - lastNs) / SECOND_NS * ratePerSecond;
        lastNs = nowNs;
        final int whole = (int)Math.min(dueItems + 1e-6, Math.max(1, ratePerSecond));
        dueItems = Math.max(0, Math.min(dueItems - whole, 1));
        return whole;
    }

    /** Nanoseconds from the last look to the next item; a long time when the stream stands still. */
    long untilNextNs()
    {
        return ratePerSecond == 0 ? Long.MAX_VALUE : (long)Math.ceil((1 - dueItems) / ratePerSecond * SECOND_NS);
    }
}
