package io.ringcast.tools.bench;

import io.ringcast.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the standard fan-out loads against ringcast and the peers that are installed. Confined to the main thread. */
@Command(name = "fanout", description = "Puts ringcast and the peers that are installed under the same loads, and " +
    "writes benchmarks.md with plots. Exits with 1 when ringcast lost, doubled or reordered something.",
    mixinStandardHelpOptions = true, sortOptions = false)
final class FanoutCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Mixin
    private final BenchFlags flags = new BenchFlags("fanout", 5);

    @Option(names = "--only", paramLabel = "NAME", split = ",",
        description = "only these: window-1, burst-32, single, hundred, filters, idle, calls")
    private List<String> only = new ArrayList<>();

    @Option(names = "--no-peers", description = "ringcast alone")
    private boolean noPeers;

    @Option(names = "--relay-flags", paramLabel = "WORDS", defaultValue = "",
        description = "further flags of serve, in one argument, such as \"--transport io_uring\"")
    private String relayFlags;

    @Option(names = "--node-modules", paramLabel = "DIR", description = "where the npm package ws is")
    private Path nodeModules;

    @Override
    public Integer call() throws Exception
    {
        flags.check();
        final List<Scenario> scenarios = scenarios();
        try (PeerFiles files = new PeerFiles(nodeModules))
        {
            final List<Subject> present = new ArrayList<>();
            final List<Subject> absent = new ArrayList<>();
            subjects(files).forEach(subject -> (subject.missing() == null ? present : absent).add(subject));
            present.forEach(subject -> print(subject.name() + ": " + subject.version()));
            absent.forEach(subject -> print(subject.name() + ": skipped; to have it: " + subject.missing()));
            return run(scenarios, present, absent);
        }
    }

    private int run(
        final List<Scenario> scenarios, final List<Subject> present, final List<Subject> absent)
        throws IOException, InterruptedException
    {
        final BenchmarksPage page = new BenchmarksPage(flags.directory());
        page.conditions(Conditions.rows(commandLine(), flags.rounds()), present, absent);
        final FanoutBench bench = new FanoutBench(present, this::print);
        boolean isClean = true;
        for (final Scenario scenario : scenarios)
        {
            final Map<String, List<Measurement>> results = bench.run(scenario, flags.rounds());
            page.scenario(scenario, results);
            // After each scenario, so that a run that is cut short leaves what it has.
            page.write();
            final List<Measurement> own = results.get(RingcastSubject.NAME);
            isClean &= own.size() == flags.rounds() && (scenario.isIdle() || Measurement.faults(own) == 0);
        }
        print("");
        print("Written: " + flags.page());
        return isClean ? 0 : 1;
    }

    private List<Scenario> scenarios() throws IOException
    {
        final List<Scenario> all = Scenario.all(flags.isQuick(), Conditions.fileLimit());
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
        final List<String> prefix = flags.prefix();
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

    private String commandLine()
    {
        return flags.commandLine(
            (only.isEmpty() ? "" : " --only " + String.join(",", only)) + (noPeers ? " --no-peers" : "") +
            (relayFlags.isBlank() ? "" : " --relay-flags \"" + relayFlags + '"'));
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
