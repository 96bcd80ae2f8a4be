package io.ringcast.transport;

import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Who is let in, and how much each may ask for. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class HandshakeAndLimitsIT
{
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private static final String UPGRADE = "Host: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + KEY;

    @Parameter
    private Mode mode;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    /** Closing with bytes unread resets the connection, and what was written may go with it. */
    @Test
    void shouldLetARefusalBeReadGivenBytesThatAreNot() throws IOException
    {
        start(limits -> limits);
        for (int i = 0; i < 20; i++)
        {
            try (HttpTalk talk = HttpTalk.open(bed.address()))
            {
                talk.send("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
                    "x".repeat(300_000));
                assertEquals(404, talk.read().status());
            }
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    @Test
    void shouldRefuseWith400GivenHalfAnUpgrade() throws IOException
    {
        start(limits -> limits);

        assertEquals("HTTP/1.1 400 Bad Request",
            refusalOf("GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\n\r\n"));
        bed.assertCount(RelayCounter.CONNECTIONS_REFUSED, 1);
    }

    @Test
    void shouldRefuseWith400GivenGarbage() throws IOException
    {
        start(limits -> limits);

        assertEquals("HTTP/1.1 400 Bad Request", refusalOf("\u0001\u0002 what is this\r\n\r\n"));
    }

    @Test
    void shouldRefuseGivenALineWithoutEnd() throws IOException
    {
        start(limits -> limits);

        assertEquals("HTTP/1.1 400 Bad Request", refusalOf("GET /" + "x".repeat(5_000)));
    }

    @Test
    void shouldRefuseWith404GivenAnotherPath() throws IOException
    {
        start(limits -> limits);

        assertEquals("HTTP/1.1 404 Not Found",
            refusalOf("GET /other HTTP/1.1\r\n" + UPGRADE + "Sec-WebSocket-Version: 13\r\n\r\n"));
    }

    @Test
    void shouldRefuseWith426GivenAnotherVersion() throws IOException
    {
        start(limits -> limits);

        assertEquals("HTTP/1.1 426 Upgrade Required",
            refusalOf("GET / HTTP/1.1\r\n" + UPGRADE + "Sec-WebSocket-Version: 8\r\n\r\n"));
    }

    @Test
    void shouldRefuseWith503OverTheConnectionLimitAndLetInAgainGivenAnEnd() throws IOException
    {
        start(limits -> limits.connections(2));
        final RawClient first = bed.client();
        bed.client();

        for (int i = 0; i < 20; i++)
        {
            try (RawClient refused = RawClient.open(bed.address()))
            {
                refused.sendHandshake();
                assertTrue(refused.readHead().startsWith("HTTP/1.1 503 "));
            }
        }
        first.close();
        TestBed.await("one socket", () -> bed.relay().server().socketCount() == 1);

        assertEquals(echo(1), bed.client().call(call(1)));
    }

    @Test
    void shouldHangUpGivenNoRequestInTime() throws IOException
    {
        bed = TestBed.start(mode, config -> config.timing(
            config.timing().toBuilder().handshakeTimeoutMs(100).build()));
        final RawClient silent = bed.add(RawClient.open(bed.address()));
        final RawClient slow = bed.add(RawClient.open(bed.address()));
        slow.send("GET / HTTP/1.1\r\nHost:");

        assertTrue(silent.readHead().startsWith("HTTP/1.1 408 "));
        silent.awaitEnd();
        slow.awaitEnd();
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    @Test
    void shouldTakeAFrameThatComesWithTheRequest() throws IOException
    {
        start(limits -> limits);
        final RawClient client = bed.add(RawClient.open(bed.address()));
        final byte[] frame = RawClient.frame(FIN | TEXT, call(1).getBytes());
        final byte[] request =
            ("GET /?key=x HTTP/1.1\r\n" + UPGRADE + "Sec-WebSocket-Version: 13\r\n\r\n").getBytes();
        final byte[] both = Arrays.copyOf(request, request.length + frame.length);
        System.arraycopy(frame, 0, both, request.length, frame.length);

        client.send(both);

        assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
        assertEquals(echo(1), client.readText());
    }

    @Test
    void shouldRefuseABatchOverTheLimit() throws IOException
    {
        start(limits -> limits.batchItems(2));
        final RawClient client = bed.client();

        final String refusal = client.call("[" + call(1) + "," + call(2) + "," + call(3) + "]");

        assertTrue(refusal.startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,"), refusal);
        assertEquals("[" + echo(1) + "," + echo(2) + "]", client.call("[" + call(1) + "," + call(2) + "]"));
    }

    @Test
    void shouldRefuseASubscriptionOverTheLimitAndGrantGivenAnUnsubscribe() throws IOException
    {
        start(limits -> limits.subscriptionsPerConnection(2));
        final RawClient client = bed.client();
        final String first = client.subscribe("[\"newHeads\"]");
        client.subscribe("[\"newHeads\"]");

        final String refusal = client.call(
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        client.call("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"eth_unsubscribe\",\"params\":[\"" + first + "\"]}");
        client.subscribe("[\"newHeads\"]");

        assertTrue(refusal.startsWith("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32005,"), refusal);
    }

    @Test
    void shouldRefuseCallsOverTheLimitOfOneConnectionOnly() throws Exception
    {
        start(limits -> limits.outstandingCallsPerConnection(2));
        bed.upstream().on("stall", request -> { });
        final RawClient client = bed.client();
        final RawClient other = bed.client();
        client.sendText(call(1).replace("echo", "stall"));
        client.sendText(call(2).replace("echo", "stall"));
        final FakeUpstream.Request stalled = bed.upstream().awaitCall("stall");
        bed.upstream().awaitCall("stall");

        final String refusal = client.call(call(3));

        assertTrue(refusal.startsWith("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32005,"), refusal);
        assertEquals(echo(1), other.call(call(1)));
        stalled.answer("[1]");
        assertEquals(echo(1), client.readText());
        assertEquals(echo(4), client.call(call(4)));
    }

    @Test
    void shouldCloseWith1013OverTheBudgetOfUnfinishedMessages() throws IOException
    {
        start(limits -> limits.unfinishedBytes(256 * 1024));
        final RawClient good = bed.client();
        final List<RawClient> greedy = new ArrayList<>();

        for (int i = 0; i < 40; i++)
        {
            final RawClient client = bed.client();
            greedy.add(client);
            client.send(RawClient.announcement(FIN | TEXT, 30_000_000));
            client.send(new byte[20_000]);
        }
        bed.awaitCount(RelayCounter.CLOSED_OVERLOAD, 1);

        assertEquals(1013, greedy.get(greedy.size() - 1).readClose());
        assertTrue(bed.relay().server().unfinishedBytes() <= 256 * 1024);
        assertEquals(echo(1), good.call(call(1)));
        greedy.forEach(RawClient::close);
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
        TestBed.await("one socket", () -> bed.relay().server().socketCount() == 1);
        TestBed.await("one connection", () -> bed.relay().status().connections() == 1);
    }

    private void start(final UnaryOperator<LimitsConfig.Builder> change) throws IOException
    {
        bed = TestBed.start(mode, config -> config.limits(change.apply(config.limits().toBuilder()).build()));
    }

    private String refusalOf(final String request) throws IOException
    {
        try (RawClient client = RawClient.open(bed.address()))
        {
            client.send(request);
            final String head = client.readHead();
            client.awaitEnd();
            return head.substring(0, head.indexOf('\r'));
        }
    }

    private static String call(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[" + id + "]}";
    }

    private static String echo(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[" + id + "]}";
    }
}
