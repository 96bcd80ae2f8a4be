package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.stream.IntStream;

/** Where a stream of events begins: in the past, or where the last one ended. Confined to the test thread. */
class SseResumeIT extends SseBed
{
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
}
