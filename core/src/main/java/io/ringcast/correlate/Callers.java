package io.ringcast.correlate;

import io.ringcast.session.ClientRights;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The connections that have asked for something.
 * Confined to the pipeline thread that runs correlate.
 */
final class Callers
{
    private final Long2ObjectHashMap<Caller> callers = new Long2ObjectHashMap<>();

    /** What is known of a connection, which may do this as of its text under way. */
    Caller of(final long connectionId, final ClientRights rights)
    {
        Caller caller = callers.get(connectionId);
        if (caller == null)
        {
            caller = new Caller();
            callers.put(connectionId, caller);
        }
        caller.rights = rights;
        return caller;
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
        if (caller != null && caller.unchargedBytes > 0)
        {
            caller.rights.chargeBytes(caller.unchargedBytes, nowNs);
        }
    }
}
