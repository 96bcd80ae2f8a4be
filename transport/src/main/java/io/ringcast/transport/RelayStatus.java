package io.ringcast.transport;

import io.ringcast.lane.LaneStatus;
import org.HdrHistogram.Histogram;

import java.util.List;
import java.util.Map;

/**
 * What a relay does at one moment.
 * Immutable.
 *
 * @param connections       downstream connections that are open.
 * @param subscriptions     subscriptions granted and not ended by an unsubscribe or the end of their connection.
 * @param itemsIn           items from upstream feeds since the start.
 * @param deliveries        items handed to sockets and in-process subscribers since the start.
 * @param upstreamConnected true if every network has an upstream that is connected.
 * @param counters          every counter by name, in order of the names.
 * @param latencyNs         from the read of an item from its upstream to the return of the write to a socket, for every
 *                          item delivered to a socket since the start, in nanoseconds; held behind an activation
 *                          barrier, an item counts from the pong.
 * @param feeds             how the upstreams of each network do, by the network's name, at most about a second ago.
 */
public record RelayStatus(
    long connections, long subscriptions, long itemsIn, long deliveries, boolean upstreamConnected,
    Map<String, Long> counters, Histogram latencyNs, Map<String, List<LaneStatus>> feeds)
{
}
