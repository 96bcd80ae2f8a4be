package io.ringcast.transport.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.ringcast.metrics.StageLatency;
import io.ringcast.transport.loop.EventLoopCall;
import io.ringcast.transport.loop.LatencyHistogram;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

import java.util.List;

/**
 * How long items take to the wire and texts through the stages, in the words of Prometheus.
 * Any thread but an I/O loop's: it waits for the loops' histograms.
 */
final class LatencyMetrics
{
    private static final double NS_PER_SECOND = 1e9;
    /** Upper bounds of the buckets, in nanoseconds: 1, 2, 5 steps from 5 us, about where a send ends, to 10 s. */
    private static final long[] BUCKETS_NS =
    {
        5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
        20_000_000, 50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000, 2_000_000_000L, 5_000_000_000L,
        10_000_000_000L
    };

    private LatencyMetrics()
    {
    }

    static HistogramSnapshot tickToWire(final List<NetworkRelay> networks)
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

    /** From the read of a text to the end of each stage: what a stage takes is the difference to the one before. */
    static HistogramSnapshot stages(final List<NetworkRelay> networks)
    {
        final HistogramSnapshot.Builder stages = HistogramSnapshot.builder()
            .name("ringcast_stage_seconds")
            .help("from the read of a text to the end of a stage, of one text in " + StageLatency.SAMPLED);
        for (final NetworkRelay network : networks)
        {
            for (final StageLatency latency : network.pipeline().latencies())
            {
                final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
                for (int i = 0; i < StageLatency.boundCount(); i++)
                {
                    buckets.bucket(StageLatency.boundNs(i) / NS_PER_SECOND, latency.count(i));
                }
                stages.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(Labels.of("network", network.config().name(), "stage", latency.stage()))
                    .classicHistogramBuckets(buckets
                        .bucket(Double.POSITIVE_INFINITY, latency.count(StageLatency.boundCount())).build())
                    .sum(latency.sumNs() / NS_PER_SECOND)
                    .build());
            }
        }
        return stages.build();
    }
}
