package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringcast.tools.faults.FaultProxy;
import io.ringcast.tools.faults.WatchingClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three ways to one real node, of which two have to agree. One way goes and comes: nothing shows. Two go: the heads
 * wait, and none is missing when one of them is back. The node dies and is started again: all follow.
 * Confined to the test thread.
 */
@Tag("clients")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AnvilQuorumIT
{
    private static final int WAYS = 3;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaultProxy> ways = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private AnvilNode node;
    private RelayUnderTest relay;
    private WatchingClient client;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void requirePackages()
    {
        ClientPackages.require();
    }

    @BeforeEach
    void start()
    {
        node = AnvilNode.start();
        for (int i = 0; i < WAYS; i++)
        {
            ways.add(FaultProxy.before(node.url()));
        }
        relay = RelayUnderTest.startWithQuorum(2, ways.stream().map(FaultProxy::url).toList());
        client = WatchingClient.subscribed(http, relay.url());
        relay.awaitCount("feeds_subscribed", 2L * WAYS);
    }

    @AfterEach
    void stop()
    {
        client.close();
        relay.close();
        ways.forEach(FaultProxy::close);
        node.close();
    }

    @Test
    void shouldShowOneWholeStreamOfWhatTwoWaysAgreeOn()
    {
        mine(3);
        awaitAll();
        for (int i = 0; i < WAYS; i++)
        {
            lose(i);
            mine(2);
            awaitAll();
            ways.get(i).refuse(false);
        }
        reorg(2);
        awaitAll();

        relay.awaitCount("upstream_connects", 2L * WAYS);
        lose(0);
        lose(1);
        mine(3);
        relay.awaitCount("quorums_lost", 1);
        assertEquals(expected.size() - 3, client.heads().size());
        ways.get(1).refuse(false);
        awaitAll();
        assertEquals(1, relay.count("quorums_lost"));
        ways.get(0).refuse(false);

        node.killAndRestart();
        mine(3);
        awaitAll();
        assertEquals(expected, client.heads());
        assertEquals(List.of(), client.surprises());
        assertEquals(0, relay.count("head_gaps"));
        assertEquals(0, relay.count("lanes_left_out"));
    }

    private void lose(final int way)
    {
        ways.get(way).refuse(true);
        final long before = relay.count("upstream_disconnects");
        ways.get(way).reset();
        relay.awaitCount("upstream_disconnects", before + 1);
    }

    private void mine(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            node.mine();
            expected.add(latest().get("hash").asText());
        }
    }

    private void reorg(final int depth)
    {
        node.call("anvil_reorg", depth, List.of());
        final List<String> branch = new ArrayList<>();
        JsonNode block = latest();
        while (!expected.contains(block.get("hash").asText()))
        {
            branch.add(0, block.get("hash").asText());
            block = node.call("eth_getBlockByHash", block.get("parentHash").asText(), false);
        }
        expected.addAll(branch);
    }

    private JsonNode latest()
    {
        return node.call("eth_getBlockByNumber", "latest", false);
    }

    private void awaitAll()
    {
        client.awaitHeads(expected.size());
    }
}
