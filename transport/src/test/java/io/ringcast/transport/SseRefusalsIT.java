package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** Whom a stream of server-sent events is refused, and who is cut off. Confined to the test thread. */
class SseRefusalsIT extends SseBed
{
    private static final String ADDRESS = "0x" + "ab".repeat(20);

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
    void shouldLetInPagesOfAllowedOriginsOnly() throws IOException
    {
        start(limits -> limits, doors -> doors.httpOrigins(List.of("*")));
        try (Stream stream = open("/sse?sub=newHeads", "Origin: https://a.example\r\n"))
        {
            assertEquals("*", stream.head().header("access-control-allow-origin"));
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

    private HttpTalk.Response get(final String path) throws IOException
    {
        return HttpTalk.get(bed.address(), path);
    }
}
