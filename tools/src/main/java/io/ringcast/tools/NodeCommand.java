package io.ringcast.tools;

import io.ringcast.config.Dialect;
import io.ringcast.config.HostPort;
import io.ringcast.tools.sim.DialectNode;
import io.ringcast.tools.sim.SimulatedNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the simulated node alone until it is stopped. Confined to the main thread. */
@Command(name = "node", description = "Runs a simulated node.", mixinStandardHelpOptions = true,
    versionProvider = RingcastVersion.class, sortOptions = false)
final class NodeCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Option(names = "--listen", paramLabel = "HOST:PORT", converter = Address.class,
        defaultValue = "127.0.0.1:8546", description = "where it listens (127.0.0.1:8546)")
    private HostPort listen;

    @Option(names = "--ipc", paramLabel = "PATH", description = "a socket file beside it, as geth's geth.ipc")
    private Path ipc;

    @Option(names = "--dialect", paramLabel = "NAME", defaultValue = "ethereum",
        description = "what it speaks: ethereum, solana, substrate or diem; of the flags below only the first counts " +
            "for the last three (ethereum)")
    private String dialect;

    @Mixin
    private NodeFlags flags;

    @Override
    public Integer call() throws Exception
    {
        final Dialect spoken = Dialect.parse(dialect);
        return spoken.isEthereum() ? runEthereum() : run(spoken);
    }

    private int run(final Dialect spoken) throws Exception
    {
        try (StopSignal stop = StopSignal.onShutdown();
            DialectNode node = DialectNode.start(flags.settings().withListen(listen).withIpc(ipc), spoken))
        {
            Screen.line(spec, "simulated node of dialect " + spoken + " at " + node.url() +
                (ipc == null ? "" : " and ipc:" + ipc.toAbsolutePath()) +
                "; control it with the call sim_mine; Ctrl-C ends it");
            stop.await();
            Screen.line(spec, String.format("made %,d  items sent %,d", node.mined(), node.notifications()));
        }
        return 0;
    }

    private int runEthereum() throws Exception
    {
        try (StopSignal stop = StopSignal.onShutdown();
            SimulatedNode node = SimulatedNode.start(flags.settings().withListen(listen).withIpc(ipc)))
        {
            Screen.line(spec, "simulated node at " + node.url() + " and http" + node.url().toString().substring(2) +
                (ipc == null ? "" : " and ipc:" + ipc.toAbsolutePath()) +
                "; control it with the calls sim_mine, sim_reorg and sim_setRate; Ctrl-C ends it");
            stop.await();
            Screen.line(spec, String.format("heads %,d  items sent %,d  slow clients closed %,d",
                node.heads(), node.notifications(), node.slowClosed()));
        }
        return 0;
    }

    /** Reads an address. Immutable. */
    static final class Address implements ITypeConverter<HostPort>
    {
        @Override
        public HostPort convert(final String text)
        {
            return HostPort.parse("listen", text);
        }
    }
}
