package io.ringcast.tools.bench;

import io.ringcast.bench.FloorSource;
import io.ringcast.config.HostPort;
import io.ringcast.tools.load.ChildProcess;
import io.ringcast.tools.load.Dialect;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.StampingNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The relay in C with nothing in it, compiled when it is first asked for. Confined to the main thread. */
final class FloorSubject implements Subject
{
    static final String NAME = "floor (C)";

    private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
    private static final String LOOPBACK = "127.0.0.1";

    private final Path directory;
    private final List<String> prefix;
    private Path program;

    /**
     * Prepares it.
     *
     * @param directory where to compile; given back by its owner.
     * @param prefix    words before the command.
     */
    FloorSubject(final Path directory, final List<String> prefix)
    {
        this.directory = directory;
        this.prefix = prefix;
    }

    @Override
    public String name()
    {
        return NAME;
    }

    @Override
    public String missing()
    {
        return compiler() == null ? "a C compiler (Debian: gcc)" : null;
    }

    @Override
    public String version()
    {
        return "bench/src/main/c/floor.c, " + Shell.line(compiler(), "--version") + ", -O2";
    }

    /** Heads alone: it has no filters and passes on no calls. */
    @Override
    public boolean takes(final Scenario scenario)
    {
        return !scenario.isIdle() && !scenario.isCalls() && scenario.plan().kind() == LoadKind.HEADS;
    }

    private static boolean isInBatches(final LoadPlan plan)
    {
        return plan.burst() > 1 || plan.window() > 1;
    }

    @Override
    public Running start(final Scenario scenario) throws IOException, InterruptedException
    {
        compile();
        final int port = Ports.free();
        final StampingNode node = StampingNode.start(scenario.plan(), new HostPort(LOOPBACK, 0));
        try
        {
            final List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(program.toString(), String.valueOf(port), String.valueOf(node.url().getPort()),
                isInBatches(scenario.plan()) ? "batch" : "send"));
            final ChildProcess process = ChildProcess.start(directory, Map.of(), command);
            try
            {
                Ports.awaitOpen(port, process);
            }
            catch (final IOException ex)
            {
                process.close();
                throw ex;
            }
            return new RunningSubject(process.pid(),
                new LoadTarget(URI.create("ws://" + LOOPBACK + ":" + port + "/"), Dialect.ETH), node, process);
        }
        catch (final IOException ex)
        {
            node.close();
            throw ex;
        }
    }

    private void compile() throws IOException, InterruptedException
    {
        if (program != null)
        {
            return;
        }
        final Path source = directory.resolve("floor.c");
        final Path target = directory.resolve("floor");
        FloorSource.write(source);
        final Process process = new ProcessBuilder(compiler(), "-O2", "-o", target.toString(), source.toString())
            .redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0 || !Files.isExecutable(target))
        {
            throw new IOException("floor.c does not compile: " + said.lines().findFirst().orElse("no reason given"));
        }
        program = target;
    }

    private static String compiler()
    {
        return COMPILERS.stream().filter(Shell::has).findFirst().orElse(null);
    }
}
