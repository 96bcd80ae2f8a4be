package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.poll.FakeChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** An upstream that only takes POSTs serves calls and feeds, and each of its faults costs the call alone. */
@ParameterizedClass
@CsvSource({"HTTP, EPOLL", "HTTPS, NIO"})
class HttpUpstreamIT
{
    @Parameter(0)
    private FakeUpstream.Door door;
    @Parameter(1)
    private TransportChoice transport;
    private final FakeChain chain = new FakeChain(120, 0);
    private TestBed bed;
    private FakeUpstream upstream;
    private RawClient client;

    @BeforeEach
    void start() throws IOException
    {
        upstream = FakeUpstream.start(door);
        upstream.serve(chain);
        connect(TestBed.TIMEOUT_MS);
    }

    private void connect(final long callTimeoutMs) throws IOException
    {
        bed = TestBed.start(new Mode(transport, ThreadingChoice.COMPACT, 2), upstream, config -> config
            .timing(config.timing().toBuilder().pollMinMs(5).pollMaxMs(20).callTimeoutMs(callTimeoutMs).build())
            .limits(config.limits().toBuilder().upstreamMessageBytes(1 << 20).httpConnections(3).build()));
        bed.awaitUpstream();
        client = bed.client();
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
    void shouldSendCallsOverKeptConnections() throws IOException
    {
        for (int i = 0; i < 20; i++)
        {
            assertServes(i);
        }

        bed.assertCount(RelayCounter.HTTP_CONNECTS, 1);
        assertEquals("application/json", upstream.lastHandshake().get("Content-Type"));
    }

    @Test
    void shouldServeManyCallsAtOnceOverAFewConnections() throws IOException
    {
        for (int i = 0; i < 200; i++)
        {
            client.sendText(call(i, "echo"));
        }
        final Set<String> answers = new HashSet<>();
        for (int i = 0; i < 200; i++)
        {
            answers.add(client.readText());
        }

        assertEquals(200, answers.size());
        assertTrue(upstream.acceptCount() <= 3, upstream.acceptCount() + " connections");
    }

    @Test
    void shouldOpenANewConnectionGivenAServerThatClosesAfterEachAnswer() throws IOException
    {
        upstream.closeAfterAnswer(true);
        for (int i = 0; i < 10; i++)
        {
            assertServes(i);
        }

        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    @Test
    void shouldAnswerWithAnErrorGivenAStatus() throws IOException
    {
        upstream.on("status", call -> call.session().sendHttp(
            Integer.parseInt(call.params().replaceAll("[^0-9]", "")), "<html>no</html>"));

        assertTrue(status(429).contains("\"code\":-32005,\"message\":\"rate limit exceeded"));
        for (final int status : new int[]{302, 400, 401, 404, 500, 502, 503})
        {
            final String answer = status(status);
            assertTrue(answer.contains("\"code\":-32070,\"message\":\"the upstream answered HTTP " + status), answer);
        }
        bed.assertCount(RelayCounter.HTTP_FAILURES, 8);
        assertServes(9);
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    @Test
    void shouldPassTheNodesOwnErrorGivenAStatusWithOne() throws IOException
    {
        upstream.on("limited", call -> call.session().sendHttp(429,
            "{\"jsonrpc\":\"2.0\",\"id\":" + call.id() + ",\"error\":{\"code\":-32016,\"message\":\"over quota\"}}"));

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32016,\"message\":\"over quota\"}}",
            client.call(call(5, "limited")));
    }

    @Test
    void shouldAnswerWithAnErrorGivenGarbage() throws IOException
    {
        upstream.on("garbage", call -> call.session().sendHttp(200, "<html>"));
        upstream.on("other", call ->
            call.session().sendHttp(200, "{\"jsonrpc\":\"2.0\",\"id\":\"other\",\"result\":1}"));
        upstream.on("empty", call -> call.session().sendHttp(200, ""));
        upstream.on("noHttp", call ->
            call.session().sendRaw(Unpooled.copiedBuffer("no http at all\r\n\r\n", StandardCharsets.US_ASCII)));
        upstream.on("large", call -> call.answer('"' + "x".repeat(2 << 20) + '"'));

        for (final String method : new String[]{"garbage", "other", "empty"})
        {
            final String answer = client.call(call(1, method));
            assertTrue(answer.contains("\"code\":-32070,\"message\":\"the upstream's answer is no JSON-RPC"), answer);
        }
        final String noHttp = client.call(call(1, "noHttp"));
        assertTrue(noHttp.contains("\"code\":-32070"), noHttp);
        final String large = client.call(call(1, "large"));
        assertTrue(large.contains("\"code\":-32003"), large);
        bed.assertCount(RelayCounter.UPSTREAM_TOO_BIG, 1);
        assertServes(2);
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    /** Who asks for too much again and again must not take the upstream from all others. */
    @Test
    void shouldKeepTheUpstreamGivenManyAnswersThatAreTooLarge() throws IOException
    {
        upstream.on("large", call -> call.answer('"' + "x".repeat(2 << 20) + '"'));

        for (int i = 1; i <= 6; i++)
        {
            assertTrue(client.call(call(i, "large")).contains("\"code\":-32003"));
        }

        assertServes(7);
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    /** So must not who sends what its server hangs up on. */
    @Test
    void shouldKeepTheUpstreamGivenManyCallsThatAreTooLong() throws IOException
    {
        upstream.on("long", call -> call.session().reset());

        for (int i = 1; i <= 6; i++)
        {
            final String answer = client.call(
                call(i, "long").replace("[]", "[\"" + "x".repeat(2 << 20) + "\"]"));
            assertTrue(answer.contains("\"code\":-32070"), answer);
        }

        assertServes(7);
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    @Test
    void shouldOpenANewConnectionGivenABodyWhoseChunksCannotBeRead() throws IOException
    {
        upstream.on("chunks", call -> call.session().sendRaw(Unpooled.copiedBuffer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\nno length\r\n",
            StandardCharsets.US_ASCII)));

        final String answer = client.call(call(1, "chunks"));
        assertTrue(answer.contains("\"code\":-32070"), answer);
        for (int i = 2; i < 6; i++)
        {
            assertServes(i);
        }
    }

    @Test
    void shouldAnswerWithAnErrorGivenAConnectionThatBreaks() throws IOException
    {
        upstream.on("break", call -> call.session().reset());

        assertTrue(client.call(call(1, "break")).contains("\"code\":-32070"));
        assertServes(2);
        assertTrue(client.call(call(3, "break")).contains("\"code\":-32070"));
        assertServes(4);
        assertEquals(0, bed.count(RelayCounter.UPSTREAM_DISCONNECTS));
    }

    @Test
    void shouldAnswerInTimeGivenACallThatIsNot() throws IOException
    {
        bed.close();
        upstream = FakeUpstream.start(door);
        upstream.serve(chain);
        connect(1_000);
        upstream.on("slow", call -> { });

        assertTrue(client.call(call(1, "slow")).contains("\"code\":-32002"));
        assertServes(2);
    }

    @Test
    void shouldLoseTheUpstreamAndFindItAgainGivenARestart() throws IOException
    {
        final String id = client.subscribe("[\"newHeads\"]");
        awaitPolls(2);
        upstream.close();
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);
        upstream = upstream.restart();
        upstream.serve(chain);
        try
        {
            bed.awaitCount(RelayCounter.FEEDS_SUBSCRIBED, 2);
            awaitPolls(2);

            final FakeChain.Block block = chain.mine(0);
            String text = client.readText();
            while (!text.contains(block.hash()))
            {
                // The tip may be told once more after a gap.
                text = client.readText();
            }
            assertEquals(FakeUpstream.item(id, block.header()), text);
            assertEquals(0, bed.count(RelayCounter.CONNECTIONS_CLOSED));
        }
        finally
        {
            upstream.close();
        }
    }

    @Test
    void shouldSayWhatANodePushes() throws IOException
    {
        final String heads = client.subscribe("[\"newHeads\"]");
        awaitPolls(2);
        for (int i = 0; i < 20; i++)
        {
            final FakeChain.Block block = chain.mine(0);
            if (i % 3 == 0)
            {
                assertEquals(FakeUpstream.item(heads, block.header()), client.readText());
            }
            else
            {
                final FakeChain.Block next = chain.mine(0);
                assertEquals(FakeUpstream.item(heads, block.header()), client.readText());
                assertEquals(FakeUpstream.item(heads, next.header()), client.readText());
            }
        }
        assertFalse(client.hasBytes());
    }

    @Test
    void shouldRefuseKindsThatCannotBePolled() throws IOException
    {
        final String answer =
            client.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"syncing\"]}");

        assertTrue(answer.contains("\"code\":-32601"), answer);
    }

    @Test
    void shouldSayPendingTransactions() throws IOException
    {
        final String id = client.subscribe("[\"newPendingTransactions\"]");
        chain.addPending("0x01");

        assertEquals(FakeUpstream.item(id, "\"0x01\""), client.readText());
    }

    /** Waits until the poller knows where the chain stands: so many polls after now have begun. */
    private void awaitPolls(final long more)
    {
        bed.awaitCount(RelayCounter.POLLS, bed.count(RelayCounter.POLLS) + more);
    }

    private String status(final int status) throws IOException
    {
        return client.call(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\",\"params\":[" + status + "]}");
    }

    private void assertServes(final int id) throws IOException
    {
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[]}", client.call(call(id, "echo")));
    }

    private static String call(final int id, final String method)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[]}";
    }
}
