package io.ringcast.tools.bench;

import io.ringcast.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the standard fan-out loads against ringcast and the peers that are installed. Confined to the main thread. */
@Command(name = "fanout", description = "Puts ringcast and the peers that are installed under the same loads, and " +
    "writes benchmarks.md with plots. Exits with 1 when ringcast lost, doubled or reordered something.",
    mixinStandardHelpOptions = true, sortOptions = false)
final class FanoutCommand implements Callable<Integer>
{
    private static final int LIMIT_ROUNDS = 100;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "0",
        description = "rounds, of which the median counts (5; with --quick 1)")
    private int rounds;

    @Option(names = "--quick", description = "a smoke run: a tenth of the load, seconds instead of half an hour")
    private boolean quick;

    @Option(names = "--only", paramLabel = "NAME", split = ",",
        description = "only these: window-1, burst-32, single, hundred, filters, idle, calls")
    private List<String> only = new ArrayList<>();

    @Option(names = "--no-peers", description = "ringcast alone")
    private boolean noPeers;

    @Option(names = "--subject-cpus", paramLabel = "LIST",
        description = "run the subjects on these CPUs by taskset; start this command under taskset for its own")
    private String subjectCpus;

    @Option(names = "--relay-flags", paramLabel = "WORDS", defaultValue = "",
        description = "further flags of serve, in one argument, such as \"--transport io_uring\"")
    private String relayFlags;

    @Option(names = "--node-modules", paramLabel = "DIR", description = "where the npm package ws is")
    private Path nodeModules;

    @Option(names = "--out", paramLabel = "DIR",
        description = "where benchmarks.md goes (docs; with --quick target/fanout-quick)")
    private Path out;

    @Override
    public Integer call() throws Exception
    {
        if (rounds < 0 || rounds > LIMIT_ROUNDS)
        {
            throw new ConfigException("--rounds", rounds, "out of range", "1 to " + LIMIT_ROUNDS);
        }
        final List<Scenario> scenarios = scenarios();
        final int wantedRounds = rounds > 0 ? rounds : quick ? 1 : 5;
        final Path directory = out != null ? out : Path.of(quick ? "target/fanout-quick" : "docs");
        try (PeerFiles files = new PeerFiles(nodeModules))
        {
            final List<Subject> present = new ArrayList<>();
            final List<Subject> absent = new ArrayList<>();
            subjects(files).forEach(subject -> (subject.missing() == null ? present : absent).add(subject));
            present.forEach(subject -> print(subject.name() + ": " + subject.version()));
            absent.forEach(subject -> print(subject.name() + ": skipped; to have it: " + subject.missing()));
            return run(scenarios, wantedRounds, directory, present, absent);
        }
    }

    private int run(
        final List<Scenario> scenarios, final int wantedRounds, final Path directory, final List<Subject> present,
        final List<Subject> absent) throws IOException, InterruptedException
    {
        final BenchmarksPage page = new BenchmarksPage(directory);
        page.conditions(Conditions.rows(commandLine(), wantedRounds), present, absent);
        final FanoutBench bench = new FanoutBench(present, this::print);
        boolean isClean = true;
        for (final Scenario scenario : scenarios)
        {
            final Map<String, List<Measurement>> results = bench.run(scenario, wantedRounds);
            page.scenario(scenario, results);
            // After each scenario, so that a run that is cut short leaves what it has.
            page.write();
            final List<Measurement> own = results.get(RingcastSubject.NAME);
            isClean &= own.size() == wantedRounds && (scenario.isIdle() || Measurement.faults(own) == 0);
        }
        print("");
        print("Written: " + directory.resolve("benchmarks.md"));
        return isClean ? 0 : 1;
    }

    private List<Scenario> scenarios() throws IOException
    {
        final List<Scenario> all = Scenario.all(quick, Conditions.fileLimit());
        final List<String> names = all.stream().map(Scenario::name).toList();
        for (final String name : only)
        {
            if (!names.contains(name))
            {
                throw new ConfigException("--only", name, "unknown scenario", String.join(", ", names));
            }
        }
        return all.stream().filter(scenario -> only.isEmpty() || only.contains(scenario.name())).toList();
    }

    private List<Subject> subjects(final PeerFiles files)
    {
        final List<String> prefix = subjectCpus == null ? List.of() : List.of("taskset", "-c", subjectCpus);
        final List<Subject> subjects = new ArrayList<>();
        subjects.add(new RingcastSubject(RingcastSubject.NAME, prefix, words(relayFlags)));
        if (!noPeers)
        {
            subjects.add(new FloorSubject(files.directory(), prefix));
            for (final Peer peer : Peer.values())
            {
                subjects.add(new PeerSubject(peer, files, prefix));
            }
        }
        return subjects;
    }

    static List<String> words(final String text)
    {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    /** What was typed that changes the figures; not the paths of this machine. */
    private String commandLine()
    {
        final StringBuilder command = new StringBuilder("./ringcast bench fanout");
        command.append(quick ? " --quick" : "");
        command.append(rounds > 0 ? " --rounds " + rounds : "");
        command.append(only.isEmpty() ? "" : " --only " + String.join(",", only));
        command.append(noPeers ? " --no-peers" : "");
        command.append(relayFlags.isBlank() ? "" : " --relay-flags \"" + relayFlags + "\"");
        command.append(subjectCpus == null ? "" : " --subject-cpus " + subjectCpus);
        return command.toString();
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
