package io.ringcast.tools.clients;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the wire carries through the relay is what the node writes, byte for byte, except where we say otherwise. */
@Tag("clients")
@Timeout(120)
final class AnvilComparisonIT
{
    private static final String ASK_CHAIN_ID = "{\"jsonrpc\":\"2.0\",\"id\":\"after\",\"method\":\"eth_chainId\"}";
    private static final String CHAIN_ID = "{\"jsonrpc\":\"2.0\",\"id\":\"after\",\"result\":\"0x7a69\"}";

    /** For the calls that leave no trace in the node; who changes the chain starts one of its own. */
    private static AnvilNode unchanged;
    private static RelayUnderTest shared;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    static void start()
    {
        ClientPackages.require();
        unchanged = AnvilNode.start();
        shared = RelayUnderTest.start(unchanged);
    }

    @AfterAll
    static void stop()
    {
        if (shared != null)
        {
            shared.close();
        }
        if (unchanged != null)
        {
            unchanged.close();
        }
    }

    @Test
    void shouldAnswerByteForByteAsTheNodeDoes() throws IOException
    {
        final List<String> calls = calls();
        assertTrue(calls.size() >= 40, "the table has been cut");

        final List<String> direct = new ArrayList<>();
        final List<String> relayed = new ArrayList<>();
        try (AnvilNode plain = AnvilNode.start(); RawTalk toNode = new RawTalk(plain.url());
            AnvilNode behind = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.start(behind);
            RawTalk toRelay = new RawTalk(relay.url()))
        {
            for (final String call : calls)
            {
                direct.add(toNode.ask(call));
                relayed.add(toRelay.ask(call));
            }
        }

        assertAll(Stream.iterate(0, row -> row + 1).limit(calls.size())
            .map(row -> (Executable)() -> assertEquals(direct.get(row), relayed.get(row), calls.get(row))));
    }

    @Test
    void shouldCarryItemsByteForByteWhenSubscribed()
    {
        final List<String> direct;
        try (AnvilNode node = AnvilNode.start(); RawTalk talk = new RawTalk(node.url()))
        {
            direct = subscribed(talk, node);
        }

        final List<String> relayed;
        try (AnvilNode node = AnvilNode.start(); RelayUnderTest relay = RelayUnderTest.start(node);
            RawTalk talk = new RawTalk(relay.url()))
        {
            relayed = subscribed(talk, node);
        }

        assertEquals(direct, relayed);
    }

    /** The node refuses these ids or writes them anew; the relay keeps the client's own bytes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.0", "9223372036854775808", "1e3", "'\"\\u0061\"'",
        "123456789012345678901234567890"})
    void shouldGiveBackTheIdThatTheNodeWouldNot(final String id)
    {
        try (RawTalk talk = new RawTalk(shared.url()))
        {
            final String answer = talk.ask("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_chainId\"}");

            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"0x7a69\"}", answer);
        }
    }

    /** anvil says -32600 to everything; the relay tells the two apart and stays usable, as geth does. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{bad | -32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}} | -32700",
        "[] | -32600",
        "\"text\" | -32600",
        "{\"id\":1} | -32600",
        "{\"id\":7,\"method\":\"eth_chainId\"} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"eth_chainId\"} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"eth_chainId\"} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\u0065th_chainId\"} | -32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_unsubscribe\",\"params\":[\"0x1234\"]} | -32000",
        })
    void shouldRefuseByItselfWhenTheNodeNeedNotBeAsked(final String text, final int code) throws IOException
    {
        try (RawTalk talk = new RawTalk(shared.url()))
        {
            final String answer = talk.ask(text);

            assertEquals(code, new ObjectMapper().readTree(answer).path("error").path("code").asInt(), answer);
            assertEquals(CHAIN_ID, talk.ask(ASK_CHAIN_ID));
        }
    }

    @Test
    void shouldAnswerNothingToANotification()
    {
        try (RawTalk talk = new RawTalk(shared.url()))
        {
            talk.say("{\"jsonrpc\":\"2.0\",\"method\":\"eth_blockNumber\"}");
            talk.say("[{\"jsonrpc\":\"2.0\",\"method\":\"eth_blockNumber\"}]");

            assertEquals(CHAIN_ID, talk.ask(ASK_CHAIN_ID));
        }
    }

    /** All that the wire carries round three subscriptions, their ids replaced by names. */
    private static List<String> subscribed(final RawTalk talk, final AnvilNode node)
    {
        node.call("anvil_setBlockTimestampInterval", 1);
        final String contract = NotedContract.deploy(node);
        final List<String> heard = new ArrayList<>();

        final String heads = subscribe(talk, "\"newHeads\"");
        node.mine();
        heard.add(talk.hear().replace(heads, "HEADS"));
        node.mine();
        heard.add(talk.hear().replace(heads, "HEADS"));
        heard.add(unsubscribe(talk, heads));

        final String pending = subscribe(talk, "\"newPendingTransactions\"");
        NotedContract.send(node, contract, 1, 2);
        heard.add(talk.hear().replace(pending, "PENDING"));
        heard.add(unsubscribe(talk, pending));

        final String logs = subscribe(talk,
            "\"logs\",{\"address\":[\"" + contract + "\"],\"topics\":[null,\"" + NotedContract.word(1) + "\"]}");
        node.mine();
        heard.add(talk.hear().replace(logs, "LOGS"));
        heard.add(unsubscribe(talk, logs));
        return heard;
    }

    private static String subscribe(final RawTalk talk, final String params)
    {
        final String answer =
            talk.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + params + "]}");
        assertTrue(answer.matches("\\{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x[1-9a-f][0-9a-f]{0,31}\"}"), answer);
        return answer.replaceAll(".*\"(0x[0-9a-f]+)\".*", "$1");
    }

    private static String unsubscribe(final RawTalk talk, final String subscription)
    {
        return talk.ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_unsubscribe\",\"params\":[\"" + subscription +
            "\"]}");
    }

    private static List<String> calls() throws IOException
    {
        try (InputStream in = AnvilComparisonIT.class.getResourceAsStream("anvil-calls.txt"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        }
    }
}
