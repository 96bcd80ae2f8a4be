package io.ringcast.tools.replay;

import static java.util.stream.Collectors.joining;

import io.ringcast.config.ConfigException;
import io.ringcast.transport.journal.JournalReader;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Feeds a journal through the stages again. Confined to the main thread. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Feeds a recorded run through the relay's stages again and compares what goes out with what went " +
        "out then. Exits with 1 when it differs.")
public final class ReplayCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "the journal of a relay that does not run")
    private Path dir;

    @Option(names = "--list", description = "only say which runs there are")
    private boolean isList;

    @Option(names = "--run", paramLabel = "N", description = "which run (the last)")
    private Long run;

    @Option(names = "--network", paramLabel = "NAME", description = "the last run of this network (any)")
    private String network;

    @Option(names = "--speed", paramLabel = "SPEED", defaultValue = "max",
        description = "1x as it happened, another factor such as 20x, or max (max)")
    private String speed;

    @Option(names = "--out", paramLabel = "FILE", description = "write what goes out, a line for each frame")
    private Path out;

    @Option(names = "--compare", paramLabel = "FILE",
        description = "compare with what another replay has written, such as one of another version")
    private Path compare;

    @Override
    public Integer call() throws Exception
    {
        final ReplaySpeed pace = ReplaySpeed.parse(speed);
        try (JournalReader reader = JournalReader.open(dir.toAbsolutePath().normalize()))
        {
            if (isList)
            {
                reader.runs().forEach(this::show);
                return 0;
            }
            final JournalReader.Run chosen = choose(reader.runs());
            show(chosen);
            return replay(reader, chosen, pace);
        }
    }

    private int replay(final JournalReader reader, final JournalReader.Run chosen, final ReplaySpeed pace)
        throws Exception
    {
        final long startNs = System.nanoTime();
        final String difference;
        final Replay replay;
        final long endBytes;
        try (OutputTarget target = new OutputTarget(out, compare);
            Replay newReplay = new Replay(pace, target))
        {
            replay = newReplay;
            endBytes = reader.read(chosen, replay, replay::onBefore, replay);
            difference = target.difference();
        }
        if (replay.start() == null)
        {
            throw new IllegalStateException("run " + chosen.number() +
                (endBytes < 0 ? " was killed before it began" : " is damaged at its beginning"));
        }
        line(String.format("recorded by %s; %s", replay.start().relayVersion(),
            replay.hasEnd() ? "ended in order" : "the process was killed"));
        line(String.format("%,d slots, %,d frames in %,d ms", replay.slots(), replay.lines().frames(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs)));
        line("sha256 of what goes out " + replay.lines().digest());
        if (replay.differences() > 0)
        {
            line(String.format("%,d slots differ from what the relay sent then; the first is %d",
                replay.differences(), replay.firstDifference()));
        }
        else
        {
            line("byte for byte what the relay sent then");
        }
        if (compare != null)
        {
            line(difference == null ? "equal to " + compare : "differs from " + compare + " in " + difference);
        }
        if (endBytes >= 0)
        {
            line(String.format("the run is damaged behind its first %,d bytes: that was all that can be read of it",
                endBytes));
        }
        return replay.differences() == 0 && difference == null && endBytes < 0 ? 0 : 1;
    }

    private JournalReader.Run choose(final List<JournalReader.Run> runs)
    {
        JournalReader.Run chosen = null;
        for (final JournalReader.Run candidate : runs)
        {
            if ((run == null || run == candidate.number()) &&
                (network == null || network.equals(candidate.networkName())))
            {
                chosen = candidate;
            }
        }
        if (chosen == null && network != null && runs.stream().noneMatch(any -> network.equals(any.networkName())))
        {
            throw new ConfigException("--network", network, "no run of such a network", runs.isEmpty() ? "none" :
                runs.stream().map(JournalReader.Run::networkName).distinct().sorted().collect(joining(", ")));
        }
        if (chosen == null)
        {
            throw new ConfigException("--run", run,
                network == null ? "no such run" : "no such run of network " + network, "what --list shows");
        }
        if (!chosen.isWhole())
        {
            throw new ConfigException(
                "--run", chosen.number(), chosen.fault(), "a run that --list shows without a fault");
        }
        return chosen;
    }

    private void show(final JournalReader.Run shown)
    {
        line(String.format("run %d of %s from %s, %,d bytes%s", shown.number(), shown.networkName(),
            Instant.ofEpochMilli(shown.startedAtMs()), shown.bytes(),
            shown.isWhole() ? beginning(shown.checkpoint()) : "; " + shown.fault()));
    }

    private static String beginning(final JournalReader.Checkpoint checkpoint)
    {
        return checkpoint == null ? "" : String.format("; begins with checkpoint %d, at slot %d of run %d: what was " +
            "before was given up for maxBytes", checkpoint.number(), checkpoint.nextSlot(), checkpoint.run());
    }

    private void line(final String text)
    {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
