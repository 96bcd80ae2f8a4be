package io.ringcast.transport.admin;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.metrics.SubscriptionKind;
import io.ringcast.transport.door.DownstreamServer;
import io.ringcast.transport.loop.EventLoopCall;
import io.ringcast.transport.loop.LatencyHistogram;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.loop.RelayVersion;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

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
    private static final double NS_PER_SECOND = 1e9;
    /** Upper bounds of the buckets, in nanoseconds: 1, 2, 5 steps from 5 us, about where a send ends, to 10 s. */
    private static final long[] BUCKETS_NS =
    {
        5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
        20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000, 2_000_000_000L, 5_000_000_000L,
        10_000_000_000L
    };

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
        all.metricSnapshot(upstreams());
        all.metricSnapshot(perNetwork("ringcast_ring_slots", "slots of the ring",
            network -> network.pipeline().ringSlots()));
        all.metricSnapshot(perNetwork("ringcast_ring_used_slots", "slots of the ring that are not yet free again",
            network -> network.pipeline().ringSlots() - network.pipeline().remainingCapacitySlots()));
        all.metricSnapshot(gauge("ringcast_sockets", "accepted client sockets, also those in their handshake",
            server.socketCount()));
        all.metricSnapshot(gauge("ringcast_unsent_bytes", "bytes that wait to be written to clients",
            server.unsentBytes()));
        all.metricSnapshot(gauge("ringcast_unfinished_bytes",
            "bytes of messages that have begun and not ended, or wait for the ring", server.unfinishedBytes()));
        all.metricSnapshot(latency());
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

    private GaugeSnapshot upstreams()
    {
        final GaugeSnapshot.Builder gauge =
            GaugeSnapshot.builder().name("ringcast_upstream_up").help("1 if the lane's upstream is connected, else 0");
        for (final NetworkRelay network : networks)
        {
            for (int lane = 0; lane < network.upstreams().size(); lane++)
            {
                gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(
                        "network", network.config().name(), "lane", network.config().upstreams().get(lane).name()))
                    .value(network.upstreams().get(lane).isConnected() ? 1 : 0)
                    .build());
            }
        }
        return gauge.build();
    }

    private HistogramSnapshot latency()
    {
        final HistogramSnapshot.Builder latency = HistogramSnapshot.builder()
            .name("ringcast_tick_to_wire_seconds")
            .help("from the read of an item from its upstream to the return of the write to a client's socket");
        for (final NetworkRelay network : networks)
        {
            final Histogram histogramNs = LatencyHistogram.empty();
            for (final NetworkLoop loop : network.loops())
            {
                EventLoopCall.on(loop.eventLoop(), () ->
                {
                    loop.latency().addTo(histogramNs);
                    return null;
                });
            }
            latency.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(Labels.of("network", network.config().name()))
                .classicHistogramBuckets(buckets(histogramNs))
                .sum(histogramNs.getTotalCount() == 0 ? 0 :
                    histogramNs.getMean() * histogramNs.getTotalCount() / NS_PER_SECOND)
                .build());
        }
        return latency.build();
    }

    private static ClassicHistogramBuckets buckets(final Histogram histogramNs)
    {
        final long[] counts = new long[BUCKETS_NS.length + 1];
        int bucket = 0;
        for (final HistogramIterationValue value : histogramNs.recordedValues())
        {
            while (bucket < BUCKETS_NS.length && value.getValueIteratedTo() > BUCKETS_NS[bucket])
            {
                bucket++;
            }
            counts[bucket] += value.getCountAtValueIteratedTo();
        }
        final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < BUCKETS_NS.length; i++)
        {
            buckets.bucket(BUCKETS_NS[i] / NS_PER_SECOND, counts[i]);
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, counts[BUCKETS_NS.length]).build();
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

    /** The end is read first: else one that opens and ends in between would be counted as less than none. */
    private static long connections(final NetworkRelay network)
    {
        final long closed = CounterSet.sum(network.counters(), RelayCounter.CONNECTIONS_CLOSED);
        return CounterSet.sum(network.counters(), RelayCounter.CONNECTIONS_OPENED) - closed;
    }
}
