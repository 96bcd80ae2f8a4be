package io.ringcast.session;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So much a second, with one second's worth at once after a rest.
 * Any thread. One number is all there is: the time at which everything that was taken would have been due.
 */
public final class RateLimit
{
    private static final long UNUSED = Long.MIN_VALUE;
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);
    /** A debt is never longer than this, so that one large answer does not shut somebody out for long. */
    private static final long MAX_DEBT_NS = TimeUnit.SECONDS.toNanos(10);

    private volatile long perSecond;
    private final AtomicLong dueAtNs = new AtomicLong(UNUSED);

    /**
     * Creates one.
     *
     * @param perSecond how much a second; 0 is without a limit.
     */
    public RateLimit(final long perSecond)
    {
        this.perSecond = perSecond;
    }

    /**
     * How much passes in a second.
     *
     * @return the amount; 0 for no limit.
     */
    public long perSecond()
    {
        return perSecond;
    }

    /**
     * Sets another limit; what is owed stays owed.
     *
     * @param newPerSecond how much a second; 0 is without a limit.
     */
    void limit(final long newPerSecond)
    {
        perSecond = newPerSecond;
    }

    /**
     * Takes some, unless the limit is reached. Who has nothing to his debit may take more than one second's worth at
     * once, and then owes it.
     *
     * @param amount how much.
     * @param nowNs  the time.
     * @return false if nothing was taken.
     */
    public boolean tryTake(final long amount, final long nowNs)
    {
        final long limit = perSecond;
        return limit == 0 || take(amount, limit, nowNs, false);
    }

    /**
     * Takes some that can't be refused any more.
     *
     * @param amount how much.
     * @param nowNs  the time.
     */
    public void charge(final long amount, final long nowNs)
    {
        final long limit = perSecond;
        if (limit != 0)
        {
            take(amount, limit, nowNs, true);
        }
    }

    private boolean take(final long amount, final long limit, final long nowNs, final boolean isSure)
    {
        final long costNs = (long)Math.min(MAX_DEBT_NS, (double)amount * WINDOW_NS / limit);
        while (true)
        {
            final long due = dueAtNs.get();
            final long debtNs = due == UNUSED ? 0 : Math.max(0, due - nowNs);
            final boolean isGranted = debtNs == 0 || debtNs + costNs <= WINDOW_NS;
            if (!isGranted && !isSure)
            {
                return false;
            }
            if (dueAtNs.compareAndSet(due, nowNs + Math.min(MAX_DEBT_NS, debtNs + costNs)))
            {
                return true;
            }
        }
    }
}
