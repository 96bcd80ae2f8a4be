package io.ringcast.transport.door;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many connections one address may open in a second.
 * Any thread. It takes half a megabyte however many addresses come: each has a place by its hash, and two that share
 * one share the limit. Nobody can tell which do, since the hash begins with a number drawn at the start.
 */
final class AcceptRate
{
    private static final int PLACES = 1 << 16;
    private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(1);
    /** Of an IPv6 address the half that names a network: the other half is its owner's to choose. */
    private static final int LIMIT_BYTES = 8;

    private final AtomicLongArray dueAtNs = new AtomicLongArray(PLACES);
    private final long seed = new SecureRandom().nextLong() | 1;
    private final long startNs;
    private final long intervalNs;

    AcceptRate(final long perSecond, final long nowNs)
    {
        intervalNs = WINDOW_NS / perSecond;
        startNs = nowNs;
    }

    /** Takes a connection; false if the address has opened too many. One second's worth may come at once. */
    boolean tryAccept(final byte[] address, final long nowNs)
    {
        final int place = place(address);
        // Counts from a window before the start, so that 0 means unused.
        final long now = nowNs - startNs + WINDOW_NS;
        while (true)
        {
            final long due = dueAtNs.get(place);
            final long next = Math.max(due, now) + intervalNs;
            if (next - now > WINDOW_NS)
            {
                return false;
            }
            if (dueAtNs.compareAndSet(place, due, next))
            {
                return true;
            }
        }
    }

    private int place(final byte[] address)
    {
        long hash = seed;
        for (int i = 0; i < Math.min(address.length, LIMIT_BYTES); i++)
        {
            hash = (hash ^ address[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int)(hash >>> 48) & PLACES - 1;
    }
}
