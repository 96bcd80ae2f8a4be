package io.ringcast.transport.door;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of one kind all connections together may hold.
 * Any thread. Touched only by connections that hold something, which in a steady state are none.
 */
final class MemoryBudget
{
    private volatile long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    MemoryBudget(final long limitBytes)
    {
        this.limitBytes = limitBytes;
    }

    /**
     * Changes what a connection holds.
     *
     * @param before what it held.
     * @param after  what it holds now.
     * @return false if all together now hold too much and this one has not become smaller: it must give way.
     */
    boolean change(final long before, final long after)
    {
        if (before == after)
        {
            return true;
        }
        final long used = usedBytes.addAndGet(after - before);
        return after < before || used <= limitBytes;
    }

    /** Sets another limit; who holds something keeps it. */
    void limit(final long bytes)
    {
        limitBytes = bytes;
    }

    /** Whether more than half of it is used. */
    boolean isShort()
    {
        return usedBytes.get() > limitBytes / 2;
    }

    long usedBytes()
    {
        return usedBytes.get();
    }
}
