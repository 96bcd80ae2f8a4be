package io.ringcast.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.Keccak256;
import io.ringcast.config.HostPort;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class SimulatedNodeTest
{
    private SimulatedNode node;
    private FakeClient client;

    @BeforeEach
    void start() throws IOException
    {
        node = SimulatedNode.start(NodeSettings.quiet());
        client = new FakeClient(node.url());
    }

    @AfterEach
    void stop()
    {
        client.close();
        node.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "eth_chainId|[]|\"result\":\"0x539\"",
        "net_version|[]|\"result\":\"1337\"",
        "eth_blockNumber|[]|\"result\":\"0x1406f40\"",
        "eth_syncing|[]|\"result\":false",
        "eth_accounts|[]|\"result\":[]",
        "eth_call|[{},\"latest\"]|\"result\":\"0x\"",
        "eth_getBlockByNumber|[\"latest\",false]|\"number\":\"0x1406f40\"",
        "eth_getBlockByNumber|[\"0x1\",false]|\"result\":null",
        "eth_getBlockByNumber|[\"newest\",false]|\"code\":-32602",
        "eth_getLogs|[{\"fromBlock\":\"earliest\",\"toBlock\":\"latest\"}]|\"removed\":false",
        "eth_getLogs|[{\"blockHash\":\"0x00\"}]|\"message\":\"unknown block\"",
        "eth_getLogs|[{\"address\":\"0x00\"}]|\"code\":-32602",
        "eth_getTransactionReceipt|[\"0x00\"]|\"result\":null",
        "eth_getBalance|[\"0x00000000000000000000000000000000000000ff\",\"latest\"]|\"result\":\"0xf\"",
        "eth_getBalance|[\"0x00\"]|\"code\":-32602",
        "eth_getBalance|[]|missing value for required argument 0",
        "eth_nope|[]|{\"code\":-32601,\"message\":\"the method eth_nope does not exist/is not available\"}",
        "eth_subscribe|[\"foo\"]|{\"code\":-32601,\"message\":\"no \\\"foo\\\" subscription in eth namespace\"}",
        "eth_subscribe|[\"newHeads\",1]|{\"code\":-32602,\"message\":\"too many arguments, want at most 1\"}",
        "eth_unsubscribe|[\"0x1\"]|{\"code\":-32000,\"message\":\"subscription not found\"}",
        "sim_reorg|[900]|\"code\":-32602",
        "eth_chainId|{\"a\":1}|non-array args"})
    void shouldAnswerLikeGethWhenCalled(final String method, final String params, final String part)
        throws InterruptedException
    {
        final String answer = client.call(method, params);

        assertTrue(answer.startsWith("{\"jsonrpc\":\"2.0\",\"id\":7,"), answer);
        assertTrue(answer.contains(part), answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{|{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse error\"}}",
        "[]|{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"empty batch\"}}",
        "{}|{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"invalid request\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"method\":\"eth_syncing\"}|"
            + "{\"jsonrpc\":\"2.0\",\"id\":\"a\\\"b\",\"result\":false}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"eth_syncing\"}|"
            + "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":false}",
        "[{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"eth_syncing\"},{\"jsonrpc\":\"2.0\",\"method\":\"eth_syncing\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":1.0,\"method\":\"net_version\"}]|[{\"jsonrpc\":\"2.0\",\"id\":0,"
            + "\"result\":false},{\"jsonrpc\":\"2.0\",\"id\":1.0,\"result\":\"1337\"}]"})
    void shouldAnswerExactlyWhenTextIsUnusual(final String text, final String answer) throws InterruptedException
    {
        client.send(text);

        assertEquals(answer, client.next());
    }

    @Test
    void shouldTellHeadsAfterTheAnswerWhenMinedInTheSameBatch() throws InterruptedException
    {
        client.send("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"sim_mine\",\"params\":[2]}]");

        assertTrue(client.next().startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x"));
        assertTrue(client.next().contains("\"number\":\"0x1406f41\""));
        assertTrue(client.next().contains("\"number\":\"0x1406f42\""));
    }

    @Test
    void shouldStopTellingWhenUnsubscribed() throws InterruptedException
    {
        final String id = client.subscribe("[\"newHeads\"]");
        node.mine(1);
        assertTrue(client.next().startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":"
            + "{\"subscription\":\"" + id + "\",\"result\":{\"parentHash\":\"0x"));

        assertTrue(client.call("eth_unsubscribe", "[\"" + id + "\"]").endsWith("\"result\":true}"));
        node.mine(1);

        assertTrue(client.call("eth_syncing", "[]").endsWith("false}"));
    }

    @Test
    void shouldTellRemovedLogsBeforeNewOnesWhenReorganised() throws InterruptedException
    {
        node.mine(2);
        client.subscribe("[\"logs\",{}]");

        node.reorg(1);

        for (int i = 0; i < 30; i++)
        {
            final String item = client.next();
            assertEquals(i < 10, item.endsWith("\"removed\":true}}}"), item);
        }
    }

    @Test
    void shouldTellOnlyMatchingLogsWhenFiltered() throws InterruptedException
    {
        final String contract = BlockForge.CONTRACTS.get(0);
        client.subscribe("[\"logs\",{\"address\":[\"" + contract
            + "\"],\"topics\":[\"" + BlockForge.TRANSFER + "\"]}]");
        client.subscribe("[\"newHeads\"]");

        node.mine(20);

        int logs = 0;
        for (int heads = 0; heads < 20; )
        {
            final String item = client.next();
            final boolean isLog = item.contains("\"logIndex\"");
            assertEquals(isLog, item.contains("\"address\":\"" + contract + "\",\"topics\":[\"" + BlockForge.TRANSFER));
            logs += isLog ? 1 : 0;
            heads += isLog ? 0 : 1;
        }
        assertTrue(logs > 0 && logs < 100, "logs: " + logs);
    }

    @Test
    void shouldMineRawTransactionWhenSubmitted() throws InterruptedException
    {
        final String id = client.subscribe("[\"newPendingTransactions\"]");
        final String hash = Keccak256.hex(new byte[]{1, 2});

        assertTrue(client.call("eth_sendRawTransaction", "[\"0x0102\"]").endsWith("\"result\":\"" + hash + "\"}"));
        assertTrue(client.next().contains("\"subscription\":\"" + id + "\",\"result\":\"" + hash + "\"}}"));
        assertTrue(client.call("eth_getTransactionByHash", "[\"" + hash + "\"]").contains("\"blockNumber\":null"));
        assertTrue(client.call("eth_getTransactionReceipt", "[\"" + hash + "\"]").endsWith("\"result\":null}"));
        node.mine(1);
        final String receipt = client.call("eth_getTransactionReceipt", "[\"" + hash + "\"]");

        assertTrue(receipt.contains("\"blockNumber\":\"0x1406f41\""), receipt);
        assertTrue(client.call("eth_sendRawTransaction", "[\"0x0102\"]").contains("already known"));
        assertTrue(client.call("eth_sendRawTransaction", "[\"hello\"]").contains("-32602"));
    }

    @Test
    void shouldTellFullObjectsWhenPendingIsSubscribedWithTrue() throws InterruptedException
    {
        client.subscribe("[\"newPendingTransactions\",true]");

        node.addPending(1);

        assertTrue(client.next().contains("\"result\":{\"blockHash\":null,"));
    }

    @Test
    void shouldFragmentAndEndInNewlineWhenAskedForOldGethFrames() throws IOException, InterruptedException
    {
        try (SimulatedNode old = SimulatedNode.start(NodeSettings.quiet().withOldGethFrames(true));
            FakeClient reader = new FakeClient(old.url()))
        {
            reader.subscribe("[\"newHeads\"]");
            assertEquals(1, reader.parts());
            old.mine(1);

            assertTrue(reader.next().endsWith("\"}}}\n"));
            assertTrue(reader.parts() >= 3, "parts: " + reader.parts());
        }
    }

    @Test
    void shouldMineByItselfWhenRateIsSet() throws InterruptedException
    {
        client.subscribe("[\"newHeads\"]");

        client.call("sim_setRate", "[{\"headsPerSecond\":200,\"logsPerBlock\":0}]");

        for (int i = 0; i < 5; i++)
        {
            assertTrue(client.next().contains("\"number\""));
        }
    }

    @Test
    void shouldCloseClientWhenItDoesNotRead() throws Exception
    {
        try (SimulatedNode small = SimulatedNode.start(NodeSettings.quiet().withUnsentLimitBytes(64 * 1024));
            FakeClient sleeper = new FakeClient(small.url(), false))
        {
            sleeper.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
            for (int i = 0; i < 200 && small.slowClosed() == 0; i++)
            {
                small.mine(50);
            }

            assertEquals(1, small.slowClosed());
            assertFalse(sleeper.closed().isDone());
        }
    }

    @Test
    void shouldCutClientsWhenConnectionsAreDropped() throws Exception
    {
        client.call("eth_syncing", "[]");

        node.dropConnections();

        client.closed().get(5, TimeUnit.SECONDS);
    }

    @Test
    void shouldSayWhereWhenAddressIsTaken()
    {
        final HostPort taken = new HostPort("127.0.0.1", node.address().getPort());

        final IOException refused = assertThrows(IOException.class,
            () -> SimulatedNode.start(NodeSettings.quiet().withListen(taken)).close());

        assertTrue(refused.getMessage().startsWith("cannot listen on " + taken));
    }
}
