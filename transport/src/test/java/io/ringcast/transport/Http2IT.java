package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;

/** Calls and streams of events over HTTP/2 without TLS. Confined to the test thread. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class Http2IT
{
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

    @Test
    void shouldAnswerEachAsSoonAsItCanGivenManyUnderWay() throws Exception
    {
        start();
        bed.upstream().on("hold", request -> { });
        try (Http2Talk talk = talk())
        {
            final int slow = talk.post("/", call("hold", "1"));
            final FakeUpstream.Request held = bed.upstream().awaitCall("hold");
            for (int i = 2; i < 50; i++)
            {
                final Http2Talk.Response answer = talk.readResponse(talk.post("/", call("echo", "1.0")));
                assertEquals(200, answer.status());
                assertEquals("application/json", answer.header("content-type"));
                assertNull(answer.header("connection"));
                assertEquals(answer("1.0"), answer.text());
            }
            final int batch = talk.post("/", "[" + call("echo", "null") + "," + call("echo", "\"a\"") + "]");
            assertEquals("[" + answer("null") + "," + answer("\"a\"") + "]", talk.readResponse(batch).text());
            held.answer("true");
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}", talk.readResponse(slow).text());
            assertTrue(talk.readResponse(talk.get("/")).text().startsWith("{\"relay\":\"ringcast\""));
        }
        bed.assertCount(RelayCounter.HTTP2_CONNECTIONS, 1);
        bed.awaitCount(RelayCounter.CONNECTIONS_CLOSED, 50);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        TestBed.await("no connection", () -> bed.relay().status().connections() == 0);
    }

    @Test
    void shouldStreamWhatHttp11StreamsAndGoOnBehindTheLastEvent() throws IOException
    {
        start();
        try (Http2Talk talk = talk(); HttpTalk old = HttpTalk.open(bed.address()))
        {
            final int stream = talk.get("/sse?sub=newHeads");
            final Http2Talk.Response head = talk.readHead(stream);
            assertEquals("text/event-stream", head.header("content-type"));
            assertEquals("no-store", head.header("cache-control"));
            assertNull(head.header("transfer-encoding"));
            old.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            old.readHead();
            final StringBuilder expected = new StringBuilder(text(old.readChunk()));
            talk.readUntil(stream, "\nid: ");

            for (int i = 1; i <= 100; i++)
            {
                bed.upstream().publish("newHeads", head(i));
                expected.append(text(old.readChunk()));
            }
            assertEquals(expected.toString(), talk.readUntil(stream, head(100) + "}}\n\n"));

            talk.reset(stream);
            final String last = expected.toString().replaceAll("(?s).*\\nid: (\\S+)\\.100\\n.*", "$1.98");
            final int again = talk.get("/sse?sub=newHeads", "last-event-id", last);
            final String missed = talk.readUntil(again, head(100) + "}}\n\n");
            assertEquals(2, missed.split("event: eth_subscription", -1).length - 1, missed);
            assertFalse(missed.contains("event: gap"), missed);
        }
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 3);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    /** Chunks are shared by many answers: one that waits must not keep the whole of one alive. */
    @Test
    void shouldKeepLittleMoreThanTheAnswersGivenManyThatWaitForTheWindow() throws IOException
    {
        start();
        bed.upstream().on("answer", request -> request.answer('"' + "x".repeat(60_000) + '"'));
        bed.upstream().on("other", request -> request.answer('"' + "x".repeat(100_000) + '"'));
        final RawClient others = bed.client();
        final int waiting = 90;
        final long before = TestBed.chunkBytes();
        try (Http2Talk talk = Http2Talk.open(bed.address(), 0))
        {
            for (int i = 0; i < waiting; i++)
            {
                talk.readHead(talk.post("/", call("answer", "1")));
                for (int other = 0; other < 3; other++)
                {
                    others.call(call("other", "1"));
                }
            }

            final long chunks = TestBed.chunkBytes() - before;
            assertTrue(chunks < waiting * 60_000L, () -> chunks + " bytes of chunks for " + waiting + " answers");
        }
    }

    @Test
    void shouldServeManyStreamsOfEventsOnOneSocket() throws IOException
    {
        start();
        try (Http2Talk talk = talk())
        {
            final List<Integer> streams = new ArrayList<>();
            for (int i = 0; i < 20; i++)
            {
                streams.add(talk.get("/sse?sub=newHeads"));
            }
            for (final int stream : streams)
            {
                talk.readUntil(stream, "\nid: ");
            }
            assertEquals(21, bed.relay().server().socketCount(), "each takes a place as a socket does");
            bed.upstream().publish("newHeads", head(7));
            for (final int stream : streams)
            {
                assertTrue(talk.readUntil(stream, head(7)).contains("event: eth_subscription"));
            }
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 20);
    }

    @Test
    void shouldEndBodiesAndSayGoodbyeWhenTheRelayStops() throws IOException
    {
        start();
        try (Http2Talk talk = talk())
        {
            final int stream = talk.get("/sse?sub=newHeads");
            talk.readUntil(stream, "\nid: ");

            bed.relay().close();

            assertNull(talk.readResponse(stream).resetCode());
            assertTrue(talk.isEnded());
        }
    }

    @Test
    void shouldRefuseARequestAndServeTheNext() throws IOException
    {
        start(limits -> limits.messageBytes(20_000), doors -> doors);
        try (Http2Talk talk = talk())
        {
            assertEquals(404, talk.readResponse(talk.get("/other")).status());
            assertEquals(400, talk.readResponse(talk.get("/sse?sub=a%22")).status());
            assertEquals(405, talk.readResponse(talk.request("PUT", "/", Http2Talk.END_STREAM)).status());
            final Http2Talk.Response head = talk.readResponse(talk.request("HEAD", "/", Http2Talk.END_STREAM));
            assertEquals(405, head.status());
            assertEquals("", head.text());
            assertEquals(403, talk.readResponse(talk.get("/", "origin", "https://evil.example")).status());
            assertEquals(415, talk.readResponse(
                talk.request("POST", "/", Http2Talk.END_STREAM, "content-type", "text/plain")).status());
            for (int i = 0; i < 10; i++)
            {
                final int large = talk.beginPost("/");
                talk.frame(Http2Talk.DATA, 0, large, new byte[16_000]);
                talk.frame(Http2Talk.DATA, 0, large, new byte[16_000]);
                assertEquals(413, talk.readResponse(large).status());
            }
            assertEquals(answer("1"), talk.readResponse(talk.post("/", call("echo", "1"))).text());
        }
        bed.assertCount(RelayCounter.HTTP_REFUSALS, 16);
        assertEquals(0, bed.count(RelayCounter.HTTP2_VIOLATIONS));
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
    }

    @Test
    void shouldSendLargeAnswersPlainAndCompressed() throws IOException
    {
        start();
        final String large = "\"" + "0123456789abcdef".repeat(20_000) + "\"";
        bed.upstream().on("large", request -> request.answer(large));
        final String expected = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + large + "}";
        try (Http2Talk talk = talk())
        {
            final Http2Talk.Response plain = talk.readResponse(talk.post("/", call("large", "1")));
            assertEquals(expected, plain.text());
            assertEquals(Integer.toString(expected.length()), plain.header("content-length"));
            final Http2Talk.Response gzip =
                talk.readResponse(talk.post("/", call("large", "1"), "accept-encoding", "gzip"));
            assertEquals("gzip", gzip.header("content-encoding"));
            assertEquals(expected, text(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes()));
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldCutTheStreamThatIsNotReadAndServeTheOthersOfItsSocket() throws IOException
    {
        start(limits -> limits.writeBufferBytes(64 * 1024), doors -> doors);
        // No stream may send anything until its window is widened.
        try (Http2Talk talk = Http2Talk.open(bed.address(), 0); Http2Talk good = talk())
        {
            final int stuck = talk.get("/sse?sub=newHeads");
            talk.readHead(stuck);
            final int other = good.get("/sse?sub=newHeads");
            good.readUntil(other, "\nid: ");
            final String large = "\"" + "x".repeat(20_000) + "\"";
            for (int i = 1; bed.count(RelayCounter.CLOSED_SLOW) == 0; i++)
            {
                assertTrue(i < 100, "it is never cut");
                bed.upstream().publish("newHeads", large.replace("\"x", "\"" + i + "x"));
                good.readUntil(other, "\"" + i + "x");
            }
            assertEquals(8, talk.readResponse(stuck).resetCode(), "CANCEL");
            // The socket itself goes on.
            assertEquals(404, talk.readHead(talk.get("/other")).status());
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldCutAnAnswerThatIsNotReadForLong() throws IOException
    {
        start(limits -> limits, doors -> doors.httpRequestMs(300));
        bed.upstream().on("large", request -> request.answer("\"" + "x".repeat(200_000) + "\""));
        try (Http2Talk talk = Http2Talk.open(bed.address(), 1_000))
        {
            assertEquals(8, talk.readResponse(talk.post("/", call("large", "1"))).resetCode());
        }
        bed.assertCount(RelayCounter.CLOSED_SLOW, 1);
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldEndASocketWithoutRequests() throws IOException
    {
        start(limits -> limits, doors -> doors.httpIdleMs(300));
        try (Http2Talk talk = talk(); Http2Talk busy = talk())
        {
            busy.readUntil(busy.get("/sse?sub=newHeads"), "\nid: ");
            assertEquals(0, talk.readGoAway(), "NO_ERROR");
            assertTrue(talk.isEnded());
            assertEquals(200, busy.readHead(busy.get("/")).status());
        }
    }

    @Test
    void shouldSpeakOnlyHttp11GivenNoStreams() throws IOException
    {
        start(limits -> limits, doors -> doors.http2Streams(0));
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertTrue(talk.read().status() >= 400);
        }
        assertEquals(0, bed.count(RelayCounter.HTTP2_CONNECTIONS));
    }

    private Http2Talk talk() throws IOException
    {
        return Http2Talk.open(bed.address());
    }

    private void start() throws IOException
    {
        start(limits -> limits, doors -> doors);
    }

    private void start(
        final UnaryOperator<LimitsConfig.Builder> limits, final UnaryOperator<DoorsConfig.Builder> doors)
        throws IOException
    {
        bed = TestBed.start(mode, limits, doors);
    }

    private static String call(final String method, final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[7]}";
    }

    private static String answer(final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[7]}";
    }

    private static String head(final int number)
    {
        return "{\"number\":\"0x" + Integer.toHexString(number) + "\"}";
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
