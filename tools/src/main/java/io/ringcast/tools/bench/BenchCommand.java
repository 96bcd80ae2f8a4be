package io.ringcast.tools.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of the benchmarks. Confined to the main thread. */
@Command(name = "bench", description = "Runs benchmarks.", mixinStandardHelpOptions = true,
    subcommands = {MicroCommand.class, FanoutCommand.class, BarsCommand.class, TransportsCommand.class,
        DoorsCommand.class, FailoverCommand.class, DeliveryCommand.class})
public final class BenchCommand implements Runnable
{
    @Spec
    private CommandSpec spec;

    @Override
    public void run()
    {
        throw new ParameterException(spec.commandLine(), "command: missing; allowed: " +
            String.join(", ", spec.commandLine().getSubcommands().keySet()));
    }
}
