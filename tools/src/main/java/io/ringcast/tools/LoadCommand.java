package io.ringcast.tools;

import io.ringcast.config.ConfigException;
import io.ringcast.config.HostPort;
import io.ringcast.tools.bench.ProcStat;
import io.ringcast.tools.load.Dialect;
import io.ringcast.tools.load.IdleClients;
import io.ringcast.tools.load.LoadFiles;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadObserver;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import io.ringcast.tools.load.LoadTable;
import io.ringcast.tools.load.LoadTarget;
import io.ringcast.tools.load.ItemSource;
import io.ringcast.tools.load.RelayProcess;
import io.ringcast.tools.load.StampingNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts subscribers or callers on a relay and measures what they get. Confined to the main thread. */
@Command(name = "load", description = "Puts load on a relay and measures latency, loss and order. Exits with 1 when " +
    "something was lost, doubled or reordered.", mixinStandardHelpOptions = true,
    versionProvider = RingcastVersion.class, sortOptions = false)
final class LoadCommand implements Callable<Integer>
{
    private static final int LIMIT_SUBSCRIBERS = 25_000;
    private static final long NO_PROCESS = 0;
    private static final int LIMIT_OUTSTANDING = 10_000;
    private static final long CONNECT_SECONDS = 120;

    @Spec
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "the relay under test, for example ws://127.0.0.1:9545")
    private String url;

    @Option(names = "--self", description = "start a relay for this run, in a process of its own")
    private boolean self;

    @Option(names = "--relay-flags", paramLabel = "WORDS", defaultValue = "",
        description = "with --self: further flags of serve, in one argument")
    private String relayFlags;

    @Option(names = "--upstream-listen", paramLabel = "HOST:PORT", converter = NodeCommand.Address.class,
        description = "with --url: be the relay's node there; without, its items are somebody else's and have no stamp")
    private HostPort upstreamListen;

    @Option(names = "--subscribers", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "100",
        description = "connections (100)")
    private int subscribers;

    @Option(names = "--kind", paramLabel = "KIND", defaultValue = "newHeads",
        description = "newHeads, logs or newPendingTransactions (newHeads)")
    private String kind;

    @Option(names = "--filter", paramLabel = "JSON", description = "with logs: the filter of every subscriber ({})")
    private String filter;

    @Option(names = "--distinct", paramLabel = "F", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "with logs: F address filters, spread over subscribers and items; 0 for none (0)")
    private int distinct;

    @Option(names = "--rate", paramLabel = "N", converter = NodeFlags.Rate.class, defaultValue = "100",
        description = "items a second, by a fixed schedule (100)")
    private double rate;

    @Option(names = "--burst", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "1",
        description = "items due at the same moment; the rate stays (1)")
    private int burst;

    @Option(names = "--window", paramLabel = "W", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "no schedule: as fast as all subscribers take them, with W items under way at most")
    private int window;

    @Option(names = "--seconds", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "10",
        description = "how long to measure (10)")
    private int seconds;

    @Option(names = "--warm-up", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "3",
        description = "seconds before measuring (3)")
    private int warmUpSeconds;

    @Option(names = "--drain", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "5",
        description = "seconds without any delivery after which what is missing counts as lost (5)")
    private int drainSeconds;

    @Option(names = "--request-response", paramLabel = "K", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "no subscriptions: each connection keeps K calls of eth_getBalance outstanding")
    private int callsOutstanding;

    @Option(names = "--client-threads", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "1",
        description = "event loops of the subscribers (1)")
    private int clientThreads;

    @Option(names = "--idle", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "besides, N connections that do nothing from before the run to its end (0)")
    private int idle;

    @Option(names = "--out", paramLabel = "DIR", description = "write load.svg and load.hgrm there")
    private Path out;

    @Override
    public Integer call() throws Exception
    {
        final LoadPlan plan = plan();
        try (StopSignal stop = StopSignal.onShutdown())
        {
            final LoadResult result = run(plan, observer(stop));
            LoadTable.lines(result).forEach(line -> Screen.line(spec, line));
            if (out != null)
            {
                LoadFiles.write(out, result);
                Screen.line(spec, "Written: " + out.resolve("load.svg") + ", " + out.resolve("load.hgrm"));
            }
            return result.counts().isClean() ? 0 : 1;
        }
    }

    private LoadPlan plan()
    {
        check(self == (url != null), "--url", url == null ? "" : url, "give either --url or --self", "ws://HOST:PORT");
        check(url != null && !url.matches("ws://[^/?#]+.*"), "--url", url, "not a WebSocket URL", "ws://HOST:PORT");
        check(self && upstreamListen != null, "--upstream-listen", upstreamListen, "not with --self", "with --url");
        final LoadKind wanted = kind();
        check(wanted != LoadKind.LOGS && (filter != null || distinct > 0), "--kind", kind, "has no filters", "logs");
        check(window > 0 && (distinct > 0 || callsOutstanding > 0 || url != null && upstreamListen == null), "--window",
            window, "needs items that go to all subscribers and are this tool's",
            "without --distinct and --request-response, with --self or --upstream-listen");
        check(filter != null && distinct > 0, "--filter", filter, "not with --distinct", "one of the two");
        range("--subscribers", subscribers, 1, LIMIT_SUBSCRIBERS);
        range("--distinct", distinct, 0, 1_000_000);
        range("--burst", burst, 1, 10_000);
        range("--window", window, 0, 10_000);
        range("--seconds", seconds, 1, 86_400);
        range("--warm-up", warmUpSeconds, 0, 3600);
        range("--drain", drainSeconds, 1, 600);
        range("--request-response", callsOutstanding, 0, LIMIT_OUTSTANDING);
        range("--client-threads", clientThreads, 1, 64);
        range("--idle", idle, 0, LIMIT_SUBSCRIBERS);
        check(rate <= 0, "--rate", rate, "too small", "a number above 0, up to 100000");
        return LoadPlan.of(wanted, subscribers, rate)
            .withFilters(filter, distinct)
            .withBurst(burst)
            .withWindow(window)
            .withSeconds(warmUpSeconds, seconds)
            .withDrainSeconds(drainSeconds)
            .withCallsOutstanding(callsOutstanding)
            .withClientThreads(clientThreads);
    }

    private LoadKind kind()
    {
        for (final LoadKind each : LoadKind.values())
        {
            if (each.word().equals(kind))
            {
                return each;
            }
        }
        throw new ConfigException("--kind", kind, "unknown kind", "newHeads, logs, newPendingTransactions");
    }

    private static void range(final String flag, final int value, final int least, final int most)
    {
        check(value < least || value > most, flag, value, "out of range", least + " to " + most);
    }

    private static void check(
        final boolean isWrong, final String flag, final Object value, final String reason, final String allowed)
    {
        if (isWrong)
        {
            throw new ConfigException(flag, value, reason, allowed);
        }
    }

    private LoadResult run(final LoadPlan plan, final LoadObserver observer) throws IOException, InterruptedException
    {
        if (self)
        {
            try (StampingNode node = StampingNode.start(plan, new HostPort("127.0.0.1", 0));
                RelayProcess relay = RelayProcess.start(List.of(), node.url(), words(relayFlags)))
            {
                Screen.line(spec, "relay under test " + relay.url() + ", process " + relay.pid());
                return run(plan, new LoadTarget(relay.url(), Dialect.ETH), node, observer, relay.pid());
            }
        }
        final LoadTarget target = new LoadTarget(URI.create(url), Dialect.ETH);
        if (upstreamListen == null)
        {
            return run(plan, target, null, observer, NO_PROCESS);
        }
        try (StampingNode node = StampingNode.start(plan, upstreamListen))
        {
            Screen.line(spec, "stamping node at " + node.url() + "; waiting for the relay to connect to it");
            await(node, observer);
            return run(plan, target, node, observer, NO_PROCESS);
        }
    }

    /** Runs beside a crowd that does nothing, and tells what became of it and what it cost. */
    private LoadResult run(
        final LoadPlan plan, final LoadTarget target, final ItemSource source, final LoadObserver observer,
        final long pid) throws IOException, InterruptedException
    {
        if (idle == 0)
        {
            return LoadRun.run(plan, target, source, observer);
        }
        final long beforeBytes = pid == NO_PROCESS ? 0 : ProcStat.rssBytes(pid);
        try (IdleClients crowd = IdleClients.open(target, idle))
        {
            final long openedBytes = pid == NO_PROCESS ? 0 : ProcStat.rssBytes(pid);
            final LoadResult result = LoadRun.run(plan, target, source, observer);
            Screen.line(spec, String.format(Locale.ROOT, "%,d idle connections, %,d still open at the end%s", idle,
                crowd.count(), pid == NO_PROCESS ? "" : String.format(Locale.ROOT,
                    "; the relay's resident memory: %,d MiB before them, %,d with them, %,d at the end",
                    beforeBytes >> 20, openedBytes >> 20, ProcStat.rssBytes(pid) >> 20)));
            return result;
        }
    }

    private static List<String> words(final String text)
    {
        return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }

    private static void await(final StampingNode node, final LoadObserver observer)
        throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
        while (!node.isConnected())
        {
            if (observer.awaitStopMs(20) || System.nanoTime() - deadlineNs > 0)
            {
                throw new IOException("no relay connected to " + node.url() + " in " + CONNECT_SECONDS + " s");
            }
        }
    }

    private LoadObserver observer(final StopSignal stop)
    {
        return new LoadObserver()
        {
            @Override
            public void onProgress(final String line)
            {
                Screen.line(spec, line);
            }

            @Override
            public boolean awaitStopMs(final long timeoutMs) throws InterruptedException
            {
                return stop.awaitMs(timeoutMs);
            }
        };
    }
}
