package io.ringcast.correlate;

import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The connections that have asked for something.
 * Confined to the pipeline thread that runs correlate.
 */
final class Callers
{
    private final Long2ObjectHashMap<Caller> callers = new Long2ObjectHashMap<>();
    /** A client over HTTP may use a connection for each call. */
    private final ShownNumber shownOverHttp = new ShownNumber();
    /** How many streams of events show heads; whoever reads one makes its calls over other connections. */
    private int headStreams;

    /** What is known of a connection, which may do this as of its text under way. */
    Caller of(final long connectionId, final ClientRights rights)
    {
        Caller caller = callers.get(connectionId);
        if (caller == null)
        {
            caller = new Caller(ConnectionId.isCallsOnly(connectionId) ? shownOverHttp : new ShownNumber());
            callers.put(connectionId, caller);
        }
        caller.rights = rights;
        return caller;
    }

    /** A connection is shown heads from now on. */
    void onHeadsShown(final long connectionId, final ClientRights rights)
    {
        final Caller caller = of(connectionId, rights);
        headStreams += !caller.isHeadBound && ConnectionId.isEventsOnly(connectionId) ? 1 : 0;
        caller.isHeadBound = true;
    }

    /** Whether there are clients that are shown heads by streams of events. */
    boolean hasHeadStreams()
    {
        return headStreams > 0;
    }

    /** What was answered since the last text counts first: an answer is never held back, the next call is. */
    boolean tryTakeBytes(
        final long connectionId, final ClientRights rights, final int lengthBytes, final long nowNs)
    {
        final Caller caller = of(connectionId, rights);
        rights.chargeBytes(caller.unchargedBytes, nowNs);
        caller.unchargedBytes = 0;
        return rights.tryTakeBytes(lengthBytes, nowNs);
    }

    /** What was answered since the last text is charged still. */
    void forget(final long connectionId, final long nowNs)
    {
        final Caller caller = callers.remove(connectionId);
        headStreams -= caller != null && caller.isHeadBound && ConnectionId.isEventsOnly(connectionId) ? 1 : 0;
        if (caller != null && caller.unchargedBytes > 0)
        {
            caller.rights.chargeBytes(caller.unchargedBytes, nowNs);
        }
    }
}
