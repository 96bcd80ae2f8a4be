package io.ringcast.tools.bench;

import io.ringcast.config.HostPort;
import io.ringcast.tools.load.Dialect;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.RelayProcess;
import io.ringcast.tools.load.StampingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** This relay, in a JVM of its own. Confined to the main thread. */
final class RingcastSubject implements Subject
{
    static final String NAME = "ringcast";

    private final String name;
    private final List<String> prefix;
    private final List<String> flags;
    private final boolean deflates;

    /**
     * Prepares it.
     *
     * @param name   what tables call it.
     * @param prefix words before the command.
     * @param flags  further flags of {@code serve}.
     */
    RingcastSubject(final String name, final List<String> prefix, final List<String> flags)
    {
        this(name, prefix, flags, false);
    }

    /** The same with subscribers that want compression or not. */
    RingcastSubject(final String name, final List<String> prefix, final List<String> flags, final boolean deflates)
    {
        this.name = name;
        this.prefix = prefix;
        this.deflates = deflates;
        this.flags = new ArrayList<>(List.of("--connections", "20000"));
        this.flags.addAll(flags);
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public String missing()
    {
        return null;
    }

    @Override
    public String version()
    {
        return "this commit";
    }

    @Override
    public boolean takes(final Scenario scenario)
    {
        return true;
    }

    @Override
    public Running start(final Scenario scenario) throws IOException, InterruptedException
    {
        final StampingNode node = StampingNode.start(planOf(scenario), new HostPort("127.0.0.1", 0));
        try
        {
            final RelayProcess relay = RelayProcess.start(prefix, node.url(), flags);
            return new RunningSubject(relay.pid(), new LoadTarget(relay.url(), Dialect.ETH, deflates), node, relay);
        }
        catch (final IOException | InterruptedException ex)
        {
            node.close();
            throw ex;
        }
    }

    /** What the node sends; while connections idle, nothing. */
    static LoadPlan planOf(final Scenario scenario)
    {
        return scenario.isIdle() ? LoadPlan.of(LoadKind.HEADS, 1, 1) : scenario.plan();
    }
}
