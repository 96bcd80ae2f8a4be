package io.ringcast.transport;

import io.ringcast.lane.LaneStatus;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.EventLoopCall;
import io.ringcast.transport.loop.LatencyHistogram;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.upstream.UpstreamClient;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    /** Asks every loop for its latencies and waits: not on an I/O loop's thread. */
    static RelayStatus of(final List<NetworkRelay> networks)
    {
        final List<CounterSet> sets = new ArrayList<>();
        boolean isUpstreamConnected = true;
        final Histogram latencyNs = LatencyHistogram.empty();
        final Map<String, List<LaneStatus>> feeds = new TreeMap<>();
        for (final NetworkRelay network : networks)
        {
            sets.addAll(network.counters());
            feeds.put(network.config().name(), network.feeds());
            isUpstreamConnected &= network.upstreams().stream().anyMatch(UpstreamClient::isConnected);
            for (final NetworkLoop loop : network.loops())
            {
                EventLoopCall.on(loop.eventLoop(), () ->
                {
                    loop.latency().addTo(latencyNs);
                    return null;
                });
            }
        }
        return new RelayStatus(
            CounterSet.sum(sets, RelayCounter.CONNECTIONS_OPENED) -
                CounterSet.sum(sets, RelayCounter.CONNECTIONS_CLOSED),
            CounterSet.sum(sets, RelayCounter.SUBSCRIBES) - CounterSet.sum(sets, RelayCounter.UNSUBSCRIBES) -
                CounterSet.sum(sets, RelayCounter.SUBSCRIPTIONS_DROPPED) -
                CounterSet.sum(sets, RelayCounter.SUBSCRIPTIONS_ENDED),
            CounterSet.sum(sets, RelayCounter.ITEMS_IN),
            CounterSet.sum(sets, RelayCounter.DELIVERIES),
            isUpstreamConnected,
            CounterSet.sums(sets),
            latencyNs,
            feeds);
    }
}
