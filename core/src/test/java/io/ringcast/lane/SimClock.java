package io.ringcast.lane;

import java.util.PriorityQueue;

/** Runs what is due, in order of time. Confined to the test's thread. */
final class SimClock
{
    private record Event(long atNs, long serial, Runnable what)
    {
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) ->
        a.atNs == b.atNs ? Long.compare(a.serial, b.serial) : Long.compare(a.atNs, b.atNs));
    long nowNs;
    private long serial;

    void at(final long timeNs, final Runnable what)
    {
        events.add(new Event(Math.max(timeNs, nowNs), serial++, what));
    }

    boolean runNext()
    {
        final Event event = events.poll();
        if (event != null)
        {
            nowNs = event.atNs;
            event.what.run();
        }
        return event != null;
    }
}
