package io.ringcast.tools.bench;

import io.ringcast.bench.MicroForm;
import io.ringcast.bench.MicroRun;
import io.ringcast.config.ConfigException;
import io.ringcast.config.RelayConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what subscribers notice when the best of three feeds is lost. Confined to the main thread. */
@Command(name = "failover", description = "Takes the best of three feeds away again and again, measures how long " +
    "the next head takes, what is missing, and what merging costs, and writes it into benchmarks.md.",
    mixinStandardHelpOptions = true, sortOptions = false)
final class FailoverCommand implements Callable<Integer>
{
    private static final int LIMIT_LOSSES = 10_000;
    private static final int LOSSES = 100;
    private static final int QUICK_LOSSES = 5;
    private static final int WARM_UP_BLOCKS = 300;

    @Spec
    private CommandSpec spec;

    @Option(names = "--losses", paramLabel = "N", defaultValue = "0",
        description = "losses of each kind (100; with --quick 5)")
    private int losses;

    @Option(names = "--quick", description = "a smoke run, and figures that say little")
    private boolean quick;

    @Option(names = "--out", paramLabel = "DIR",
        description = "where benchmarks.md is (docs; with --quick target/failover-quick)")
    private Path out;

    @Override
    public Integer call() throws Exception
    {
        if (losses < 0 || losses > LIMIT_LOSSES)
        {
            throw new ConfigException("--losses", losses, "out of range", "1 to " + LIMIT_LOSSES);
        }
        final int count = losses > 0 ? losses : quick ? QUICK_LOSSES : LOSSES;
        final List<String> lines = new ArrayList<>(List.of(
            "## Failover", "",
            "Three simulated nodes tell of one chain; the best of them tells a block " + delay(0) +
                " after it was mined, the others " + delay(1) + " and " + delay(2) + ". A block is mined and the " +
                "best feed is taken away at once, before it can tell it. The time runs from there to the moment at " +
                "which a subscriber on loopback has read the head of that block, so it includes what the second " +
                "best feed takes to tell it. Items are heads and logs, " + FailoverRun.LOGS_PER_BLOCK +
                " of them in each block.", "",
            "| the best feed | times | p50 ms | p90 ms | p99 ms | max ms | items | lost | doubled or out of order |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|"));
        boolean isClean = true;
        try (FailoverRun run = FailoverRun.start((int)RelayConfig.WARM_UP_MS.defaultValue(), WARM_UP_BLOCKS))
        {
            for (final FailoverRun.Loss loss : FailoverRun.Loss.values())
            {
                isClean &= measure(run, loss, count, lines);
            }
        }
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        Conditions.rows("./ringcast bench failover" + (quick ? " --quick" : "") +
            (losses > 0 ? " --losses " + losses : ""), 1).stream()
            .filter(row -> !"rounds".equals(row[0]))
            .forEach(row -> lines.add("| " + row[0] + " | " + row[1] + " |"));
        lines.add("| where | nodes, relay and subscriber in one process, over sockets |");
        lines.addAll(List.of("", "### What merging costs", "",
            "An operation is one item that is published, what the other feeds say of it included. `head` is a head " +
                "alone, `itemOfABlock` the mean of a head and 99 logs.", "",
            new MicroReport(MicroRun.run(
                MicroForm.SHORT, "ArbitrationBenchmark", null, spec.commandLine().getErr()), MicroForm.SHORT)
                .markdown()));
        final Path file = (out != null ? out : Path.of(quick ? "target/failover-quick" : "docs"))
            .resolve("benchmarks.md");
        PageSection.FAILOVER.write(file, String.join("\n", lines));
        print("Written: " + file);
        return isClean ? 0 : 1;
    }

    private boolean measure(
        final FailoverRun run, final FailoverRun.Loss loss, final int count, final List<String> lines)
        throws InterruptedException
    {
        final FailoverRun.Outcome outcome = run.measure(loss, count);
        final Histogram times = outcome.times();
        final String row = String.format(Locale.ROOT, "| %s | %,d | %.2f | %.2f | %.2f | %.2f | %,d | %,d | %,d |",
            loss.title(), count, ms(times.getValueAtPercentile(50)), ms(times.getValueAtPercentile(90)),
            ms(times.getValueAtPercentile(99)), ms(times.getMaxValue()), outcome.items(), outcome.lost(),
            outcome.disordered());
        lines.add(row);
        print(row);
        return outcome.lost() == 0 && outcome.disordered() == 0;
    }

    private static String delay(final int feed)
    {
        return FailoverRun.delayMs(feed) / 2 + " to " + FailoverRun.delayMs(feed) + " ms";
    }

    private static double ms(final long ns)
    {
        return ns / 1e6;
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
