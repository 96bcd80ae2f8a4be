package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whatever an upstream does, clients stay connected and subscribed, and every call gets exactly one answer. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class UpstreamFaultsIT extends UpstreamContract
{
    @Parameter
    private Mode mode;

    @Override
    TestBed open() throws IOException
    {
        return TestBed.start(mode);
    }

    @Test
    void shouldPassOneAnswerGivenDuplicates() throws IOException
    {
        upstream.on("twice", call ->
        {
            call.answer("1");
            call.answer("1");
        });

        assertEquals(answer("1", "1"), client.call(call(1, "twice")));
        assertServes(2);
        bed.assertCount(RelayCounter.UPSTREAM_UNKNOWN_IDS, 1);
    }

    @Test
    void shouldIgnoreAnswersToNobody() throws IOException
    {
        for (final String id : List.of("999999999", "-1", "\"1\"", "1.0", "null", "{}", "18446744073709551617"))
        {
            upstream.session().send(answer(id, "1"));
        }

        assertServes(1);
    }

    @Test
    void shouldFindTheCallersGivenAnswersOutOfOrder() throws IOException
    {
        final List<FakeUpstream.Request> held = new ArrayList<>();
        upstream.on("hold", call ->
        {
            held.add(call);
            if (held.size() == 100)
            {
                for (int i = 99; i >= 0; i--)
                {
                    held.get(i).answer(held.get(i).params());
                }
            }
        });

        for (int i = 0; i < 100; i++)
        {
            client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"hold\",\"params\":[" + i + "]}");
        }

        for (int i = 99; i >= 0; i--)
        {
            assertEquals(answer(String.valueOf(i), "[" + i + "]"), client.readText());
        }
    }

    @Test
    void shouldGoOnGivenGarbageInTexts() throws IOException
    {
        for (final String garbage : List.of("", " ", "{", "]", "\"", "1", "null", "[]", "[[]]", "{\"id\":}", "[1,2",
            "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":{},\"result\":1}}",
            FakeUpstream.item("0xdead", "1"), "[".repeat(10_000), "\u0000"))
        {
            upstream.session().send(garbage);
        }

        assertServes(1);
        upstream.publish("newHeads", "1");
        assertEquals(FakeUpstream.item(subscriptionId, "1"), client.readText());
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
        assertEquals(0, bed.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldReconnectGivenACloseWithACode() throws IOException
    {
        upstream.session().closeWith(1001);

        assertRecovers();
    }

    @Test
    void shouldTellWhoseTextWasTooBigForTheUpstream() throws IOException
    {
        upstream.on("eth_call", request -> request.session().closeWith(1009));
        client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":[\"" + "0".repeat(100_000) +
            "\"]}");

        final String answer = client.readText();
        assertTrue(answer.contains("the upstream hung up on a call of 1000"), answer);
        assertEquals(1, bed.count(RelayCounter.CALLS_HUNG_UP_ON));
    }

    @Test
    void shouldAnswerEveryCallExactlyOnceGivenALostUpstream() throws Exception
    {
        upstream.on("stall", call -> { });
        final int calls = 50;
        for (int i = 0; i < calls; i++)
        {
            client.sendText(call(i, "stall"));
        }
        for (int i = 0; i < calls; i++)
        {
            upstream.awaitCall("stall");
        }

        upstream.session().reset();

        final Set<String> answered = new HashSet<>();
        for (int i = 0; i < calls; i++)
        {
            final String text = client.readText();
            assertTrue(text.contains("\"code\":-32070"), text);
            assertTrue(answered.add(text.substring(0, text.indexOf("\"error\""))), text);
        }
        assertRecovers();
    }

    @Test
    void shouldAnswerTheBatchGivenALostUpstream() throws IOException
    {
        upstream.on("die", call -> call.session().reset());

        final String answers = client.call("[" + call(1, "echo") + "," + call(2, "die") + "]");

        assertTrue(answers.startsWith("[" + answer("1", "[]") + ",{\"jsonrpc\":\"2.0\",\"id\":2,\"error\""), answers);
        assertRecovers();
    }

    @Test
    void shouldKeepTryingGivenRefusedHandshakes() throws IOException
    {
        upstream.refuseHandshakes(true);
        upstream.session().reset();
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 3);
        final String refusal = client.call(call(1, "echo"));
        upstream.refuseHandshakes(false);

        assertTrue(refusal.contains("\"code\":-32070"), refusal);
        assertRecovers();
    }

    @Test
    void shouldPublishTheItemGivenItComesBeforeTheAnswerToItsSubscribe() throws IOException
    {
        upstream.on("eth_subscribe", call ->
        {
            final String id = upstream.nextSubscriptionId();
            call.session().addSubscription(id, FakeUpstream.kind(call));
            call.session().send(FakeUpstream.item(id, "\"early\""));
            call.answer('"' + id + '"');
        });

        final String id = client.subscribe("[\"newPendingTransactions\"]");

        assertEquals(FakeUpstream.item(id, "\"early\""), client.readText());
    }

    @Test
    void shouldTakeAMessageRightBehindTheHandshake() throws IOException
    {
        upstream.onOpen(session -> session.send(FakeUpstream.item("0x1", "\"nobody's\"")));
        upstream.session().reset();

        assertRecovers();
    }

    @Test
    void shouldPassTheErrorGivenARefusedSubscribe() throws IOException
    {
        upstream.on("eth_subscribe", call -> call.fail(-32601, "no \\\"foo\\\" subscription in eth namespace"));

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":" +
            "\"no \\\"foo\\\" subscription in eth namespace\"}}",
            client.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"foo\"]}"));
    }

    @Test
    void shouldPassLargeResults() throws IOException
    {
        upstream.on("large", call -> call.answer('"' + "x".repeat(10_000_000) + '"'));
        for (final FakeUpstream.Shape shape : List.of(FakeUpstream.Shape.ONE_FRAME, FakeUpstream.Shape.FRAGMENTS))
        {
            upstream.shape(shape);

            assertEquals(10_000_036, client.call(call(1, "large")).length());
        }
        assertServes(2);
    }
}
