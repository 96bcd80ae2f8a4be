package io.ringcast.tools.bench;

import io.ringcast.tools.load.PercentilePlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Writes {@code benchmarks.md} and its plots. Confined to the main thread. */
final class BenchmarksPage
{
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private final Path directory;
    private final StringBuilder text = new StringBuilder();

    BenchmarksPage(final Path directory)
    {
        this.directory = directory;
        line("# Benchmarks");
        line("");
        line("Fan-out of ringcast beside peers, under the same load, one after the other on the same machine. Latency");
        line("counts from the moment at which the schedule wanted an item sent to the moment at which the client read");
        line("it, so a stall is charged to every item that it held up. Everything runs on loopback.");
    }

    void conditions(final List<String[]> rows, final List<Subject> present, final List<Subject> absent)
    {
        line("");
        line("## Conditions");
        line("");
        line("| | |");
        line("|---|---|");
        rows.forEach(row -> line("| " + row[0] + " | " + row[1] + " |"));
        present.forEach(subject -> line("| " + subject.name() + " | " + subject.version() + " |"));
        absent.forEach(subject -> line("| " + subject.name() + " | skipped; to have it: " + subject.missing() + " |"));
        line("");
        line("CPU is the user and system time of the subject's process while it was measured, divided by what was");
        line("delivered, in nanoseconds of the scheduler where the kernel keeps them, else in steps of 10 ms. Faults");
        line("are items lost, doubled, reordered or not asked for, errors and closed connections, over all rounds.");
        line("The last column says in how many rounds the client itself was a bottleneck; latencies of those rounds");
        line("are partly its.");
    }

    void scenario(final Scenario scenario, final Map<String, List<Measurement>> results) throws IOException
    {
        line("");
        line("## " + scenario.title());
        line("");
        if (scenario.isIdle())
        {
            line("| | bytes a connection | RSS, MiB |");
            line("|---|--:|--:|");
            results.forEach((name, rounds) -> line(String.format(Locale.ROOT, "| %s | %s | %s |", name,
                number(Measurement.median(rounds, Measurement::bytesPerIdle), 0),
                number(Measurement.median(rounds, each -> each.rssBytes() / 1048576.0), 0))));
            return;
        }
        line(scenario.isCalls() ? "Closed loop: latency counts from the call." : String.format(Locale.ROOT,
            "%,d subscribers to %s, %,.0f items a second%s.", scenario.plan().subscribers(),
            scenario.plan().kind().word(), scenario.plan().itemsPerSecond(),
            scenario.plan().burst() > 1 ? " in bursts of " + scenario.plan().burst() : ""));
        line("");
        line("| | " + (scenario.isCalls() ? "answers" : "deliveries") + "/s | p50 µs | p90 µs | p99 µs | p99.9 µs | " +
            "p99.99 µs | max µs | CPU µs each | RSS, MiB | faults | client a bottleneck |");
        line("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        results.forEach((name, rounds) -> line(row(name, rounds)));
        line("");
        line("![Latency percentiles](benchmarks/" + scenario.name() + ".svg)");
        plot(scenario, results);
    }

    private static String row(final String name, final List<Measurement> rounds)
    {
        if (rounds.isEmpty())
        {
            return "| " + name + " | failed | | | | | | | | | | |";
        }
        final List<String> cells = new ArrayList<>();
        cells.add(name);
        cells.add(number(Measurement.median(rounds, each -> each.result().perSecond()), 0));
        for (final double percentile : PERCENTILES)
        {
            cells.add(number(Measurement.median(
                rounds, each -> each.result().latencyNs().getValueAtPercentile(percentile) / 1000.0), 0));
        }
        cells.add(number(Measurement.median(rounds, each -> each.result().latencyNs().getMaxValue() / 1000.0), 0));
        cells.add(number(Measurement.median(rounds, Measurement::cpuUs), 2));
        cells.add(number(Measurement.median(rounds, each -> each.rssBytes() / 1048576.0), 0));
        cells.add(number(Measurement.faults(rounds), 0));
        cells.add(rounds.stream().filter(each -> each.result().verdict().isBottleneck()).count() + " of " +
            rounds.size());
        return "| " + String.join(" | ", cells) + " |";
    }

    private void plot(final Scenario scenario, final Map<String, List<Measurement>> results) throws IOException
    {
        final PercentilePlot plot = new PercentilePlot(scenario.title(),
            scenario.isCalls() ? "latency from call to answer, all rounds" :
                "latency from the scheduled send to the client's read, all rounds");
        for (final Map.Entry<String, List<Measurement>> entry : results.entrySet())
        {
            final Histogram all = new Histogram(3);
            entry.getValue().forEach(each -> all.add(each.result().latencyNs()));
            plot.add(entry.getKey(), all);
        }
        Files.createDirectories(directory.resolve("benchmarks"));
        Files.writeString(directory.resolve("benchmarks").resolve(scenario.name() + ".svg"), plot.toSvg());
    }

    void write() throws IOException
    {
        Files.createDirectories(directory);
        final Path file = directory.resolve("benchmarks.md");
        String page = text.toString();
        final String old = Files.exists(file) ? Files.readString(file) : "";
        for (final PageSection section : List.of(
            PageSection.BARS, PageSection.MICRO, PageSection.TRANSPORTS, PageSection.DOORS,
            PageSection.FAILOVER, PageSection.DELIVERY))
        {
            final String kept = section.takeFrom(old);
            page += kept.isEmpty() ? "" : "\n" + kept;
        }
        Files.writeString(file, page);
    }

    private void line(final String line)
    {
        text.append(line).append('\n');
    }

    private static String number(final double value, final int decimals)
    {
        return Double.isNaN(value) ? "failed" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
