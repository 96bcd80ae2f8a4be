package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Streams of server-sent events. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class SseIT
{
    private static final String ADDRESS = "0x" + "ab".repeat(20);
    private static final String TOPIC = "0x" + "cd".repeat(32);

    @Parameter
    private Mode mode;
    private TestBed bed;

    /** A stream, event by event. */
    private record Stream(HttpTalk talk, HttpTalk.Response head) implements AutoCloseable
    {
        /** Reads up to the blank line that ends an event or a comment; chunks hold whole ones. */
        String next() throws IOException
        {
            return new String(talk.readChunk(), StandardCharsets.UTF_8);
        }

        @Override
        public void close()
        {
            talk.close();
        }
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
    void shouldSendTheSameBytesAsAWebSocketWithTheirNumber() throws IOException
    {
        start();
        final RawClient other = bed.client();
        final String id = other.subscribe("[\"newHeads\"]");
        try (Stream stream = open("/sse?sub=newHeads"); Stream second = open("/sse?sub=newHeads"))
        {
            assertEquals("text/event-stream", stream.head.header("content-type"));
            assertEquals("no-store", stream.head.header("cache-control"));
            final String greeting = "retry: 1000\n\nevent: subscribed\n" +
                "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + id + "\"}\n\n";
            final String start = stream.next();
            assertTrue(start.startsWith(greeting) && start.substring(greeting.length())
                .matches("id: [0-9a-z]{7}\\.0\n\n"), start);
            assertEquals(start, second.next());

            String epoch = null;
            for (int i = 1; i <= 300; i++)
            {
                bed.upstream().publish("newHeads", head(i));
            }
            for (int i = 1; i <= 300; i++)
            {
                final String item = FakeUpstream.item(id, head(i));
                assertEquals(item, other.readText());
                final String event = stream.next();
                assertEquals(event, second.next());
                final String[] lines = event.split("\n");
                assertTrue(lines[0].matches("id: [0-9a-z]{7}\\." + i), event);
                epoch = epoch == null ? lines[0].substring(4, 11) : epoch;
                assertEquals("id: " + epoch + '.' + i, lines[0]);
                assertEquals("event: eth_subscription", lines[1]);
                assertEquals("data: " + item, lines[2]);
                assertTrue(event.endsWith("}}\n\n"));
            }
            bed.awaitCount(RelayCounter.DELIVERIES, 900);
        }
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 2);
        bed.assertCount(RelayCounter.SSE_STREAMS, 2);
        TestBed.await("one socket", () -> bed.relay().server().socketCount() == 1);
    }

    @Test
    void shouldCarrySeveralSubscriptionsWithTheirFilters() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=newHeads&sub=logs&address=" + ADDRESS + "&topics=" + TOPIC + "%7C" + TOPIC +
            ",,&sub=newPendingTransactions&full=true"))
        {
            final String greeting = stream.next();
            final List<String> ids = greeting.lines().filter(line -> line.startsWith("data: "))
                .map(line -> line.replaceAll(".*\"(0x[0-9a-f]{32})\".*", "$1")).toList();
            assertEquals(3, ids.size());

            bed.upstream().publish("newHeads", head(1));
            assertTrue(stream.next().contains(FakeUpstream.item(ids.get(0), head(1))));
            bed.upstream().publish("logs", log("0x" + "11".repeat(20)));
            bed.upstream().publish("logs", log(ADDRESS));
            assertTrue(stream.next().contains(FakeUpstream.item(ids.get(1), log(ADDRESS))));
            bed.upstream().publish("newPendingTransactions", "{\"hash\":\"0x1\"}");
            assertTrue(stream.next().contains(FakeUpstream.item(ids.get(2), "{\"hash\":\"0x1\"}")));
        }
    }

    /** White space in an item may hold line breaks, which end a field. */
    @Test
    void shouldKeepItemsWholeWhenTheyHoldLineBreaks() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=newHeads"))
        {
            stream.next();
            bed.upstream().publish("newHeads", "{\r\n\"number\":\n\n\"0x1\"}");

            final StringBuilder data = new StringBuilder();
            for (final String line : stream.next().split("\n"))
            {
                assertTrue(line.startsWith("id: ") || line.startsWith("event: ") || line.startsWith("data: "), line);
                if (line.startsWith("data: "))
                {
                    data.append(data.isEmpty() ? "" : "\n").append(line.substring(6));
                }
            }
            assertTrue(data.toString().endsWith("\"result\":{\n\n\"number\":\n\n\"0x1\"}}}"), data.toString());
        }
    }

    @Test
    void shouldSayThatNothingIsResumedGivenAnEventThatIsNotKnown() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=newHeads", "Last-Event-ID: m3fabcd.88121\r\n");
            Stream odd = open("/sse?sub=newHeads", "Last-Event-ID: \"}{\r\n");
            Stream fresh = open("/sse?sub=newHeads"))
        {
            assertTrue(stream.next().startsWith("retry: 1000\n\n" +
                "event: gap\ndata: {\"resumed\":false,\"lastEventId\":\"m3fabcd.88121\"}\n\n" +
                "event: subscribed\n"));
            assertTrue(odd.next().contains("\"lastEventId\":null"));
            assertFalse(fresh.next().contains("gap"));
        }
    }

    @Test
    void shouldGoOnBehindTheLastEventThatWasRead() throws IOException
    {
        start();
        String lastEvent;
        try (Stream stream = open("/sse?sub=newHeads"); Stream other = open("/sse?sub=newHeads"))
        {
            stream.next();
            other.next();
            for (int i = 1; i <= 5; i++)
            {
                bed.upstream().publish("newHeads", head(i));
                other.next();
            }
            stream.next();
            lastEvent = idOf(stream.next());
            assertTrue(lastEvent.endsWith(".2"), lastEvent);
            try (Stream again = open("/sse?sub=newHeads", "Last-Event-ID: " + lastEvent + "\r\n"))
            {
                assertEquals(lastEvent, idOf(again.next()));
                final StringBuilder missed = new StringBuilder();
                while (!missed.toString().contains(head(5)))
                {
                    missed.append(again.next());
                }
                assertEquals(3, missed.toString().split("event: eth_subscription", -1).length - 1, missed.toString());
                bed.upstream().publish("newHeads", head(6));
                assertTrue(again.next().contains(head(6)));
                assertTrue(other.next().contains(head(6)));
            }
        }
    }

    @Test
    void shouldGoOnInEachSubscriptionGivenSeveral() throws IOException
    {
        start();
        final String url = "/sse?sub=newHeads&sub=newPendingTransactions";
        try (Stream stream = open(url); Stream other = open("/sse?sub=newHeads"))
        {
            final String start = idOf(stream.next());
            assertTrue(start.matches("[0-9a-z]{7}\\.[0-9]+-[0-9]+"), start);
            other.next();
            bed.upstream().publish("newHeads", head(1));
            final String first = idOf(stream.next());
            bed.upstream().publish("newPendingTransactions", "\"0x01\"");
            stream.next();
            bed.upstream().publish("newHeads", head(2));
            stream.next();
            other.next();
            other.next();

            try (Stream again = open(url, "Last-Event-ID: " + first + "\r\n"))
            {
                final StringBuilder missed = new StringBuilder(again.next());
                assertFalse(missed.toString().contains("gap"), missed.toString());
                while (!missed.toString().contains(head(2)) || !missed.toString().contains("\"0x01\""))
                {
                    missed.append(again.next());
                }
                assertFalse(missed.toString().contains(head(1)), missed.toString());
            }
        }
    }

    /** The id that a browser would remember. */
    private static String idOf(final String events)
    {
        return events.substring(events.lastIndexOf("id: ") + 4).lines().findFirst().orElseThrow();
    }

    @Test
    void shouldSendCommentsWhileNothingHappens() throws IOException
    {
        start(limits -> limits, doors -> doors.sseHeartbeatMs(1));
        try (Stream stream = open("/sse?sub=newHeads"))
        {
            stream.next();
            assertEquals(":\n\n", stream.next());
            assertEquals(":\n\n", stream.next());
        }
    }

    @Test
    void shouldRefuseWithAStatusBeforeTheStreamBegins() throws IOException
    {
        start(limits -> limits.subscriptionsPerConnection(2), doors -> doors);
        bed.upstream().on("eth_subscribe", request ->
        {
            if (request.params().contains("foo"))
            {
                request.fail(-32601, "no \\\"foo\\\" subscription in eth namespace");
            }
            else
            {
                request.answer("\"0x1\"");
            }
        });

        assertEquals(404, get("/sse?sub=foo").status());
        assertTrue(get("/sse?sub=newHeads&sub=foo").text().contains("no \\\"foo\\\" subscription"));
        assertEquals(503, get("/sse?sub=newHeads&sub=newHeads&sub=newHeads").status());
        assertEquals(400, get("/sse?sub=logs&address=0x12").status(), "not an address");
        for (final String query : List.of(
            "", "?", "?sub", "?sub=", "?sub=a%22b", "?adress=" + ADDRESS, "?sub=newHeads&address=" + ADDRESS,
            "?sub=logs&address=zz", "?sub=logs&topics=0x1|zz", "?sub=logs&full=true", "?sub=logs&topics=0x1&topics=0x2",
            "?sub=newHeads%zz", "?sub=newHeads&key=%00"))
        {
            final HttpTalk.Response refusal = get("/sse" + query);
            assertEquals(400, refusal.status(), query);
            assertTrue(refusal.text().contains("allowed: sub=KIND") || refusal.text().contains("malformed"),
                refusal.text());
        }
        assertEquals(404, get("/other/sse?sub=newHeads").status());
        assertEquals(405, HttpTalk.ask(bed.address(), "POST", "/sse?sub=newHeads", "").status());
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        TestBed.await("no subscription", () -> bed.relay().status().subscriptions() == 0);
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldFollowACallOnTheSameConnection() throws IOException
    {
        start();
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            assertEquals(200, talk.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}").status());
            talk.send("GET /sse/?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(404, talk.read().status(), "a slash behind it is another path");
        }
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}");
            talk.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, talk.readHead().status());
            talk.readChunk();
            bed.upstream().publish("newHeads", head(1));
            assertTrue(new String(talk.readChunk(), StandardCharsets.UTF_8).contains(head(1)));
        }
    }

    @Test
    void shouldStreamWithoutChunksOverHttp10() throws IOException
    {
        start();
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("GET /sse?sub=newHeads HTTP/1.0\r\n\r\n");
            final HttpTalk.Response head = talk.readHead();
            assertNull(head.header("transfer-encoding"));
            assertEquals("retry: 1000", talk.readLine());
            bed.upstream().publish("newHeads", head(1));
            String line = talk.readLine();
            while (!line.startsWith("event: eth_subscription"))
            {
                line = talk.readLine();
            }
            assertTrue(talk.readLine().startsWith("data: "));
        }
    }

    @Test
    void shouldCutWhoDoesNotReadAndServeTheOthers() throws IOException
    {
        start(limits -> limits.writeBufferBytes(64 * 1024), doors -> doors);
        try (HttpTalk slow = HttpTalk.open(bed.address(), 4_096); Stream good = open("/sse?sub=newHeads"))
        {
            slow.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            bed.awaitCount(RelayCounter.SUBSCRIBES, 2);
            good.next();
            final String large = "\"" + "x".repeat(100_000) + "\"";
            for (int i = 0; bed.count(RelayCounter.CLOSED_SLOW) == 0; i++)
            {
                assertTrue(i < 1_000, "it is never cut");
                bed.upstream().publish("newHeads", large);
                assertTrue(good.next().contains(large));
            }
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
    }

    @Test
    void shouldCutWhoTalksInsteadOfListening() throws IOException
    {
        start();
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            talk.readHead();
            talk.readChunk();
            try
            {
                talk.send("x".repeat(200_000));
            }
            catch (final IOException ignored)
            {
                // Cut in the middle of it.
            }
            assertTrue(talk.isEnded());
        }
    }

    @Test
    void shouldEndTheBodyWhenTheRelayStops() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=newHeads"))
        {
            stream.next();
            bed.relay().close();
            assertEquals("", stream.next());
            assertTrue(stream.talk.isEnded());
        }
    }

    @Test
    void shouldLetInPagesOfAllowedOriginsOnly() throws IOException
    {
        start(limits -> limits, doors -> doors.httpOrigins(List.of("*")));
        try (Stream stream = open("/sse?sub=newHeads", "Origin: https://a.example\r\n"))
        {
            assertEquals("*", stream.head.header("access-control-allow-origin"));
        }
    }

    @Test
    void shouldServeCurl() throws Exception
    {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "this machine has no curl");
        start();
        final Process curl = new ProcessBuilder("/usr/bin/curl", "-sN",
            "http://127.0.0.1:" + bed.address().getPort() + "/sse?sub=newHeads&sub=logs&address=" + ADDRESS).start();
        try (BufferedReader lines = curl.inputReader(StandardCharsets.UTF_8))
        {
            final List<String> seen = new ArrayList<>();
            bed.awaitCount(RelayCounter.SUBSCRIBES, 2);
            bed.upstream().publish("newHeads", head(1));
            bed.upstream().publish("logs", log(ADDRESS));
            while (seen.stream().filter(line -> line.startsWith("id: ")).count() < 3 || !seen.get(seen.size() - 1)
                .startsWith("data: "))
            {
                seen.add(lines.readLine());
            }
            assertEquals("retry: 1000", seen.get(0));
            assertTrue(seen.stream().anyMatch(line -> line.startsWith("data: ") && line.contains(head(1))));
            assertTrue(seen.get(seen.size() - 1).contains(ADDRESS));
        }
        finally
        {
            curl.destroy();
        }
    }

    @Test
    void shouldBeginWithAnOldBlockAndGoOnBehindThePlaceThatWhoComesBackHadReadTo() throws IOException
    {
        start();
        bed.upstream().on("eth_getBlockByNumber", call -> call.answer(block(3)));
        bed.upstream().on("eth_getBlockByHash", call -> call.answer(block(
            IntStream.range(0, 10).filter(i -> call.params().contains(SessionIT.hash(i))).findFirst().orElseThrow())));
        String lastEvent = null;
        try (Stream stream = open("/sse?sub=newHeads&fromBlock=0x1&sub=relay_status"))
        {
            final String start = stream.next();
            assertTrue(idOf(start).contains(".past-"), start);
            for (int i = 1; i <= 3; i++)
            {
                final String event = nextOf(stream, "parentHash");
                assertTrue(event.contains(block(i)), event);
                lastEvent = idOf(event);
                assertTrue(lastEvent.matches(
                    "[0-9a-z]{7}\\." + i + ':' + SessionIT.hash(i).substring(2, 18) + ":0-[0-9]+"), event);
            }
            // The first head that is published shows where to join, and is read as well.
            bed.upstream().publish("newHeads", block(4));
            final String seam = nextOf(stream, "parentHash");
            assertTrue(seam.contains(block(4)) && idOf(seam).contains(".4:"), seam);
            // What only this stream is told has no number, and leaves the client where it was.
            assertEquals("event: eth_subscription", nextOf(stream, "\"event\":\"live\"").split("\n")[0]);
            bed.upstream().publish("newHeads", block(5));
            final String live = nextOf(stream, "parentHash");
            assertTrue(live.contains(block(5)) && idOf(live).matches("[0-9a-z]{7}\\.[0-9]+-[0-9]+"), live);
        }
        goesOnWith(4, lastEvent);
        goesOnWith(1, lastEvent.replaceAll("\\..*-", ".past-"));
    }

    private void goesOnWith(final int number, final String lastEvent) throws IOException
    {
        try (Stream again = open(
            "/sse?sub=newHeads&fromBlock=0x1&sub=relay_status", "Last-Event-ID: " + lastEvent + "\r\n"))
        {
            final String start = again.next();
            assertTrue(!start.contains("event: gap") && idOf(start).equals(lastEvent), start);
            for (int i = number; i <= 5; i++)
            {
                final String event = nextOf(again, "parentHash");
                assertTrue(event.contains(block(i)), event);
            }
        }
    }

    @Test
    void shouldTellEachEmptyBlockGivenThatItHasTheNumberOfTheItemBefore() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=logs&relay.order=block&relay=emptyBlocks"))
        {
            stream.next();
            final RawClient other = bed.client();
            other.subscribe("[\"newHeads\"]");
            for (int i = 1; i <= 4; i++)
            {
                bed.upstream().publish("newHeads", block(i));
            }
            String last = nextOf(stream, "\"blk\"");
            for (int i = Integer.decode(last.replaceAll("(?s).*\"blk\":\"|\".*", "")) + 1; i <= 4; i++)
            {
                last = nextOf(stream, "\"blk\"");
                assertTrue(last.contains("\"blk\":\"0x" + i + '"'), last);
            }
        }
    }

    private static String nextOf(final Stream stream, final String part) throws IOException
    {
        String event = stream.next();
        while (!event.contains(part))
        {
            event = stream.next();
        }
        return event;
    }

    private static String block(final int number)
    {
        return "{\"parentHash\":\"" + SessionIT.hash(number - 1) + "\",\"logsBloom\":\"0x00\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + SessionIT.hash(number) + "\"}";
    }

    private Stream open(final String path) throws IOException
    {
        return open(path, "");
    }

    private Stream open(final String path, final String headers) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talk.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n" + headers + "\r\n");
        final HttpTalk.Response head = talk.readHead();
        assertEquals(200, head.status());
        return new Stream(talk, head);
    }

    private HttpTalk.Response get(final String path) throws IOException
    {
        return HttpTalk.get(bed.address(), path);
    }

    private void start() throws IOException
    {
        start(limits -> limits, doors -> doors);
    }

    private void start(
        final UnaryOperator<LimitsConfig.Builder> limits, final UnaryOperator<DoorsConfig.Builder> doors)
        throws IOException
    {
        bed = TestBed.start(mode, config -> config
            .limits(limits.apply(config.limits().toBuilder()).build())
            .doors(doors.apply(config.doors().toBuilder()).build()));
    }

    private static String head(final int number)
    {
        return "{\"number\":\"0x" + Integer.toHexString(number) + "\"}";
    }

    private static String log(final String address)
    {
        return "{\"address\":\"" + address + "\",\"topics\":[\"" + TOPIC + "\",\"" + TOPIC + "\",\"" + TOPIC +
            "\"],\"data\":\"0x\"}";
    }
}
