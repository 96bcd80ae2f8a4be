package io.ringcast.transport;

import static io.ringcast.transport.RawClient.BINARY;
import static io.ringcast.transport.RawClient.CONTINUATION;
import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.PING;
import static io.ringcast.transport.RawClient.PONG;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The main path on real sockets, driven in every way there is. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#all")
class TrafficIT
{
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"echo\",\"params\":[1, 2 ]}";
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":[1, 2 ]}";
    private static final int CLIENTS = 50;
    private static final int ITEMS = 200;

    @Parameter
    private Mode mode;
    private TestBed bed;

    @BeforeEach
    void start() throws IOException
    {
        bed = TestBed.start(mode);
    }

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldAnswerInOrderWithTheCallersIdsGivenPipelinedCalls() throws IOException
    {
        final RawClient client = bed.client();
        final List<String> ids = List.of("0", "null", "\"\"", "1.0", "9223372036854775808", "\"x\\u0041\"", "0");

        for (final String id : ids)
        {
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[" + id + "]}");
        }

        for (final String id : ids)
        {
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[" + id + "]}", client.readText());
        }
    }

    @Test
    void shouldDeliverEveryItemOnceAndInOrderGivenManySubscribers() throws IOException
    {
        final List<RawClient> clients = new ArrayList<>();
        final List<String> ids = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++)
        {
            final RawClient client = bed.client();
            clients.add(client);
            ids.add(client.subscribe("[\"newHeads\"]"));
        }

        for (int i = 0; i < ITEMS; i++)
        {
            bed.upstream().publish("newHeads", "{\"n\":" + i + "}");
        }

        for (int c = 0; c < CLIENTS; c++)
        {
            for (int i = 0; i < ITEMS; i++)
            {
                assertEquals(FakeUpstream.item(ids.get(c), "{\"n\":" + i + "}"), clients.get(c).readText());
            }
        }
        bed.awaitCount(RelayCounter.DELIVERIES, CLIENTS * ITEMS);
        bed.assertCount(RelayCounter.DELIVERIES, CLIENTS * ITEMS);
        bed.assertCount(RelayCounter.FEEDS_SUBSCRIBED, 1);
        bed.assertCount(RelayCounter.ACTIVATIONS_BY_PONG, CLIENTS);
    }

    @Test
    void shouldSendNoItemBehindTheAnswerGivenUnsubscribe() throws IOException
    {
        final RawClient leaver = bed.client();
        final RawClient stayer = bed.client();
        final String id = leaver.subscribe("[\"newHeads\"]");
        stayer.subscribe("[\"newHeads\"]");
        bed.upstream().publish("newHeads", "1");
        assertEquals(FakeUpstream.item(id, "1"), leaver.readText());

        final String answer = leaver.call(
            "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}");
        bed.upstream().publish("newHeads", "2");

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":true}", answer);
        assertEquals(FakeUpstream.item(id, "1"), stayer.readText());
        assertEquals(FakeUpstream.item(id, "2"), stayer.readText());
        assertEquals(ANSWER, leaver.call(CALL));
    }

    @Test
    void shouldHoldTheFirstItemUntilThePongGivenSubscribe() throws IOException
    {
        final RawClient client = bed.client();
        client.stopPonging();
        final String id = client.subscribe("[\"newHeads\"]");
        final RawClient.Frame barrier = client.read();
        assertEquals(PING, barrier.opcode());

        bed.upstream().publish("newHeads", "1");
        bed.awaitCount(RelayCounter.ITEMS_PUBLISHED, 1);
        assertEquals(0, bed.count(RelayCounter.DELIVERIES));
        client.sendFrame(FIN | PONG, barrier.payload());

        assertEquals(FakeUpstream.item(id, "1"), client.readText());
        bed.assertCount(RelayCounter.ACTIVATIONS_BY_PONG, 1);
    }

    @Test
    void shouldAnswerInTextGivenABinaryFrame() throws IOException
    {
        final RawClient client = bed.client();

        client.sendFrame(FIN | BINARY, CALL.getBytes(StandardCharsets.UTF_8));

        assertEquals(ANSWER, client.readText());
    }

    @Test
    void shouldJoinFragmentsAndAnswerThePingBetweenThem() throws IOException
    {
        final RawClient client = bed.client();
        final byte[] text = CALL.getBytes(StandardCharsets.UTF_8);

        client.sendFrame(TEXT, new byte[]{text[0]});
        for (int i = 1; i < text.length - 1; i++)
        {
            client.sendFrame(CONTINUATION, new byte[]{text[i]});
        }
        client.sendFrame(FIN | PING, new byte[]{1, 2, 3});
        client.sendFrame(FIN | CONTINUATION, new byte[]{text[text.length - 1]});

        // Which of the two is first depends on how the bytes came in.
        final RawClient.Frame first = client.read();
        final RawClient.Frame second = client.read();
        final RawClient.Frame pong = first.opcode() == PONG ? first : second;
        assertEquals(PONG, pong.opcode());
        assertArrayEquals(new byte[]{1, 2, 3}, pong.payload());
        assertEquals(ANSWER, (pong == first ? second : first).text());
    }

    @Test
    void shouldAnswerInRequestOrderGivenABatch() throws IOException
    {
        bed.upstream().on("slow", call -> bed.upstream().on("fast", second ->
        {
            second.answer("2");
            call.answer("1");
        }));
        final RawClient client = bed.client();

        final String answers = client.call("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"slow\"}," +
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"fast\"}]");

        assertEquals("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1},{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}]",
            answers);
    }

    @Test
    void shouldPassLargeAnswersToTheirCallerWhileItemsFlow() throws Exception
    {
        final String large = '"' + "x".repeat(10_000_000) + '"';
        bed.upstream().on("large", call -> call.answer(large));
        final RawClient caller = bed.client();
        final RawClient subscriber = bed.client();
        final String id = subscriber.subscribe("[\"newHeads\"]");

        caller.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"large\"}");
        bed.upstream().awaitCall("large");
        bed.upstream().publish("newHeads", "1");

        assertEquals(FakeUpstream.item(id, "1"), subscriber.readText());
        final String answer = caller.readText();
        assertTrue(answer.startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"xxx"), "answer");
        assertEquals(large.length() + 34, answer.length());
        assertFalse(caller.hasBytes());
    }

    @Test
    void shouldCloseWith1012AndEndGivenClose() throws Exception
    {
        final RawClient idle = bed.client();
        final RawClient subscriber = bed.client();
        subscriber.subscribe("[\"newHeads\"]");
        final Thread closer = new Thread(bed.relay()::close, "closer");

        closer.start();

        assertEquals(1012, idle.readClose());
        assertEquals(1012, subscriber.readClose());
        closer.join();
    }
}
