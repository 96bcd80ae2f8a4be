package io.ringcast.tools.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringcast.config.NetworkConfig;
import io.ringcast.tools.faults.FaultProxy.AnswerFault;
import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import io.ringcast.transport.Relay;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * Three nodes tell of one chain, each in its time, and the ways to them fail in all the ways that ways fail: fifty
 * clients see one whole stream, and each of their calls is answered once, with its own answer.
 * Confined to the test thread; each step waits for what it has caused.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class SimulatedFaultsIT
{
    private static final int CLIENTS = 50;
    private static final int FIRST_CALL_ID = 10;
    private static final int LARGE_BLOCK_LOGS = 8_000;
    private static final int LARGE_ANSWER_BYTES = 10_000_000;
    private static final int LARGE_ANSWER_CLIENTS = 2;
    private static final int CONNECTION_LOST = -32070;
    private static final int MOST_LOST = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WatchingClient> clients = new ArrayList<>();
    private final List<FaultProxy> ways = new ArrayList<>();
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final List<Integer> callIds = new ArrayList<>();
    private int lastCallId = FIRST_CALL_ID;
    private SimulatedNode node;
    private WatchingClient direct;
    private ChainFollower chain;
    private Relay relay;

    @BeforeEach
    void start() throws Exception
    {
        final NodeSettings settings = NodeSettings.quiet().withUnsentLimitBytes(256 * 1024 * 1024);
        node = SimulatedNode.start(settings);
        nodes.add(node);
        nodes.add(node.startBeside(settings.withDelayMs(4)));
        nodes.add(node.startBeside(settings.withDelayMs(10)));
        nodes.forEach(told -> ways.add(FaultProxy.before(told.url())));
        direct = WatchingClient.connected(http, node.url());
        mineLargeBlocks();
        relay = startRelay();
        assertTrue(relay.awaitUpstreams(10_000));
        try (WatchingClient witness = WatchingClient.subscribed(http, relayUrl()))
        {
            node.mine(1);
            witness.awaitHeads(1);
        }
        chain = new ChainFollower(direct);
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.add(WatchingClient.subscribed(http, relayUrl()));
        }
    }

    @AfterEach
    void stop() throws Exception
    {
        clients.forEach(WatchingClient::close);
        direct.close();
        relay.close();
        ways.forEach(FaultProxy::close);
        node.close();
    }

    @Test
    void shouldShowEachClientOneWholeStreamWhateverHappensToTheWays()
    {
        step(() -> { }, () -> node.mine(2));
        step(() -> ways.get(0).cutMidFrame(), () -> node.mine(2));
        step(() -> ways.get(1).stall(), () -> node.mine(2));
        step(() -> ways.get(2).halfOpen(), () -> node.mine(1));
        step(() -> ways.get(1).resume(), () -> node.mine(1));
        step(() -> ways.get(0).dribble(), () -> node.mine(1));
        step(() -> ways.get(1).reset(), () -> node.mine(2));
        step(() -> ways.get(0).answers(AnswerFault.SWAPPED), () -> node.mine(1));
        step(() -> ways.get(1).answers(AnswerFault.DOUBLED), () -> node.mine(1));
        step(() -> ways.get(2).answers(AnswerFault.WITH_STRANGERS), () -> node.mine(1));
        step(() -> ways.get(0).answers(AnswerFault.LOST), () -> node.mine(1));
        step(() -> ways.forEach(way -> way.answers(AnswerFault.NONE)), () -> node.mine(1));
        step(this::sayGarbage, () -> node.mine(1));
        askForALargeAnswer();
        step(() -> { }, () -> node.reorg(2));
        step(() -> ways.get(0).cutMidFrame(), () -> node.reorg(3));
        step(() -> ways.get(0).stall(), () -> node.reorg(1));
        step(() -> ways.get(0).resume(), () -> node.reorg(2));
        for (int i = 0; i < 4; i++)
        {
            loseAllWays();
            step(() -> { }, () -> node.mine(2));
        }

        assertAll(clients.stream().map(client -> (Executable)() -> assertWhole(client)));
        assertEquals(0, counter("head_gaps"));
        assertEquals(0, counter("log_gaps"));
        assertEquals(0, counter("lanes_left_out"));
        assertEquals(CLIENTS, relay.status().connections());
    }

    /** Something fails, each client asks, the chain goes on, and each client has all of it and its answers. */
    private void step(final Runnable fault, final Runnable event)
    {
        fault.run();
        final int balance = nextCallId();
        final int transaction = nextCallId();
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.get(i).call(balance, "eth_getBalance", "[\"" + address(i) + "\",\"latest\"]");
            clients.get(i).call(transaction, "eth_sendRawTransaction",
                "[\"0x" + String.format("%08x%08x", transaction, i) + "\"]");
        }
        event.run();
        catchUp();
        final int latest = nextCallId();
        clients.forEach(client -> client.call(latest, "eth_getBlockByNumber", "[\"latest\",false]"));
        for (int i = 0; i < CLIENTS; i++)
        {
            final WatchingClient client = clients.get(i);
            assertEquals("0x" + Integer.toHexString(i + 1), result(client, balance).asText());
            assertSent(client.awaitAnswer(transaction));
            assertEquals(chain.tip(), result(client, latest).path("hash").asText());
        }
    }

    private void catchUp()
    {
        chain.follow();
        for (final WatchingClient client : clients)
        {
            client.awaitHeads(chain.expected().heads().size());
            client.awaitLogs(chain.expected().logs().size());
        }
    }

    /** If the one answer with the hash was lost on its way, what the others say is the best that is known. */
    private static void assertSent(final JsonNode answer)
    {
        assertTrue(answer.path("result").asText().length() == 66 ||
            "already known".equals(answer.path("error").path("message").asText()), answer::toString);
    }

    private void sayGarbage()
    {
        ways.get(0).say("{garbage");
        ways.get(1).say("{\"jsonrpc\":\"2.0\",\"id\":\"nobody\",\"result\":1}");
        ways.get(2).say("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
            "{\"subscription\":\"0xdead\",\"result\":{\"number\":\"0x1\"}}}");
    }

    private void loseAllWays()
    {
        ways.forEach(way ->
        {
            way.refuse(true);
            way.reset();
        });
        // The two that come and go while nobody is there to hear of them are nobody's loss.
        node.mine(2);
        node.reorg(4);
        // A node that is behind would tell of them to those who have come back by then.
        nodes.forEach(SimulatedNode::awaitTold);
        ways.forEach(way -> way.refuse(false));
        // Who asks before somebody can be asked is told so.
        catchUp();
        step(() -> { }, () -> { });
    }

    private void mineLargeBlocks()
    {
        ask("sim_setRate", "[{\"logsPerBlock\":" + LARGE_BLOCK_LOGS + "}]");
        node.mine(2);
        ask("sim_setRate", "[{\"logsPerBlock\":3}]");
        node.mine(1);
    }

    private void askForALargeAnswer()
    {
        final int id = ++lastCallId;
        final List<WatchingClient> asking = clients.subList(0, LARGE_ANSWER_CLIENTS);
        asking.forEach(client -> askForLargeBlocks(client, id));
        for (final WatchingClient client : asking)
        {
            JsonNode answer = client.awaitAnswer(id);
            for (int lost = 0; answer.path("error").path("code").asInt() == CONNECTION_LOST; lost++)
            {
                assertTrue(lost < MOST_LOST, "it can't be had at all");
                // On a machine that takes seconds for it each way is tried in turn, then given up as it tells nothing
                // else meanwhile: the caller hears so, once, and asks again.
                askForLargeBlocks(client, ++lastCallId);
                answer = client.awaitAnswer(lastCallId);
            }
            final JsonNode logs = answer.path("result");
            assertEquals(2 * LARGE_BLOCK_LOGS, logs.size(), () -> client.answers(id).toString());
            assertTrue(logs.toString().length() > LARGE_ANSWER_BYTES);
        }
    }

    private static void askForLargeBlocks(final WatchingClient client, final int id)
    {
        client.call(id, "eth_getLogs", "[{\"fromBlock\":\"0x1406f41\",\"toBlock\":\"0x1406f42\"}]");
    }

    private void assertWhole(final WatchingClient client)
    {
        assertEquals(List.of(), client.surprises());
        assertEquals(chain.expected().heads(), client.heads());
        assertEquals(chain.expected().logs(), client.logs());
        assertEquals(2, client.subscriptionIds().size());
        callIds.forEach(id -> assertEquals(1, client.answers(id).size(), "answers to call " + id));
    }

    private int nextCallId()
    {
        callIds.add(++lastCallId);
        return lastCallId;
    }

    private JsonNode ask(final String method, final String params)
    {
        final int id = ++lastCallId;
        direct.call(id, method, params);
        return result(direct, id);
    }

    private static JsonNode result(final WatchingClient client, final int id)
    {
        final JsonNode answer = client.awaitAnswer(id);
        assertTrue(answer.has("result"), answer::toString);
        return answer.get("result");
    }

    /** The simulated node reads an account's balance off its address. */
    private static String address(final int client)
    {
        return String.format("0x%040x", client + 1 << 4);
    }

    private long counter(final String name)
    {
        return relay.status().counters().get(name);
    }

    private URI relayUrl()
    {
        return URI.create("ws://127.0.0.1:" + relay.address().getPort());
    }

    private Relay startRelay() throws IOException
    {
        final NetworkConfig.Builder network = NetworkConfig.builder();
        IntStream.range(0, ways.size()).forEach(i -> network.namedUpstream("way-" + i + '=' + ways.get(i).url()));
        return Relay.builder()
            .listen("127.0.0.1", 0)
            .configure(config -> config
                .network(network)
                .warmUpMs(0)
                .timing(config.timing().toBuilder().pingIdleMs(2_000).pongTimeoutMs(20_000).reconnectMinMs(5)
                    .reconnectMaxMs(100).attemptTimeoutMs(2_000).repairDeadlineMs(10_000).build()))
            .start();
    }
}
