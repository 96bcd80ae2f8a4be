package io.ringcast.transport.door;

import java.util.concurrent.atomic.AtomicInteger;

/** How many clients are connected: sockets, and streams of events that share one. Any thread. */
final class ConnectionCount
{
    private volatile long limit;
    private final AtomicInteger count = new AtomicInteger();

    ConnectionCount(final long limit)
    {
        this.limit = limit;
    }

    /** Takes a place; false, and none is taken, if there is none. */
    boolean tryTake()
    {
        final boolean isTaken = count.incrementAndGet() <= limit;
        if (!isTaken)
        {
            count.decrementAndGet();
        }
        return isTaken;
    }

    /** Takes a place also if there is none; tells whether there was. For a socket that is there in any case. */
    boolean take()
    {
        return count.incrementAndGet() <= limit;
    }

    /** Sets another limit; who is in stays. */
    void limit(final long connections)
    {
        limit = connections;
    }

    void give()
    {
        count.decrementAndGet();
    }

    int count()
    {
        return count.get();
    }
}
