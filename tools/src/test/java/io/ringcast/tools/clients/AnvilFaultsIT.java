package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringcast.tools.faults.CanonicalStream;
import io.ringcast.tools.faults.FaultProxy;
import io.ringcast.tools.faults.WatchingClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** The ways to a real node fail, the node itself dies and reorganises its chain: 50 clients see one whole stream. */
@Tag("clients")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class AnvilFaultsIT
{
    private static final int CLIENTS = 50;
    private static final int FIRST_CALL_ID = 10;
    private static final int LARGE_ANSWER_CLIENTS = 2;
    private static final String LARGE_CONTRACT = "0x" + "77".repeat(20);
    /** MSTORE8(0x4fffff, 0xff), RETURN(0, 0x500000). */
    private static final String RETURN_5_MIB = "0x60ff624fffff53625000006000f3";
    private static final String LARGE_ANSWER = "0x" + "00".repeat(0x4fffff) + "ff";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WatchingClient> clients = new ArrayList<>();
    private final CanonicalStream expected = new CanonicalStream();
    private final List<Integer> largeCallIds = new ArrayList<>();
    private final Deque<String> known = new ArrayDeque<>();
    private AnvilNode node;
    private FaultProxy first;
    private FaultProxy second;
    private RelayUnderTest relay;
    private String contract;
    private int lastCallId = FIRST_CALL_ID;

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
        first = FaultProxy.before(node.url());
        second = FaultProxy.before(node.url());
        relay = RelayUnderTest.start(first.url(), second.url());
        contract = deployAndAwaitHead();
        known.add(latest().get("hash").asText());
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.add(WatchingClient.subscribed(http, relay.url()));
        }
    }

    @AfterEach
    void stop()
    {
        clients.forEach(WatchingClient::close);
        Stream.<AutoCloseable>of(relay, first, second, node).forEach(AnvilFaultsIT::close);
    }

    @Test
    void shouldShowEachClientOneWholeStreamWhateverHappensUpstream()
    {
        mineNotes(2);
        first.reset();
        mineNotes(1);
        second.cutMidFrame();
        mineNotes(2);
        first.halfOpen();
        mineNotes(1);
        first.answers(FaultProxy.AnswerFault.DOUBLED);
        second.answers(FaultProxy.AnswerFault.WITH_STRANGERS);
        mineNotes(1);
        second.stall();
        mineNotes(2);
        second.resume();
        first.say("{garbage");
        mineNotes(1);
        first.reset();
        second.reset();
        mineNotes(3);
        reorg(2);
        mineNotes(1);
        first.refuse(true);
        first.reset();
        reorg(3);
        mineNotes(1);
        first.refuse(false);
        revertAndMine();
        askForALargeAnswer();
        first.cutMidFrame();
        askForALargeAnswer();
        mineNotes(2);
        node.killAndRestart();
        mineNotes(2);

        assertAll(clients.stream().map(client -> (Executable)() -> assertWhole(client)));
    }

    private static void close(final AutoCloseable resource)
    {
        try
        {
            resource.close();
        }
        catch (final Exception e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** Who subscribed before the node has pushed the block of the contract would be told of that, too. */
    private String deployAndAwaitHead()
    {
        try (WatchingClient witness = WatchingClient.subscribed(http, relay.url()))
        {
            final String address = NotedContract.deploy(node);
            witness.awaitHead(latest().get("hash").asText());
            return address;
        }
    }

    private JsonNode latest()
    {
        return node.call("eth_getBlockByNumber", "latest", false);
    }

    /** Mines blocks with a note each, and lets every client ask and catch up. */
    private void mineNotes(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            NotedContract.send(node, contract, i, lastCallId);
            node.mine();
            follow();
        }
        askAndCatchUp();
    }

    /** Asks for ten megabytes, as a contract returns them. */
    private void askForALargeAnswer()
    {
        node.call("anvil_setCode", LARGE_CONTRACT, RETURN_5_MIB);
        final int callId = ++lastCallId;
        final List<WatchingClient> asking = clients.subList(0, LARGE_ANSWER_CLIENTS);
        asking.forEach(client -> client.call(
            callId, "eth_call", "[{\"to\":\"" + LARGE_CONTRACT + "\",\"gas\":\"0x5f5e100\"},\"latest\"]"));
        for (final WatchingClient client : asking)
        {
            final JsonNode answer = client.awaitAnswer(callId);
            assertEquals(LARGE_ANSWER, answer.path("result").asText());
        }
        largeCallIds.add(callId);
    }

    private void reorg(final int depth)
    {
        node.call("anvil_reorg", depth, List.of());
        follow();
        mineNotes(1);
    }

    /** Goes back to a snapshot, which no node tells its subscribers, and on by another way. */
    private void revertAndMine()
    {
        final JsonNode snapshot = node.call("evm_snapshot");
        mineNotes(2);
        node.call("evm_revert", snapshot.asText());
        mineNotes(1);
    }

    /** Tells the expected stream what has become canonical since. */
    private void follow()
    {
        final Deque<JsonNode> branch = new ArrayDeque<>();
        JsonNode block = latest();
        while (!known.contains(block.get("hash").asText()))
        {
            branch.addFirst(block);
            block = node.call("eth_getBlockByHash", block.get("parentHash").asText(), false);
        }
        while (!known.peekLast().equals(block.get("hash").asText()))
        {
            known.removeLast();
        }
        for (final JsonNode added : branch)
        {
            final String hash = added.get("hash").asText();
            for (final JsonNode log : node.call("eth_getLogs", Map.of("blockHash", hash)))
            {
                expected.onLog(hash, log.get("logIndex").asText());
            }
            expected.onHead(hash, added.get("parentHash").asText());
            known.addLast(hash);
        }
    }

    private void askAndCatchUp()
    {
        final int callId = ++lastCallId;
        for (final WatchingClient client : clients)
        {
            client.awaitHeads(expected.heads().size());
            client.awaitLogs(expected.logs().size());
            client.call(callId, "eth_getBlockByNumber", "[\"latest\",false]");
        }
        for (final WatchingClient client : clients)
        {
            final JsonNode answer = client.awaitAnswer(callId);
            assertEquals(known.peekLast(), answer.path("result").path("hash").asText(), answer.toString());
        }
    }

    private void assertWhole(final WatchingClient client)
    {
        assertEquals(List.of(), client.surprises());
        assertEquals(expected.heads(), client.heads());
        assertEquals(expected.logs(), client.logs());
        for (int id = FIRST_CALL_ID + 1; id <= lastCallId; id++)
        {
            final boolean isAsked = !largeCallIds.contains(id) || clients.indexOf(client) < LARGE_ANSWER_CLIENTS;
            assertEquals(isAsked ? 1 : 0, client.answers(id).size(), "answers to call " + id);
        }
        assertTrue(client.logItems().stream().allMatch(log -> contract.equals(log.get("address").asText())));
    }
}
