package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** JSON-RPC over HTTP: what is answered, and with which status. */
class HttpIT extends HttpBed
{
    @Test
    void shouldAnswerCallsAndBatchesOnOneConnection() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            final HttpTalk.Response single = talk.call(call("1"));
            assertEquals(200, single.status());
            assertEquals("application/json", single.header("content-type"));
            assertEquals("keep-alive", single.header("connection"));
            assertNull(single.header("access-control-allow-origin"));
            assertEquals(answer("1"), single.text());
            assertEquals(answer("1.0"), talk.call(call("1.0")).text());
            assertEquals("[" + answer("\"b\"") + "," + answer("null") + "]",
                talk.call(" [" + call("\"b\"") + "," + call("null") + "] ").text());
        }
        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 1);
        bed.assertCount(RelayCounter.HTTP_REQUESTS, 3);
        bed.assertCount(RelayCounter.CONNECTIONS_OPENED, 1);
        assertEquals(0, bed.relay().status().connections());
    }

    /** geth's statuses: an error of JSON-RPC is a 200. */
    @Test
    void shouldAnswerErrorsWith200() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            for (final String text : List.of("{broken", "", "\u0000"))
            {
                final HttpTalk.Response broken = talk.call(text);
                assertEquals(200, broken.status());
                assertTrue(broken.text().startsWith("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,"),
                    broken.text());
            }
            assertTrue(talk.call("[]").text().contains("-32600"));
            assertTrue(talk.call("{\"id\":1}").text().contains("-32600"));
        }
    }

    @Test
    void shouldRefuseSubscriptionsAsGethDoes() throws IOException
    {
        start();
        final String subscribe =
            "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
        final String refusal =
            "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32601,\"message\":\"notifications not supported\"}}";
        try (HttpTalk talk = talk())
        {
            assertEquals(refusal, talk.call(subscribe).text());
            assertEquals("[" + answer("1") + "," + refusal + "]",
                talk.call("[" + call("1") + "," + subscribe + "]").text());
            assertTrue(talk.call("{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"eth_unsubscribe\",\"params\":[\"0x1\"]}")
                .text().contains("-32000,\"message\":\"subscription not found\""));
        }
        assertEquals(0, bed.relay().status().subscriptions());
    }

    @Test
    void shouldAnswerEmptyWhenNothingIsOwed() throws Exception
    {
        start();
        final String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"tell\",\"params\":[]}";
        try (HttpTalk talk = talk())
        {
            for (final String text : List.of(
                notification, "[" + notification + "," + notification + "]",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":2}]"))
            {
                final HttpTalk.Response empty = talk.call(text);
                assertEquals(200, empty.status());
                assertEquals("", empty.text());
            }
            assertEquals(answer("1"), talk.call(call("1")).text());
        }
        bed.upstream().awaitCall("tell");
    }

    /** Answers come back in the order of the requests, though the node answers the second first. */
    @Test
    void shouldAnswerInOrderWhenRequestsComeAtOnce() throws Exception
    {
        start();
        final List<FakeUpstream.Request> stalled = new ArrayList<>();
        bed.upstream().on("stall", stalled::add);
        try (HttpTalk talk = talk())
        {
            final StringBuilder all = new StringBuilder(request("", call("1").replace("echo", "stall")));
            for (int i = 2; i <= 50; i++)
            {
                all.append(request("", call(String.valueOf(i))));
            }
            talk.send(all.toString());
            bed.upstream().awaitCall("stall").answer("[\"late\"]");

            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"late\"]}", talk.read().text());
            for (int i = 2; i <= 50; i++)
            {
                assertEquals(answer(String.valueOf(i)), talk.read().text());
            }
        }
    }

    @Test
    void shouldTakeAChunkedBodyByteByByte() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            talk.send("POST /?key=x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=utf-8\r\n" +
                "Transfer-Encoding: chunked\r\n\r\n");
            for (final byte one : call("1").getBytes(StandardCharsets.UTF_8))
            {
                talk.send("1\r\n" + (char)one + "\r\n");
            }
            talk.send("0\r\n\r\n");

            assertEquals(answer("1"), talk.read().text());
            assertEquals(answer("2"), talk.call(call("2")).text());
        }
    }

    @Test
    void shouldSayContinueWhenExpected() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            final String body = call("1");
            talk.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n" +
                "Content-Length: " + body.length() + "\r\n\r\n");
            assertEquals(100, talk.readHead().status());
            talk.send(body);
            assertEquals(answer("1"), talk.read().text());
        }
    }

    @Test
    void shouldCompressOnRequestWhateverTheLength() throws IOException
    {
        start();
        bed.upstream().on("long", request -> request.answer(
            "\"" + "0123456789abcdef".repeat(Integer.parseInt(request.params().replaceAll("\\D", ""))) + "\""));
        try (HttpTalk talk = talk())
        {
            for (final int repeats : new int[]{100, 1_000, 1_010, 20_000, 200_000})
            {
                final String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"long\",\"params\":[" + repeats + "]}";
                talk.post("/", "", text);
                final HttpTalk.Response plain = talk.read();
                talk.post("/", "Accept-Encoding: br, gzip;q=0.8\r\n", text);
                final HttpTalk.Response compressed = talk.read();
                talk.post("/", "Accept-Encoding: gzip;q=0, identity\r\n", text);
                final HttpTalk.Response refused = talk.read();

                assertNull(plain.header("content-encoding"));
                assertEquals("gzip", compressed.header("content-encoding"));
                assertTrue(compressed.body().length < plain.body().length / 2);
                assertEquals(plain.text(), unzip(compressed.body()));
                assertEquals(plain.text(), refused.text());
            }
            talk.post("/", "Accept-Encoding: gzip\r\n", call("1"));
            assertEquals(answer("1"), talk.read().text(), "too short to be worth it");
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldDescribeTheNetworkWhenAskedWithGet() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            talk.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            final HttpTalk.Response described = talk.read();

            assertEquals(200, described.status());
            assertEquals("application/json", described.header("content-type"));
            assertTrue(described.text().contains("\"network\":\"main\",\"path\":\"/\""), described.text());
            assertTrue(described.text().contains("\"upstreams\":[{\"name\":\"upstream-1\",\"up\":true}]"));
            assertFalse(described.text().contains("127.0.0.1"), "where the node is is nobody's business");
            assertEquals(answer("1"), talk.call(call("1")).text());
        }
    }

    @Test
    void shouldRefuseWithTheRightStatus() throws IOException
    {
        start(limits -> limits.messageBytes(2_048), doors -> doors);
        final String json = "Content-Type: application/json\r\n";

        assertEquals(404, status("POST /other HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: 2\r\n\r\n{}"));
        assertEquals(405, status("PUT / HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: 2\r\n\r\n{}"));
        assertEquals(405, status("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertEquals(400, status("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
        assertEquals(415, status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"));
        assertEquals(415, status(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"));
        assertEquals(415, status("POST / HTTP/1.1\r\nHost: a\r\n" + json +
            "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"));
        assertEquals(413, status("POST / HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: 2049\r\n\r\n"));
        assertEquals(413, status("POST / HTTP/1.1\r\nHost: a\r\n" + json + "Transfer-Encoding: chunked\r\n\r\n" +
            "801\r\n" + "x".repeat(2_049) + "\r\n"));
        assertEquals(417, status(
            "POST / HTTP/1.1\r\nHost: a\r\n" + json + "Expect: cake\r\nContent-Length: 2\r\n\r\n{}"));
        assertEquals(400, status("POST / HTTP/1.1\r\nHost: a\r\n" + json + "Content-Length: x\r\n\r\n{}"));
        assertEquals(400, status("POST / HTTP/1.1\r\nHost: a\r\n" + json +
            "Transfer-Encoding: chunked\r\n\r\nnot a length\r\n"));
        assertEquals(400, status("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(9_000) + "\r\n\r\n"));
        assertTrue(bed.count(RelayCounter.HTTP_REFUSALS) >= 10);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(0, bed.relay().server().unfinishedBytes());
    }

    @Test
    void shouldLetNoPageInUnlessItsOriginIsAllowed() throws IOException
    {
        start(limits -> limits, doors -> doors.httpOrigins(List.of("https://good.example")));
        final String preflight = "Access-Control-Request-Method: POST\r\nOrigin: ";

        final HttpTalk.Response good =
            HttpTalk.ask(bed.address(), "OPTIONS", "/", preflight + "https://good.example\r\n");
        assertEquals(204, good.status());
        assertEquals("https://good.example", good.header("access-control-allow-origin"));
        assertTrue(good.header("access-control-allow-methods").contains("POST"));
        assertTrue(good.header("vary").toLowerCase().contains("origin"));

        final HttpTalk.Response evil =
            HttpTalk.ask(bed.address(), "OPTIONS", "/", preflight + "https://evil.example\r\n");
        assertEquals(204, evil.status());
        assertNull(evil.header("access-control-allow-origin"));

        try (HttpTalk talk = talk())
        {
            talk.post("/", "Origin: https://good.example\r\n", call("1"));
            assertEquals("https://good.example", talk.read().header("access-control-allow-origin"));
        }
    }

    @Test
    void shouldAnswerHttp10AndHangUp() throws IOException
    {
        start();
        try (HttpTalk talk = talk())
        {
            talk.send("POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " + call("1").length() +
                "\r\n\r\n" + call("1"));

            assertEquals(answer("1"), talk.read().text());
            assertTrue(talk.isEnded());
        }
    }

    private int status(final String request) throws IOException
    {
        try (HttpTalk talk = talk())
        {
            talk.send(request);
            final HttpTalk.Response response = talk.read();
            assertEquals("close", response.header("connection"));
            assertTrue(talk.isEnded());
            return response.status();
        }
    }

    private static String unzip(final byte[] compressed) throws IOException
    {
        return new String(
            new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
