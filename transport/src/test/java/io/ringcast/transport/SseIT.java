package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a stream of server-sent events carries, and how. Confined to the test thread. */
class SseIT extends SseBed
{
    private static final String ADDRESS = "0x" + "ab".repeat(20);
    private static final String TOPIC = "0x" + "cd".repeat(32);

    @Test
    void shouldSendTheSameBytesAsAWebSocketWithTheirNumber() throws IOException
    {
        start();
        final RawClient other = bed.client();
        final String id = other.subscribe("[\"newHeads\"]");
        try (Stream stream = open("/sse?sub=newHeads"); Stream second = open("/sse?sub=newHeads"))
        {
            assertEquals("text/event-stream", stream.head().header("content-type"));
            assertEquals("no-store", stream.head().header("cache-control"));
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
    void shouldEndTheBodyWhenTheRelayStops() throws IOException
    {
        start();
        try (Stream stream = open("/sse?sub=newHeads"))
        {
            stream.next();
            bed.relay().close();
            assertEquals("", stream.next());
            assertTrue(stream.talk().isEnded());
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

    private static String log(final String address)
    {
        return "{\"address\":\"" + address + "\",\"topics\":[\"" + TOPIC + "\",\"" + TOPIC + "\",\"" + TOPIC +
            "\"],\"data\":\"0x\"}";
    }
}
