package io.ringcast.tools.bench;

import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.sim.ChainSettings;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Three feeds of one chain, a relay that merges them and a subscriber; the best feed is lost and comes back.
 * Confined to the main thread.
 */
final class FailoverRun implements AutoCloseable
{
    static final int LOGS_PER_BLOCK = 3;

    private static final int[] DELAYS_MS = {2, 6, 12};
    private static final int BLOCKS_BETWEEN = 3;
    private static final int FEED_KINDS = 2;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What happens to the best feed. */
    enum Loss
    {
        NONE("stays, for comparison"),
        CUT("is lost: its connection ends"),
        SILENT("falls silent: its connection stays open");

        private final String title;

        Loss(final String title)
        {
            this.title = title;
        }

        String title()
        {
            return title;
        }
    }

    /** What came of the losses of one kind; times in nanoseconds. */
    record Outcome(Histogram times, long items, long lost, long disordered)
    {
    }

    private final List<SimulatedNode> nodes;
    private final Relay relay;
    private final FailoverClient client;
    private long blocks;

    private FailoverRun(final List<SimulatedNode> nodes, final Relay relay, final FailoverClient client)
    {
        this.nodes = nodes;
        this.relay = relay;
        this.client = client;
    }

    static int delayMs(final int feed)
    {
        return DELAYS_MS[feed];
    }

    /**
     * Starts the nodes, the relay and the client.
     *
     * @param relayWarmUpMs how long the relay may drive itself before it listens.
     * @param warmUpBlocks  how many blocks come before the first measurement.
     * @return the run, with nothing measured.
     * @throws IOException          if a socket fails.
     * @throws InterruptedException if the thread is interrupted.
     */
    static FailoverRun start(final int relayWarmUpMs, final int warmUpBlocks) throws IOException, InterruptedException
    {
        final List<SimulatedNode> nodes = new ArrayList<>();
        final NodeSettings settings =
            NodeSettings.quiet().withChain(ChainSettings.defaults().withLogsPerBlock(LOGS_PER_BLOCK));
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (final int delayMs : DELAYS_MS)
        {
            final NodeSettings own = settings.withDelayMs(delayMs);
            nodes.add(nodes.isEmpty() ? SimulatedNode.start(own) : nodes.get(0).startBeside(own));
            network.namedUpstream("feed-" + nodes.size() + '=' + nodes.get(nodes.size() - 1).url());
        }
        final Relay relay = Relay.builder().listen("127.0.0.1", 0).configure(config -> config
            .network(network)
            .warmUpMs(relayWarmUpMs)
            .timing(config.timing().toBuilder().reconnectMinMs(5).reconnectMaxMs(50).build())).start();
        final FailoverClient client =
            FailoverClient.subscribe(URI.create("ws://127.0.0.1:" + relay.address().getPort()));
        final FailoverRun run = new FailoverRun(nodes, relay, client);
        run.awaitFeeds((long)FEED_KINDS * nodes.size());
        run.warmUp(warmUpBlocks);
        return run;
    }

    private void warmUp(final int warmUpBlocks) throws InterruptedException
    {
        nodes.get(0).mine(1);
        client.awaitFirst();
        blocks = client.heads();
        for (int i = 0; i < warmUpBlocks; i++)
        {
            mineAndAwait();
        }
    }

    Outcome measure(final Loss loss, final int count) throws InterruptedException
    {
        client.resetCounts();
        final long firstBlock = blocks;
        final Histogram times = new Histogram(3);
        for (int i = 0; i < count; i++)
        {
            for (int before = 0; before < BLOCKS_BETWEEN; before++)
            {
                mineAndAwait();
            }
            nodes.get(0).mine(1);
            final long lostAtNs = System.nanoTime();
            lose(loss);
            times.recordValue(Math.max(1, client.awaitHead(++blocks) - lostAtNs));
            mineAndAwait();
            recover(loss);
        }
        client.awaitLogs((blocks - firstBlock) * LOGS_PER_BLOCK);
        return new Outcome(times, client.items(), client.lost(), client.disordered());
    }

    private void lose(final Loss loss)
    {
        switch (loss)
        {
            case CUT -> nodes.get(0).goAway();
            case SILENT -> nodes.get(0).hush(true);
            default ->
            {
                // It stays.
            }
        }
    }

    private void recover(final Loss loss)
    {
        if (loss == Loss.NONE)
        {
            return;
        }
        final long subscribed = feedsSubscribed();
        if (loss == Loss.SILENT)
        {
            nodes.get(0).hush(false);
            nodes.get(0).dropConnections();
        }
        else
        {
            nodes.get(0).comeBack();
        }
        awaitFeeds(subscribed + FEED_KINDS);
    }

    private void mineAndAwait() throws InterruptedException
    {
        nodes.get(0).mine(1);
        client.awaitHead(++blocks);
    }

    private void awaitFeeds(final long count)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (feedsSubscribed() < count)
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new IllegalStateException("a feed does not come back");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private long feedsSubscribed()
    {
        return relay.status().counters().get("feeds_subscribed");
    }

    @Override
    public void close()
    {
        client.close();
        relay.close();
        for (int i = nodes.size() - 1; i >= 0; i--)
        {
            nodes.get(i).close();
        }
    }
}
