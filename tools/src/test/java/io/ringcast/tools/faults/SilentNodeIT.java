package io.ringcast.tools.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringcast.config.LogsMode;
import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes that accept a subscription and never send: the relay finds them out, and its clients miss nothing.
 * Confined to the test thread; each step waits for what it has caused.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class SilentNodeIT
{
    private static final long BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int FILTERED_BLOCKS = 60;
    private static final String HEADS = "\"parentHash\"";
    private static final String LOGS = "\"logIndex\"";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaultProxy> ways = new ArrayList<>();
    private SimulatedNode node;
    private WatchingClient direct;
    private Relay relay;
    private int lastCallId;

    @BeforeEach
    void start() throws Exception
    {
        node = SimulatedNode.start(NodeSettings.quiet());
        direct = WatchingClient.connected(http, node.url());
    }

    @AfterEach
    void stop() throws Exception
    {
        direct.close();
        relay.close();
        ways.forEach(FaultProxy::close);
        node.close();
    }

    @Test
    void shouldShowTheWholeChainGivenThatTheOnlyNodeLeftPushesNoHeads() throws Exception
    {
        ways.add(FaultProxy.before(node.url()));
        ways.add(FaultProxy.before(node.url()));
        ways.get(1).withhold(HEADS);
        relay = startRelay(LogsMode.MATCH);
        try (WatchingClient witness = WatchingClient.subscribed(http, relayUrl()))
        {
            awaitCount("feeds_subscribed", 2 * ways.size());
            // The feed begins in the first one; of the second one all is told.
            node.mine(2);
            final List<String> told = logsOfLatest("{}");
            while (!witness.logs().containsAll(told))
            {
                Thread.onSpinWait();
            }
        }
        try (WatchingClient client = WatchingClient.subscribed(http, relayUrl()))
        {
            final ChainFollower chain = new ChainFollower(direct);
            // It is found out by what it answers, some seconds after it has accepted the feed.
            do
            {
                node.mine(1);
                catchUp(chain, client);
                LockSupport.parkNanos(BLOCK_NS);
            }
            while (counter("head_lanes_silent") == 0);
            ways.get(0).refuse(true);
            ways.get(0).reset();
            for (int depth = 1; depth <= 3; depth++)
            {
                node.mine(2);
                catchUp(chain, client);
                node.reorg(depth);
                catchUp(chain, client);
            }

            assertEquals(List.of(), client.surprises());
            assertEquals(chain.expected().heads(), client.heads());
            assertEquals(chain.expected().logs(), client.logs());
            assertEquals(1, counter("head_lanes_silent"));
            assertEquals(0, counter("head_gaps"));
            assertEquals(0, counter("log_gaps"));
        }
    }

    @Test
    void shouldTellAllLogsGivenThatTheOnlyNodeHasTheFilterAndPushesNone() throws Exception
    {
        ways.add(FaultProxy.before(node.url()));
        ways.get(0).withhold(LOGS);

        tellAllLogs(FILTERED_BLOCKS);
    }

    /** It told logs once, so it is believed at first; all that it has left out since is told in order nevertheless. */
    @Test
    void shouldTellAllLogsGivenThatTheOnlyNodeHasTheFilterAndNoLongerPushesAny() throws Exception
    {
        ways.add(FaultProxy.before(node.url()));

        tellAllLogs(FILTERED_BLOCKS / 4);
    }

    /** The node withholds logs behind so many blocks, if it has not from the start. */
    private void tellAllLogs(final int withheldBehind) throws Exception
    {
        node.mine(1);
        final JsonNode latest = ask("eth_getLogs", "[{}]");
        final String filter = "{\"address\":\"" + latest.get(0).get("address").asText() + "\"}";
        relay = startRelay(LogsMode.PASS);
        try (WatchingClient client = WatchingClient.subscribed(http, relayUrl(), filter))
        {
            // The feed begins in this one.
            node.mine(1);
            client.awaitHeads(1);
            final List<String> expected = new ArrayList<>();
            for (int i = 0; i < FILTERED_BLOCKS; i++)
            {
                node.mine(1);
                client.awaitHeads(i + 2);
                expected.addAll(logsOfLatest(filter));
                if (i == withheldBehind)
                {
                    client.awaitLogs(expected.size());
                    ways.get(0).withhold(LOGS);
                }
            }
            awaitCount("log_lanes_silent", 1);
            client.awaitLogs(expected.size());

            assertTrue(expected.size() > FILTERED_BLOCKS / 4, () -> expected.size() + " logs");
            assertEquals(expected, client.logs());
            assertEquals(List.of(), client.surprises());
            assertEquals(0, counter("log_gaps"));
            assertEquals(0, counter("logs_late"));
        }
    }

    private static void catchUp(final ChainFollower chain, final WatchingClient client)
    {
        chain.follow();
        client.awaitHeads(chain.expected().heads().size());
        client.awaitLogs(chain.expected().logs().size());
    }

    /** Block hash and index of what the node has of a filter in its newest block; no range is the newest. */
    private List<String> logsOfLatest(final String filter)
    {
        final List<String> logs = new ArrayList<>();
        for (final JsonNode log : ask("eth_getLogs", '[' + filter + ']'))
        {
            logs.add(log.get("blockHash").asText() + ' ' + log.get("logIndex").asText());
        }
        return logs;
    }

    private JsonNode ask(final String method, final String params)
    {
        final int id = ++lastCallId;
        direct.call(id, method, params);
        final JsonNode answer = direct.awaitAnswer(id);
        assertTrue(answer.has("result"), answer::toString);
        return answer.get("result");
    }

    private void awaitCount(final String name, final long count)
    {
        while (counter(name) < count)
        {
            Thread.onSpinWait();
        }
    }

    private long counter(final String name)
    {
        return relay.status().counters().get(name);
    }

    private URI relayUrl()
    {
        return URI.create("ws://127.0.0.1:" + relay.address().getPort());
    }

    private Relay startRelay(final LogsMode logs) throws IOException
    {
        final NetworkConfig.Builder network = NetworkConfig.builder().logs(logs);
        ways.forEach(way -> network.upstream(way.url().toString()));
        return Relay.builder().listen("127.0.0.1", 0).configure(config -> config
            .network(network)
            .warmUpMs(0)
            .timing(config.timing().toBuilder().reconnectMinMs(5).reconnectMaxMs(50).pollMinMs(5)
                .repairDeadlineMs(10_000).build())).start();
    }
}
