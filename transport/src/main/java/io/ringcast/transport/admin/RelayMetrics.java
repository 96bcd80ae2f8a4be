package io.ringcast.transport.admin;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.transport.door.DownstreamServer;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.RelayVersion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the relay counts and measures, in the words of Prometheus.
 * Any thread but an I/O loop's: it waits for the loops' histograms. Nothing is kept between two scrapes, so a relay
 * that nobody scrapes pays nothing.
 */
public final class RelayMetrics implements MultiCollector
{
    private final List<NetworkRelay> networks;
    private final DownstreamServer server;

    public RelayMetrics(final List<NetworkRelay> networks, final DownstreamServer server)
    {
        this.networks = networks;
        this.server = server;
    }

    @Override
    public MetricSnapshots collect()
    {
        final MetricSnapshots.Builder all = MetricSnapshots.builder();
        addCounters(all);
        all.metricSnapshot(InfoSnapshot.builder()
            .name("ringcast_build")
            .help("the version that runs")
            .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                .labels(Labels.of("version", RelayVersion.text())).build())
            .build());
        all.metricSnapshot(perNetwork("ringcast_connections", "downstream connections that are open",
            RelayMetrics::connections));
        all.metricSnapshot(subscriptions());
        all.metricSnapshot(perNetwork("ringcast_filters", "filters that are polled",
            network -> network.subscriptions().filters()));
        all.metricSnapshot(perNetwork("ringcast_sessions_kept", "sessions kept for clients that are away",
            network -> network.subscriptions().sessions()));
        new LaneMetrics(networks).addTo(all);
        all.metricSnapshot(perNetwork("ringcast_ring_slots", "slots of the ring",
            network -> network.pipeline().ringSlots()));
        all.metricSnapshot(perNetwork("ringcast_ring_used_slots", "slots of the ring that are not yet free again",
            network -> network.pipeline().ringSlots() - network.pipeline().remainingCapacitySlots()));
        all.metricSnapshot(perNetwork("ringcast_journal_checkpoint_age_seconds",
            "how old the last checkpoint in the journal is; -1 without one", RelayMetrics::checkpointAgeSeconds));
        all.metricSnapshot(gauge("ringcast_sockets", "accepted client sockets, also those in their handshake",
            server.socketCount()));
        all.metricSnapshot(gauge("ringcast_unsent_bytes", "bytes that wait to be written to clients",
            server.unsentBytes()));
        all.metricSnapshot(gauge("ringcast_unfinished_bytes",
            "bytes of messages that have begun and not ended, or wait for the ring", server.unfinishedBytes()));
        all.metricSnapshot(LatencyMetrics.tickToWire(networks));
        all.metricSnapshot(LatencyMetrics.stages(networks));
        return all.build();
    }

    private void addCounters(final MetricSnapshots.Builder all)
    {
        final Map<String, CounterSnapshot.Builder> families = new LinkedHashMap<>();
        for (final RelayCounter counter : RelayCounter.values())
        {
            final CounterMetric metric = CounterMetric.of(counter);
            final CounterSnapshot.Builder family = families.computeIfAbsent(metric.family(), name ->
                CounterSnapshot.builder().name(name).help(metric.help()));
            for (final NetworkRelay network : networks)
            {
                family.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(metric.labels(network.config().name()))
                    .value(CounterSet.sum(network.counters(), counter))
                    .build());
            }
        }
        families.values().forEach(family -> all.metricSnapshot(family.build()));
    }

    private GaugeSnapshot subscriptions()
    {
        final GaugeSnapshot.Builder gauge =
            GaugeSnapshot.builder().name("ringcast_subscriptions").help("live subscriptions by kind");
        for (final NetworkRelay network : networks)
        {
            for (final SubscriptionKind kind : SubscriptionKind.values())
            {
                gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("network", network.config().name(), "kind", kind.label()))
                    .value(network.subscriptions().get(kind))
                    .build());
            }
        }
        return gauge.build();
    }

    private GaugeSnapshot perNetwork(
        final String name, final String help, final ToDoubleFunction<NetworkRelay> value)
    {
        final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        for (final NetworkRelay network : networks)
        {
            gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(Labels.of("network", network.config().name()))
                .value(value.applyAsDouble(network))
                .build());
        }
        return gauge.build();
    }

    private static GaugeSnapshot gauge(final String name, final String help, final double value)
    {
        return GaugeSnapshot.builder().name(name).help(help)
            .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).build())
            .build();
    }

    private static double checkpointAgeSeconds(final NetworkRelay network)
    {
        final long madeAtMs = network.checkpoints().madeAtMs();
        return madeAtMs == 0 ? -1 : (System.currentTimeMillis() - madeAtMs) / 1e3;
    }

    /** The end is read first: else one that opens and ends in between would be counted as less than none. */
    private static long connections(final NetworkRelay network)
    {
        final long closed = CounterSet.sum(network.counters(), RelayCounter.CONNECTIONS_CLOSED);
        return CounterSet.sum(network.counters(), RelayCounter.CONNECTIONS_OPENED) - closed;
    }
}
