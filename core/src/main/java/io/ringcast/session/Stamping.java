package io.ringcast.session;

import java.util.List;

/**
 * What all stamps of one network share.
 * Immutable.
 *
 * @param epoch        names this life of the relay, within which the items of a topic are numbered.
 * @param laneNames    the names of the upstreams, in the order of the configuration.
 * @param clockErrorNs how far the machine's clock may be off as its operator says, in nanoseconds; 0 if nobody has
 *                     said.
 * @param clockSync    what it is kept by, such as {@code ptp}; empty if nobody has said.
 * @param clock        tells the time.
 */
public record Stamping(
    String epoch, List<String> laneNames, long clockErrorNs, String clockSync, RelayClock clock)
{
    public Stamping
    {
        laneNames = List.copyOf(laneNames);
    }
}
