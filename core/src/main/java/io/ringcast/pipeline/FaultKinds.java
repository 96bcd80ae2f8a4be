package io.ringcast.pipeline;

import java.util.HashSet;
import java.util.Set;

/**
 * Which kinds of faults a log has seen: a bug that comes back with each message must not fill it.
 * Confined to the thread whose faults they are.
 *
 * <p>A kind is what was thrown and where. Past 100 of them none counts as new.
 */
public final class FaultKinds
{
    private static final int LIMIT_KINDS = 100;

    private final Set<String> seen = new HashSet<>();

    /**
     * Notes a fault.
     *
     * @param fault what was thrown.
     * @return true if none of its kind has been noted.
     */
    public boolean isNew(final Throwable fault)
    {
        if (seen.size() == LIMIT_KINDS)
        {
            return false;
        }
        final StackTraceElement[] trace = fault.getStackTrace();
        return seen.add(fault.getClass().getName() + (trace.length > 0 ? " at " + trace[0] : ""));
    }
}
