package io.ringcast.transport.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.ringcast.lane.LaneStatus;
import io.ringcast.transport.loop.NetworkRelay;
import io.ringcast.transport.upstream.UpstreamClient;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * How each upstream does, in the words of Prometheus: the figures of {@code relay_feeds}, at most a second old.
 * Any thread.
 */
final class LaneMetrics
{
    private static final double US_PER_SECOND = 1e6;

    /** An upstream with what is known of it; null before the first tick. */
    private record Lane(Labels labels, UpstreamClient upstream, LaneStatus status)
    {
    }

    private final List<Lane> lanes;

    LaneMetrics(final List<NetworkRelay> networks)
    {
        lanes = networks.stream().flatMap(network -> lanes(network).stream()).toList();
    }

    void addTo(final MetricSnapshots.Builder all)
    {
        final GaugeSnapshot.Builder up =
            GaugeSnapshot.builder().name("ringcast_upstream_up").help("1 if the lane's upstream is connected, else 0");
        lanes.forEach(lane -> up.dataPoint(point(lane.labels, lane.upstream.isConnected() ? 1 : 0)));
        all.metricSnapshot(up.build());
        all.metricSnapshot(gauge("ringcast_lane_live", "1 if the lane gives heads and is not left out, else 0",
            status -> status.isLive() && !status.isLeftOut() ? 1 : 0));
        all.metricSnapshot(gauge("ringcast_lane_head_number", "the number of the lane's last head, -1 for none",
            LaneStatus::number));
        all.metricSnapshot(margins());
        all.metricSnapshot(counter("ringcast_lane_wins", "heads that the lane was the first to tell",
            LaneStatus::wins));
        all.metricSnapshot(counter("ringcast_lane_followed", "heads that the lane told after another",
            LaneStatus::seconds));
        all.metricSnapshot(counter("ringcast_lane_late", "heads that the lane told too late to be published",
            LaneStatus::late));
        all.metricSnapshot(counter("ringcast_lane_missing", "heads that others told and the lane left out",
            LaneStatus::missing));
        all.metricSnapshot(counter("ringcast_lane_wrong",
            "heads of the lane that were malformed or contradicted others", LaneStatus::wrong));
        all.metricSnapshot(counter("ringcast_lane_resets", "times the lane was reset as silent or behind",
            LaneStatus::resets));
        all.metricSnapshot(counter("ringcast_lane_connects", "times the lane's connection came up",
            LaneStatus::connects));
    }

    private static List<Lane> lanes(final NetworkRelay network)
    {
        final List<LaneStatus> statuses = network.feeds();
        return network.upstreams().stream().map(upstream ->
        {
            final int lane = network.upstreams().indexOf(upstream);
            return new Lane(
                Labels.of("network", network.config().name(), "lane", network.config().upstreams().get(lane).name()),
                upstream, lane < statuses.size() ? statuses.get(lane) : null);
        }).toList();
    }

    private GaugeSnapshot margins()
    {
        final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("ringcast_lane_margin_seconds")
            .help("how long after the first the lane tells a head");
        for (final Lane lane : lanes)
        {
            final LaneStatus status = lane.status;
            margin(gauge, lane, "p50", status == null ? 0 : status.marginP50Us());
            margin(gauge, lane, "p99", status == null ? 0 : status.marginP99Us());
            margin(gauge, lane, "max", status == null ? 0 : status.marginMaxUs());
        }
        return gauge.build();
    }

    private static void margin(
        final GaugeSnapshot.Builder gauge, final Lane lane, final String of, final long marginUs)
    {
        gauge.dataPoint(point(lane.labels.add("of", of), marginUs / US_PER_SECOND));
    }

    private GaugeSnapshot gauge(final String name, final String help, final ToDoubleFunction<LaneStatus> value)
    {
        final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        lanes.forEach(lane -> gauge.dataPoint(
            point(lane.labels, lane.status == null ? 0 : value.applyAsDouble(lane.status))));
        return gauge.build();
    }

    private CounterSnapshot counter(final String name, final String help, final ToLongFunction<LaneStatus> value)
    {
        final CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
        lanes.forEach(lane -> counter.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
            .labels(lane.labels).value(lane.status == null ? 0 : value.applyAsLong(lane.status)).build()));
        return counter.build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(final Labels labels, final double value)
    {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
