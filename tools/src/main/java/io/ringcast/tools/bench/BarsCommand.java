package io.ringcast.tools.bench;

import io.ringcast.config.ConfigException;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures what the relay is held to: its ratios to the floor, a relay in C with nothing in it, and to proxies.
 * Confined to the main thread.
 */
@Command(name = "bars", description = "Measures ringcast against the floor, a relay in C with nothing in it, and " +
    "writes the table of bars into benchmarks.md. 45 minutes. Exits with 1 when something was lost, " +
    "doubled or reordered; a bar that is missed is reported as it is.",
    mixinStandardHelpOptions = true, sortOptions = false)
final class BarsCommand implements Callable<Integer>
{
    private static final int ALLOCATION_ROUNDS = 3;
    private static final int IDLE_ROUNDS = 3;
    private static final double WARM_UP_SECONDS = 10;
    /**
     * At 2 to 20 batches a second a JVM compiles for minutes what runs once a batch, and the figure would be the
     * compiler's. So the warm-up is faster: 3,000 single items and 200 bursts, as many as the floor's own harness has.
     */
    private static final double WARM_UP_SECONDS_WINDOW_1 = 50;
    private static final double WARM_UP_PER_SECOND_WINDOW_1 = 60;
    private static final double WARM_UP_SECONDS_WINDOW_32 = 12.5;
    private static final double WARM_UP_PER_SECOND_WINDOW_32 = 512;
    /** In a closed loop: some 3,000 and 6,000 items. */
    private static final double WARM_UP_SECONDS_CLOSED_1 = 30;
    private static final double WARM_UP_SECONDS_CLOSED_32 = 15;
    /** A JVM compiles the way of calls for half a minute, since here all threads share two cores with the client. */
    private static final double WARM_UP_SECONDS_CALLS = 30;
    private static final double WARM_UP_SECONDS_ALLOCATION = 30;
    private static final double CPU_WINDOW_1 = 1.15;
    private static final double CPU_WINDOW_32 = 1.25;
    private static final double LATENCY = 1.5;
    private static final double FILTERS = 2;
    private static final double KIB = 1024;
    private static final double IDLE_BYTES = 12 * KIB;
    private static final List<String> ROWS =
        List.of("closed-1", "closed-32", "window-1", "burst-32", "single", "hundred", "filters", "allocation", "idle",
            "calls");

    @Spec
    private CommandSpec spec;

    @Mixin
    private final BenchFlags flags = new BenchFlags("bars", 5);

    @Option(names = "--only", paramLabel = "NAME", split = ",",
        description = "only these: closed-1, closed-32, window-1, burst-32, single, hundred, filters, " +
            "allocation, idle, calls")
    private List<String> only = new ArrayList<>();

    @Option(names = "--relay-flags", paramLabel = "WORDS", defaultValue = "",
        description = "further flags of serve, in one argument")
    private String relayFlags;

    @Option(names = "--node-modules", paramLabel = "DIR", description = "where the npm package ws is")
    private Path nodeModules;

    private final List<Bar> bars = new ArrayList<>();
    /** The floor's rounds of the row measured last; null if there is no compiler for it. */
    private List<Measurement> floor;
    private boolean isClean = true;

    @Override
    public Integer call() throws Exception
    {
        check();
        final String noCounters = PerfCounter.missing();
        print("cost: " + (noCounters == null ? "instructions" : "CPU time, since " + noCounters));
        try (PeerFiles files = new PeerFiles(nodeModules))
        {
            final List<String> prefix = flags.prefix();
            final Subject relay =
                new RingcastSubject(RingcastSubject.NAME, prefix, FanoutCommand.words(relayFlags));
            final List<Subject> all = new ArrayList<>(List.of(
                relay, new FloorSubject(files.directory(), prefix), new PeerSubject(Peer.WS_PROXY, files, prefix),
                new PeerSubject(Peer.NGINX_PROXY, files, prefix)));
            all.stream().filter(subject -> subject.missing() != null).forEach(subject ->
                print(subject.name() + ": skipped; to have it: " + subject.missing()));
            all.removeIf(subject -> subject.missing() != null);
            measure(relay, all, noCounters == null);
            final Path file = flags.page();
            PageSection.BARS.write(file, page(all, noCounters));
            print("");
            bars.forEach(bar -> print(bar.markdown()));
            print("Written: " + file);
        }
        return isClean ? 0 : 1;
    }

    private void check()
    {
        flags.check();
        for (final String name : only)
        {
            if (!ROWS.contains(name))
            {
                throw new ConfigException("--only", name, "unknown row", String.join(", ", ROWS));
            }
        }
    }

    private void measure(final Subject relay, final List<Subject> all, final boolean hasCounters)
        throws IOException, InterruptedException
    {
        final ToDoubleFunction<Measurement> cost = hasCounters ? Measurement::instructions : Measurement::cpuUs;
        final String unit = hasCounters ? "instructions" : "µs CPU";
        final FanoutBench bench = new FanoutBench(all, this::print);
        final FanoutBench alone = new FanoutBench(List.of(relay), this::print);
        cost("closed-1", bench, unit, cost, CPU_WINDOW_1);
        cost("closed-32", bench, unit, cost, CPU_WINDOW_32);
        cost("window-1", bench, unit, cost, Bar.NONE);
        cost("burst-32", bench, unit, cost, Bar.NONE);
        final List<Measurement> single = ratio("single", "p50", bench, "µs", each -> percentile(each, 50), LATENCY);
        ratio("hundred", "p99", bench, "µs", each -> percentile(each, 99), LATENCY);
        if (isWanted("filters"))
        {
            final List<Measurement> against = single != null ? single :
                own(alone.run(scenario("single"), flags.rounds()));
            final List<Measurement> filters = own(alone.run(filters(), flags.rounds()));
            bars.add(Bar.ratio(filters().title() + ": each item, against 1 subscriber", unit, filters, against, cost,
                FILTERS));
        }
        allocation(relay);
        if (isWanted("idle"))
        {
            final Scenario idle = scenario("idle");
            final List<Measurement> results = alone.run(idle, Math.min(IDLE_ROUNDS, flags.rounds()))
                .getOrDefault(RingcastSubject.NAME, List.of());
            bars.add(Bar.number(idle.title() + ": resident memory of each", "KiB",
                results.stream().mapToDouble(each -> each.bytesPerIdle() / KIB).toArray(), IDLE_BYTES / KIB,
                "at most 12 KiB"));
        }
        if (isWanted("calls"))
        {
            final Scenario calls = scenario("calls");
            final Map<String, List<Measurement>> results = bench.run(calls, flags.rounds());
            for (final Peer proxy : List.of(Peer.WS_PROXY, Peer.NGINX_PROXY))
            {
                bars.add(Bar.ahead(calls.title() + ": answers a second, against " + proxy.title(), "a second",
                    own(results), results.get(proxy.title()), each -> each.result().perSecond()));
            }
        }
    }

    /** Process time holds what the JVM still compiles; a second row leaves that out. */
    private void cost(
        final String name, final FanoutBench bench, final String unit, final ToDoubleFunction<Measurement> cost,
        final double limit) throws IOException, InterruptedException
    {
        final List<Measurement> own = ratio(name, "each delivery", bench, unit, cost, limit);
        if (own != null)
        {
            bars.add(Bar.ratio(scenario(name).title() + ": each delivery, without the JVM's compiler", "µs CPU", own,
                floor, Measurement::cpuUsWithoutCompiler, limit));
        }
    }

    /** A row of the relay against the floor; returns the relay's rounds, or null if the row is not wanted. */
    private List<Measurement> ratio(
        final String name, final String measure, final FanoutBench bench, final String unit,
        final ToDoubleFunction<Measurement> value, final double limit) throws IOException, InterruptedException
    {
        if (!isWanted(name))
        {
            return null;
        }
        final Scenario scenario = scenario(name);
        final Map<String, List<Measurement>> results = bench.run(scenario, flags.rounds());
        final List<Measurement> own = own(results);
        floor = results.get(FloorSubject.NAME);
        bars.add(Bar.ratio(scenario.title() + ": " + measure, unit, own, floor, value, limit));
        return own;
    }

    private void allocation(final Subject relay) throws InterruptedException
    {
        if (!isWanted("allocation"))
        {
            return;
        }
        final Scenario steady = new Scenario("allocation", "50 subscribers, steady state",
            LoadPlan.of(LoadKind.HEADS, 50, flags.isQuick() ? 500 : 2000).withSeconds(
                flags.isQuick() ? 2 : WARM_UP_SECONDS_ALLOCATION, flags.isQuick() ? 1 : 4), 0);
        print("");
        print(steady.title());
        final List<Double> values = new ArrayList<>();
        for (int round = 1; round <= Math.min(ALLOCATION_ROUNDS, flags.rounds()); round++)
        {
            try
            {
                values.add(AllocationRound.run(relay, steady));
                print(String.format(Locale.ROOT, "  %d %-16s %.2f bytes an item", round, relay.name(),
                    values.get(values.size() - 1)));
            }
            catch (final IOException e)
            {
                isClean = false;
                print(String.format(Locale.ROOT, "  %d %-16s failed: %s", round, relay.name(), e.getMessage()));
            }
        }
        bars.add(Bar.number(steady.title() + ": allocated by I/O and pipeline threads for each item", "bytes",
            values.stream().mapToDouble(Double::doubleValue).toArray(), Math.nextDown(1.0), "below 1 byte"));
    }

    private List<Measurement> own(final Map<String, List<Measurement>> results)
    {
        final List<Measurement> own = results.getOrDefault(RingcastSubject.NAME, List.of());
        isClean &= own.size() == flags.rounds() && Measurement.faults(own) == 0;
        return own;
    }

    private Scenario filters()
    {
        final int many = flags.isQuick() ? 100 : 1000;
        return new Scenario("filters", String.format(Locale.ROOT,
            "300-byte logs, %,d subscribers with a filter of their own", many),
            LoadPlan.of(LoadKind.SHORT_LOGS, many, flags.isQuick() ? 200 : 500).withFilters(null, many)
                .withSeconds(flags.isQuick() ? 0.5 : WARM_UP_SECONDS, flags.isQuick() ? 1 : 8), 0);
    }

    private Scenario scenario(final String name) throws IOException
    {
        final Scenario scenario = Stream.concat(
            Stream.of(Scenario.closedLoop(1, flags.isQuick()), Scenario.closedLoop(32, flags.isQuick())),
            Scenario.all(flags.isQuick(), Conditions.fileLimit()).stream())
            .filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        if (flags.isQuick() || scenario.isIdle())
        {
            return scenario;
        }
        return switch (name)
        {
            case "closed-1" -> scenario.withWarmUp(WARM_UP_SECONDS_CLOSED_1, 1);
            case "closed-32" -> scenario.withWarmUp(WARM_UP_SECONDS_CLOSED_32, 1);
            case "calls" -> scenario.withWarmUp(WARM_UP_SECONDS_CALLS, 1);
            case "window-1" -> scenario.withWarmUp(WARM_UP_SECONDS_WINDOW_1, WARM_UP_PER_SECOND_WINDOW_1);
            case "burst-32" -> scenario.withWarmUp(WARM_UP_SECONDS_WINDOW_32, WARM_UP_PER_SECOND_WINDOW_32);
            default -> scenario.withWarmUp(WARM_UP_SECONDS, scenario.plan().itemsPerSecond());
        };
    }

    private boolean isWanted(final String name)
    {
        return only.isEmpty() || only.contains(name);
    }

    private static double percentile(final Measurement measurement, final double percentile)
    {
        return measurement.result().latencyNs().getValueAtPercentile(percentile) / 1000.0;
    }

    private String page(final List<Subject> subjects, final String noCounters) throws IOException
    {
        final List<String> lines = new ArrayList<>();
        lines.add("## Bars");
        lines.add("");
        lines.add("""
            The floor is a relay in C with nothing in it, [floor.c](../bench/src/main/c/floor.c): a send for each \
            subscriber and item, and for bursts and backlogs one send of all that it has read. In a closed loop an \
            item is sent as soon as all subscribers have all but the last few; the paced rows say what the same costs \
            when caches get cold in between. In each round both run, one after the other; the ratio is the median of \
            the rounds, with the least and the greatest.\s""" + (flags.isQuick() ? "" : warmUpText()) +
            (noCounters == null ? "Cost is instructions of the subject's process." :
                "Cost is CPU time of the subject's process and not instructions: " + noCounters + "."));
        lines.add("");
        lines.add("| load and measure | ringcast | against | ratio or number | bar | |");
        lines.add("|---|--:|--:|--:|---|---|");
        bars.forEach(bar -> lines.add(bar.markdown()));
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        Conditions.rows(commandLine(), flags.rounds()).forEach(row -> lines.add("| " + row[0] + " | " + row[1] + " |"));
        subjects.forEach(subject -> lines.add("| " + subject.name() + " | " + subject.version() + " |"));
        return String.join("\n", lines);
    }

    private static String warmUpText()
    {
        return String.format(Locale.ROOT, "Before it is measured each gets %.0f s of the closed loop with 1 item " +
            "under way, %.0f s of that with 32, %,.0f single items at %.0f a second, %,.0f in bursts at %.0f a " +
            "second, or %.0f s of the load itself (%.0f s for calls and allocation). ", WARM_UP_SECONDS_CLOSED_1,
            WARM_UP_SECONDS_CLOSED_32, WARM_UP_SECONDS_WINDOW_1 * WARM_UP_PER_SECOND_WINDOW_1,
            WARM_UP_PER_SECOND_WINDOW_1, WARM_UP_SECONDS_WINDOW_32 * WARM_UP_PER_SECOND_WINDOW_32,
            WARM_UP_PER_SECOND_WINDOW_32, WARM_UP_SECONDS, WARM_UP_SECONDS_CALLS);
    }

    private String commandLine()
    {
        return flags.commandLine(
            (only.isEmpty() ? "" : " --only " + String.join(",", only)) +
            (relayFlags.isBlank() ? "" : " --relay-flags \"" + relayFlags + '"'));
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
