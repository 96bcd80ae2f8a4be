package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.admin.CounterMetric;
import io.ringcast.transport.admin.RelayMetrics;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds the metrics of docs/operations.md to the code, in both directions. Confined to the test thread. */
class MetricsDocIT
{
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(ringcast_\\w+)` \\| (\\w+) \\|(.*?)\\| ");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    @Test
    void shouldDescribeEveryMetricWithItsTypeAndLabels() throws IOException
    {
        final Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "operations.md"))).results().forEach(row ->
            documented.put(row.group(1), row.group(2) + ' ' + words(row.group(3))));

        assertEquals(documented, families());
    }

    @Test
    void shouldNameCountersAsTheRuleSays()
    {
        final Set<String> expected = Arrays.stream(RelayCounter.values())
            .map(CounterMetric::of).filter(metric -> metric.label() == null).map(CounterMetric::family)
            .collect(Collectors.toCollection(TreeSet::new));

        final Set<String> named = Arrays.stream(RelayCounter.values())
            .filter(counter -> CounterMetric.of(counter).label() == null)
            .map(counter -> "ringcast_" + counter.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(named, expected);
        assertTrue(named.contains("ringcast_items_in"));
    }

    /** What is produced beyond the rule, in the form of a row: type, then labels and label values. */
    private static Map<String, String> families() throws IOException
    {
        final Set<String> byRule = Arrays.stream(RelayCounter.values())
            .map(CounterMetric::of).filter(metric -> metric.label() == null).map(CounterMetric::family)
            .collect(Collectors.toSet());
        final Map<String, String> families = new TreeMap<>();
        try (Relay relay = Relay.start(
            RelayConfig.builder().upstream("ws://127.0.0.1:1").listen("127.0.0.1", 0).warmUpMs(0).build()))
        {
            for (final MetricSnapshot metric : new RelayMetrics(relay.networks(), relay.server()).collect())
            {
                final String name = metric.getMetadata().getName();
                if (!byRule.contains(name))
                {
                    families.put(name + suffix(metric), type(metric) + ' ' + labels(metric));
                }
            }
        }
        return families;
    }

    private static String labels(final MetricSnapshot metric)
    {
        final Set<String> words = new TreeSet<>();
        boolean hasNetwork = false;
        for (final DataPointSnapshot point : metric.getDataPoints())
        {
            for (final Label label : point.getLabels())
            {
                hasNetwork |= "network".equals(label.getName());
                if (!"network".equals(label.getName()))
                {
                    words.add(label.getName());
                    if (!List.of("lane", "version").contains(label.getName()))
                    {
                        words.add(label.getValue());
                    }
                }
            }
        }
        if (!hasNetwork)
        {
            words.add("network");
        }
        return words.toString();
    }

    private static String words(final String cell)
    {
        return QUOTED.matcher(cell).results().map(word -> word.group(1))
            .collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    private static String suffix(final MetricSnapshot metric)
    {
        return metric instanceof CounterSnapshot ? "_total" : metric instanceof InfoSnapshot ? "_info" : "";
    }

    private static String type(final MetricSnapshot metric)
    {
        return metric instanceof CounterSnapshot ? "counter" : metric instanceof GaugeSnapshot ? "gauge" :
            metric instanceof HistogramSnapshot ? "histogram" : "info";
    }
}
