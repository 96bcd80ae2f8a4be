package io.ringcast.transport.door;

import io.netty.channel.Channel;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.LaterTask;

/**
 * The end of a connection whose client was too slow: the close frame, which says where to resume, is behind all that it
 * has yet to read, so the socket stays for as long as the client goes on reading.
 * Confined to the I/O loop that owns the socket.
 *
 * <p>Nothing is added to what waits. It counts in the budget of all connections until it has left or is given up: when
 * none of it has for {@link #IDLE_MS}, or after {@link #LIMIT_MS} in all; or as soon as all connections together hold
 * half of the budget, which is for those that are still served.
 */
final class SlowEnd implements Runnable
{
    /** How long the client may take nothing while something waits for it. */
    static final long IDLE_MS = 10_000;
    /** How long it has for all, and to hang up as well. */
    static final long LIMIT_MS = 60_000;
    private static final long LOOK_MS = 500;

    private final Channel channel;
    private final SocketOutlet outlet;
    private final CounterSet counters;
    private long waitingBytes;
    private long idleMs;
    private long passedMs;

    SlowEnd(final Channel channel, final SocketOutlet outlet, final CounterSet counters)
    {
        this.channel = channel;
        this.outlet = outlet;
        this.counters = counters;
    }

    /** Begins when the close frame is written: the other side is looked at until its socket has gone. */
    void begin()
    {
        waitingBytes = outlet.untakenBytes();
        outlet.noteUnsent();
        channel.closeFuture().addListener(closed -> outlet.forgetUnsent());
        next();
    }

    @Override
    public void run()
    {
        if (!channel.isOpen())
        {
            return;
        }
        passedMs += LOOK_MS;
        final long nowWaiting = outlet.untakenBytes();
        outlet.noteUnsent();
        idleMs = nowWaiting > 0 && nowWaiting >= waitingBytes ? idleMs + LOOK_MS : 0;
        waitingBytes = nowWaiting;
        if (idleMs < IDLE_MS && passedMs < LIMIT_MS && !outlet.isBudgetShort())
        {
            next();
            return;
        }
        if (nowWaiting > 0)
        {
            counters.increment(RelayCounter.CLOSES_UNREAD);
        }
        channel.close();
    }

    private void next()
    {
        LaterTask.schedule(channel, LOOK_MS, this);
    }
}
