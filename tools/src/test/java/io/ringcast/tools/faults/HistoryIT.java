package io.ringcast.tools.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;

import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.sim.ChainSettings;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who begins in the past sees the whole chain from there on, over each kind of upstream. One thread. */
final class HistoryIT
{
    private static final int BEFORE = 100;

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @CsvSource({"ws, 0", "http, 0", "ws, 95"})
    void shouldShowTheChainFromABlockOnAndThenWhatIsNew(final String kind, final int behindFirst) throws Exception
    {
        try (SimulatedNode node = SimulatedNode.start(
                NodeSettings.quiet().withChain(ChainSettings.defaults().withLogsPerBlock(3)));
            Relay relay = relay(kind + node.url().toString().substring(2));
            WatchingClient direct = WatchingClient.connected(http, node.url()))
        {
            final long first = node.mine(BEFORE) - BEFORE + 1 + behindFirst;
            final ChainFollower chain = new ChainFollower(direct, first);
            try (WatchingClient client = WatchingClient.subscribedFrom(
                http, URI.create("ws://127.0.0.1:" + relay.address().getPort()), first))
            {
                assertSees(client, chain);
                node.mine(2);
                assertSees(client, chain);
                node.reorg(3);
                assertSees(client, chain);
                node.mine(1);
                assertSees(client, chain);
                assertEquals(List.of(), client.surprises());
            }
        }
    }

    private static void assertSees(final WatchingClient client, final ChainFollower chain)
    {
        chain.follow();
        client.awaitHeads(chain.expected().heads().size());
        client.awaitLogs(chain.expected().logs().size());
        assertEquals(chain.expected().heads(), client.heads());
        assertEquals(chain.expected().logs(), client.logs());
    }

    private static Relay relay(final String url) throws IOException
    {
        return Relay.builder()
            .listen("127.0.0.1", 0)
            .configure(config -> config.warmUpMs(0)
                .network(NetworkConfig.builder().upstream(url))
                .timing(config.timing().toBuilder().pollMinMs(5).pollMaxMs(20).build()))
            .start();
    }
}
