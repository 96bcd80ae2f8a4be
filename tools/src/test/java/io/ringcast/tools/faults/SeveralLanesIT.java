package io.ringcast.tools.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whichever threads the stages run on, and however many nodes must agree, several nodes are one stream.
 * Confined to the test thread.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SeveralLanesIT
{
    private static final int CLIENTS = 4;
    private static final int[] DELAYS_MS = {0, 2, 5};

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @CsvSource({"COMPACT, 1", "SHARED, 1", "DEDICATED, 1", "DEDICATED, 2"})
    void shouldBeOneStream(final ThreadingChoice threading, final int quorum) throws Exception
    {
        final List<SimulatedNode> nodes = new ArrayList<>();
        final NetworkConfig.Builder network = NetworkConfig.builder().quorum(quorum);
        for (final int delayMs : DELAYS_MS)
        {
            final NodeSettings settings = NodeSettings.quiet().withDelayMs(delayMs);
            nodes.add(nodes.isEmpty() ? SimulatedNode.start(settings) : nodes.get(0).startBeside(settings));
            network.upstream(nodes.get(nodes.size() - 1).url().toString());
        }
        try (SimulatedNode node = nodes.get(0);
            SimulatedNode observed = node.startBeside(NodeSettings.quiet());
            Relay relay = Relay.builder().listen("127.0.0.1", 0).configure(config -> config
                .threading(threading)
                .ioThreads(2)
                .network(network)
                .warmUpMs(0)
                .timing(config.timing().toBuilder().reconnectMinMs(5).reconnectMaxMs(50).repairDeadlineMs(10_000)
                    .build())).start();
            WatchingClient direct = WatchingClient.connected(http, observed.url()))
        {
            check(relay, nodes, direct);
        }
    }

    private void check(final Relay relay, final List<SimulatedNode> nodes, final WatchingClient direct)
    {
        final URI url = URI.create("ws://127.0.0.1:" + relay.address().getPort());
        final SimulatedNode node = nodes.get(0);
        try (WatchingClient witness = WatchingClient.subscribed(http, url))
        {
            awaitFeeds(relay);
            node.mine(1);
            witness.awaitHeads(1);
        }
        final ChainFollower chain = new ChainFollower(direct);
        final List<WatchingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.add(WatchingClient.subscribed(http, url));
        }
        for (int round = 0; round < nodes.size() * 4; round++)
        {
            nodes.get(round % nodes.size()).dropConnections();
            node.mine(5);
            // A lane that comes back in the middle of a visit to a branch knows nothing of it, and may be agreed with.
            catchUp(chain, clients);
            node.reorg(1 + round % 3);
            catchUp(chain, clients);
        }
        for (final WatchingClient client : clients)
        {
            assertEquals(List.of(), client.surprises());
            assertEquals(chain.expected().heads(), client.heads());
            assertEquals(chain.expected().logs(), client.logs());
            client.close();
        }
    }

    private static void catchUp(final ChainFollower chain, final List<WatchingClient> clients)
    {
        chain.follow();
        clients.forEach(client ->
        {
            client.awaitHeads(chain.expected().heads().size());
            client.awaitLogs(chain.expected().logs().size());
        });
    }

    private static void awaitFeeds(final Relay relay)
    {
        while (relay.status().counters().get("feeds_subscribed") < 2L * DELAYS_MS.length)
        {
            Thread.onSpinWait();
        }
    }
}
