package io.ringcast.tools;

import io.ringcast.config.ConfigException;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.tools.demo.ChatPage;
import io.ringcast.tools.demo.DemoFeeds;
import io.ringcast.tools.demo.DemoSubscribers;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import io.ringcast.transport.RelayStatus;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs simulated nodes, the relay and some subscribers, and shows what flows. Confined to the main thread. */
@Command(name = "demo", description = "Runs a simulated node, or several, the relay and some subscribers, and shows " +
    "what flows.",
    mixinStandardHelpOptions = true, versionProvider = RingcastVersion.class, sortOptions = false)
final class DemoCommand implements Callable<Integer>
{
    private static final int LIMIT_SUBSCRIBERS = 9_000;
    private static final int LONGEST_RECONNECT_MS = 500;
    private static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "end after N seconds; 0 runs until Ctrl-C (0)")
    private int seconds;

    @Option(names = "--subscribers", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "50",
        description = "loopback WebSocket subscribers of its own (50)")
    private int subscriberCount;

    @Option(names = "--feeds", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "1",
        description = "simulated nodes of one chain, each later than the one before, merged by the relay (1)")
    private int feedCount;

    @Option(names = "--cut-best-every", paramLabel = "N", converter = NodeFlags.Count.class, defaultValue = "0",
        description = "cut off the best of several feeds every N seconds, for some of them; 0 for never (0)")
    private int cutBestEverySeconds;

    @Mixin
    private NodeFlags nodeFlags;

    @Mixin
    private RelayFlags relayFlags;

    @Override
    public Integer call() throws Exception
    {
        checkFlags();
        try (StopSignal stop = StopSignal.onShutdown();
            DemoFeeds feeds = DemoFeeds.start(nodeFlags.settings(), feedCount))
        {
            final RelayConfig config = relayFlags.apply(
                RelayConfig.builder().timing(soonBack()).network(NetworkConfig.builder().topics(
                    OwnTopicsConfig.builder().publish(List.of(ChatPage.TOPICS)).build())),
                feeds.upstreams(), spec);
            try (Relay relay = Relay.start(config, FatalError::endProcess))
            {
                final URI url = URI.create(Screen.url(relay.address()) + config.networks().get(0).path());
                try (ChatPage chat = ChatPage.start(url);
                    DemoSubscribers subscribers = DemoSubscribers.connect(url, subscriberCount))
                {
                    greet(url, feeds, chat);
                    if (feedCount == 1)
                    {
                        show(stop, feeds.first(), relay, subscribers);
                    }
                    else
                    {
                        new FeedsShow(
                            new LiveScreen(spec.commandLine().getOut(), LiveScreen.isTerminal(), System.in), feeds,
                            relay, cutBestEverySeconds).run(stop, seconds);
                    }
                }
                Screen.counters(spec, relay.status());
            }
        }
        return 0;
    }

    private void checkFlags()
    {
        if (subscriberCount > LIMIT_SUBSCRIBERS)
        {
            throw new ConfigException("--subscribers", subscriberCount, "too large", "0 to " + LIMIT_SUBSCRIBERS);
        }
        if (feedCount < 1 || feedCount > DemoFeeds.LIMIT_FEEDS)
        {
            throw new ConfigException("--feeds", feedCount, "out of range", "1 to " + DemoFeeds.LIMIT_FEEDS);
        }
        if (cutBestEverySeconds > 0 && feedCount == 1)
        {
            throw new ConfigException(
                "--cut-best-every", cutBestEverySeconds, "only one feed", "with --feeds 2 or more");
        }
    }

    /** A feed that was cut off often is not waited for as long as a node on the other side of the world. */
    private TimingConfig soonBack()
    {
        return feedCount == 1 ? TimingConfig.builder().build() :
            TimingConfig.builder().reconnectMaxMs(LONGEST_RECONNECT_MS).build();
    }

    private void greet(final URI url, final DemoFeeds feeds, final ChatPage chat)
    {
        Screen.line(spec, "relay          " + url);
        Screen.line(spec, "chat page      " + chat.url() + "  (open it in two windows)");
        feeds.upstreams().forEach(upstream -> Screen.line(spec, "simulated node " + upstream));
        Screen.line(spec, "");
        Screen.line(spec, "Watch heads from another terminal, with Node 22 or newer:");
        Screen.line(spec, "  node -e 'const w = new WebSocket(\"" + url + "\"); " +
            "w.onmessage = m => console.log(m.data); w.onopen = () => w.send(`" + SUBSCRIBE + "`)'");
        Screen.line(spec, "or with any Node that has npx:");
        Screen.line(spec, "  npx -y wscat -c " + url + " -w 3600 -x '" + SUBSCRIBE + "'");
        Screen.line(spec, "");
    }

    /** One line a second, until told to stop or the time is over. */
    private void show(
        final StopSignal stop, final SimulatedNode node, final Relay relay, final DemoSubscribers subscribers)
        throws InterruptedException
    {
        final long startNs = System.nanoTime();
        RelayStatus before = relay.status();
        for (int second = 1; seconds == 0 || second <= seconds; second++)
        {
            final long untilMs = TimeUnit.NANOSECONDS.toMillis(
                startNs + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
            if (stop.awaitMs(Math.max(0, untilMs)))
            {
                return;
            }
            final RelayStatus now = relay.status();
            Screen.line(spec, line(second, node, before, now, subscribers));
            before = now;
        }
    }

    private static String line(
        final int second,
        final SimulatedNode node,
        final RelayStatus before,
        final RelayStatus now,
        final DemoSubscribers subscribers)
    {
        final Histogram latencyNs = now.latencyNs().copy();
        latencyNs.subtract(before.latencyNs());
        return String.format("%4d s  heads %,d  subscribers %,d  subscriptions %,d  deliveries/s %,d  received %,d  " +
            "p50 %,d µs  p99 %,d µs%s",
            second, node.heads(), now.connections(), now.subscriptions(), now.deliveries() - before.deliveries(),
            subscribers.received(), latencyNs.getValueAtPercentile(50) / 1000,
            latencyNs.getValueAtPercentile(99) / 1000, now.upstreamConnected() ? "" : "  (upstream away)");
    }
}
