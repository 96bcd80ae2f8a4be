package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real clients cannot tell the relay from the node behind it. */
@Tag("clients")
final class ClientsIT
{
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final int ROUNDS = 60;
    private static final long KEY = 5;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    static Stream<Client> clients()
    {
        return Stream.of(new ScriptClient("viem"), new ScriptClient("ethers"), new ScriptClient("web3"),
            new Web3jClient());
    }

    /** Stamps stand beside what a client reads, so they must be nothing to it. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    @Timeout(180)
    void shouldSeeEveryValueThatTheNodeShowsWhenTheRelayIsBetweenWithStampsAndWithout(final Client client)
    {
        final JsonNode direct;
        try (AnvilNode node = AnvilNode.start())
        {
            direct = client.run(node.url(), node);
        }

        assertComplete(direct);
        assertSameValues(direct, relayed(client, ""));
        assertSameValues(direct, relayed(client, "/?relay=stamps"));
    }

    private static JsonNode relayed(final Client client, final String pathAndQuery)
    {
        try (AnvilNode node = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.start(node))
        {
            return client.run(URI.create(relay.url() + pathAndQuery), node);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    @Timeout(180)
    void shouldKeepItsSubscriptionsWhenTheNodeIsKilledAndRestarted(final Client client) throws Exception
    {
        try (AnvilNode node = AnvilNode.start();
            RelayUnderTest relay = RelayUnderTest.start(node);
            Client.Kept kept = client.keep(relay.url()))
        {
            final Arrivals<String> lines = kept.lines();
            assertEquals("ready", lines.next());
            final String contract = NotedContract.deploy(node);
            final String both = lines.next() + " " + lines.next();
            assertTrue(both.contains("pending 0x") && both.contains("head 1"), both);

            node.killAndRestart();
            awaitLine(lines, "head ", node::mine);
            awaitLine(lines, "pending ", () -> NotedContract.send(node, contract, KEY, 1));
            awaitLine(lines, "log ", () ->
            {
                NotedContract.send(node, contract, KEY, 2);
                node.mine();
            });

            assertFlowsOnce(lines, node, contract);
            kept.quit();
            assertEquals("done {\"closed\":0,\"subscribedAgain\":0,\"violations\":[]}", lastLine(lines));
        }
    }

    /** All three kinds arrive, each once: a relay that subscribed twice upstream would deliver twice. */
    private static void assertFlowsOnce(final Arrivals<String> lines, final AnvilNode node, final String contract)
    {
        final long marker = 1_000_003;
        final String hash = NotedContract.send(node, contract, KEY, marker);
        node.mine();
        final String head = "head " + Long.decode(node.call("eth_blockNumber").asText());
        final Map<String, Integer> seen = new TreeMap<>(Map.of(head, 0, "log " + marker, 0, "pending " + hash, 0));

        // Two blocks later the markers have had every chance to come a second time.
        node.mine();
        node.mine();
        final String lastHead = "head " + Long.decode(node.call("eth_blockNumber").asText());
        // viem reads each block before it tells of it, so its heads may come in another order.
        boolean sawLastHead = false;
        while (!sawLastHead || seen.containsValue(0))
        {
            final String line = lines.next();
            assertFalse(line.startsWith("closed"), "the client's connection went with the node");
            seen.computeIfPresent(line, (key, count) -> count + 1);
            sawLastHead |= line.equals(lastHead);
        }
        assertEquals(Map.of(head, 1, "log " + marker, 1, "pending " + hash, 1), seen);
    }

    /** Acts until a line of that kind is there: nothing tells from outside when the relay is subscribed again. */
    private static void awaitLine(final Arrivals<String> lines, final String kind, final Runnable act)
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            act.run();
            for (String line = lines.poll(ROUND); line != null; line = lines.poll(ROUND))
            {
                assertFalse(line.startsWith("closed") || line.equals(NodeScript.ENDED), "unexpected: " + line);
                if (line.startsWith(kind))
                {
                    return;
                }
            }
        }
        throw new AssertionError("no line '" + kind + "' after the node came back");
    }

    private static String lastLine(final Arrivals<String> lines)
    {
        String line = lines.next();
        while (!line.startsWith("done ") && !line.equals(NodeScript.ENDED))
        {
            line = lines.next();
        }
        return line;
    }

    /** Two runs that saw nothing would be equal too. */
    private static void assertComplete(final JsonNode seen)
    {
        assertAll(
            () -> assertEquals(6, seen.get("heads").size(), "heads"),
            () -> assertEquals(3, seen.get("logs").size(), "logs"),
            () -> assertEquals(6, seen.get("pending").size(), "pending"),
            () -> assertEquals("[true,true,true]", seen.get("unsubscribed").toString()),
            () -> assertEquals(0, seen.get("closed").asInt(), "connections closed"),
            () -> assertEquals("[]", seen.get("violations").toString()));
    }

    private static void assertSameValues(final JsonNode direct, final JsonNode relayed)
    {
        final Map<String, String> expected = new TreeMap<>();
        final Map<String, String> actual = new TreeMap<>();
        flatten("", direct, expected);
        flatten("", relayed, actual);
        assertEquals(expected.keySet(), actual.keySet());
        assertAll(new TreeSet<>(expected.keySet()).stream()
            .map(path -> (Executable)() -> assertEquals(expected.get(path), actual.get(path), path)));
    }

    private static void flatten(final String path, final JsonNode node, final Map<String, String> values)
    {
        if (node.isValueNode() || node.isEmpty())
        {
            values.put(path, node.toString());
        }
        else if (node.isArray())
        {
            for (int i = 0; i < node.size(); i++)
            {
                flatten(path + "/" + i, node.get(i), values);
            }
        }
        else
        {
            node.properties().forEach(member -> flatten(path + "/" + member.getKey(), member.getValue(), values));
        }
    }
}
