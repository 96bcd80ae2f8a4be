package io.ringcast.match;

/**
 * Bounds what is held of connections that wait for the end of another: in calls and bytes for each, and in bytes for
 * all of a network together. What is beyond is refused, as it comes.
 * Confined to the pipeline thread that runs match.
 */
final class HeldSubscribes
{
    private final int limitCalls;
    private final long limitBytes;
    private final long limitBytesTogether;
    private long heldBytes;

    /**
     * Creates it empty.
     *
     * @param limitCalls         of one connection.
     * @param limitBytes         of one connection: its ids and params.
     * @param limitBytesTogether the same of all connections.
     */
    HeldSubscribes(final int limitCalls, final long limitBytes, final long limitBytesTogether)
    {
        this.limitCalls = limitCalls;
        this.limitBytes = limitBytes;
        this.limitBytesTogether = limitBytesTogether;
    }

    /** Whether a call of a connection still has room; then {@link #add} takes it. */
    boolean hasRoom(final Session.Arrival arrival, final int lengthBytes)
    {
        return arrival.held.size() < limitCalls && arrival.heldBytes + lengthBytes <= limitBytes &&
            heldBytes + lengthBytes <= limitBytesTogether;
    }

    void add(final Session.Arrival arrival, final HeldSubscribe call)
    {
        arrival.held.add(call);
        arrival.heldBytes += call.lengthBytes();
        heldBytes += call.lengthBytes();
    }

    /** Takes the oldest call of a connection; null if there is none. */
    HeldSubscribe poll(final Session.Arrival arrival)
    {
        final HeldSubscribe call = arrival.held.poll();
        if (call != null)
        {
            arrival.heldBytes -= call.lengthBytes();
            heldBytes -= call.lengthBytes();
        }
        return call;
    }

    /** Forgets the calls of a connection that is gone, or that another has overtaken. */
    void drop(final Session.Arrival arrival)
    {
        while (poll(arrival) != null)
        {
            continue;
        }
    }

    /** What is allowed, for the answer to what is refused. */
    String limits()
    {
        return "at most " + limitCalls + " calls of " + limitBytes +
            " bytes may wait for the session's other connection to end";
    }
}
