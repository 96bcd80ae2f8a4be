package io.ringcast.tools;

import io.ringcast.tools.bench.BenchCommand;
import io.ringcast.tools.replay.ReplayCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code ringcast} command. Confined to the main thread. */
@Command(
    name = "ringcast",
    description = "A low-latency JSON-RPC publish/subscribe relay.",
    mixinStandardHelpOptions = true,
    versionProvider = RingcastVersion.class,
    subcommands = {ServeCommand.class, DemoCommand.class, NodeCommand.class, LoadCommand.class,
        BenchCommand.class, ReplayCommand.class})
public final class RingcastCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    /**
     * Runs one subcommand and exits with its code: 0 done, 1 it could not, 2 a wrong flag, key or value.
     *
     * @param arguments as typed.
     */
    public static void main(final String[] arguments)
    {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine()
    {
        final CommandLine commandLine = new CommandLine(new RingcastCommand());
        for (final String withRelay : List.of("serve", "demo"))
        {
            SettingFlags.addTo(commandLine.getSubcommands().get(withRelay).getCommandSpec());
        }
        return commandLine
            .setParameterExceptionHandler(RefusalLine::onWrongFlag)
            .setExecutionExceptionHandler(RefusalLine::onFailure);
    }

    @Override
    public void run()
    {
        throw new ParameterException(
            spec.commandLine(), "command: missing; allowed: serve, demo, node, load, bench, replay");
    }
}
