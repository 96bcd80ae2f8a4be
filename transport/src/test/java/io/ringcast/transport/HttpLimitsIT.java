package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What HTTP costs at the most, and who is let go: the slow, the greedy, who leaves, and all when the relay stops. */
class HttpLimitsIT extends HttpBed
{
    @Test
    void shouldCutWhoSendsOrWaitsTooSlowly() throws IOException
    {
        start(limits -> limits, doors -> doors.httpRequestMs(150).httpIdleMs(1_000));
        try (HttpTalk slowBody = talk(); HttpTalk idle = talk(); HttpTalk slowSecond = talk())
        {
            slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
            assertEquals(answer("1"), idle.call(call("1")).text());
            assertEquals(answer("1"), slowSecond.call(call("1")).text());
            slowSecond.send("POST / HTTP/1.1\r\nHost:");

            assertEquals(408, slowBody.read().status());
            assertTrue(slowBody.isEnded());
            assertTrue(idle.isEnded());
            assertTrue(slowSecond.isEnded());
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(0, bed.relay().server().unfinishedBytes());
    }

    @Test
    void shouldCutWhoDoesNotReadItsAnswer() throws IOException
    {
        start(limits -> limits, doors -> doors.httpRequestMs(300));
        bed.upstream().on("long", request -> request.answer("\"" + "x".repeat(16_000_000) + "\""));
        final String ask = call("1").replace("echo", "long");
        try (HttpTalk plain = HttpTalk.open(bed.address(), 4_096);
            HttpTalk zipped = HttpTalk.open(bed.address(), 4_096))
        {
            plain.post("/", "", ask);
            bed.awaitCount(RelayCounter.CLOSED_SLOW, 1);
            zipped.post("/", "Accept-Encoding: gzip\r\n", ask);
            zipped.hangUp();
            TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        }
        TestBed.await("the budget", () -> bed.relay().server().unsentBytes() == 0);
    }

    @Test
    void shouldRefuseBodiesOverTheBudgetOfAll() throws IOException
    {
        start(limits -> limits.unfinishedBytes(256 * 1024), doors -> doors);
        final List<HttpTalk> greedy = new ArrayList<>();
        for (int i = 0; i < 40; i++)
        {
            final HttpTalk talk = talk();
            greedy.add(talk);
            talk.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
                "Content-Length: 30000000\r\n\r\n" + "x".repeat(20_000));
        }
        // Which of them it is depends on how far each loop has come.
        TestBed.await("an answer", () -> greedy.stream().anyMatch(HttpLimitsIT::isAnswered));

        assertEquals(503, greedy.stream().filter(HttpLimitsIT::isAnswered).findFirst().orElseThrow().read().status());
        assertTrue(bed.count(RelayCounter.CLOSED_OVERLOAD) >= 1);
        assertTrue(bed.relay().server().unfinishedBytes() <= 256 * 1024);
        greedy.forEach(HttpTalk::close);
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        try (HttpTalk talk = talk())
        {
            assertEquals(answer("1"), talk.call(call("1")).text());
        }
    }

    /** Parsed, a short request takes twenty times as much as on the wire, and waits for as long as the one before. */
    @Test
    void shouldCountRequestsThatWaitForTheAnswerToTheFirst() throws IOException
    {
        start(limits -> limits.unfinishedBytes(65_536), doors -> doors);
        final List<FakeUpstream.Request> stalled = new CopyOnWriteArrayList<>();
        bed.upstream().on("stall", stalled::add);
        final List<HttpTalk> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++)
        {
            final HttpTalk talk = talk();
            greedy.add(talk);
            talk.send(request("", call("1").replace("echo", "stall")));
        }
        TestBed.await("the calls", () -> stalled.size() == greedy.size());
        for (final HttpTalk talk : greedy)
        {
            talk.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
        }
        bed.awaitCount(RelayCounter.CLOSED_OVERLOAD, 1);

        TestBed.await("less than the budget", () -> bed.relay().server().unfinishedBytes() <= 65_536);
        stalled.forEach(request -> request.answer("[]"));
        TestBed.await("the budget", () -> bed.relay().server().unfinishedBytes() == 0);
        greedy.forEach(HttpTalk::close);
    }

    @Test
    void shouldForgetWhoHangsUpBeforeTheAnswer() throws Exception
    {
        start();
        bed.upstream().on("stall", request -> { });
        try (HttpTalk talk = talk())
        {
            talk.post("/", "Connection: close\r\n", call("1").replace("echo", "stall"));
            final FakeUpstream.Request stalled = bed.upstream().awaitCall("stall");
            talk.hangUp();
            stalled.answer("[1]");
        }
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldAnswerWhatIsOwedWhenTheRelayStops() throws Exception
    {
        start();
        bed.upstream().on("stall", request -> { });
        try (HttpTalk idle = talk(); HttpTalk waiting = talk())
        {
            assertEquals(answer("1"), idle.call(call("1")).text());
            waiting.post("/", "", call("1").replace("echo", "stall"));
            final FakeUpstream.Request stalled = bed.upstream().awaitCall("stall");
            // One on each loop: who is closed with a code is, when the loop has closed all that it closes.
            final List<RawClient> others = new ArrayList<>();
            for (int i = 0; i < mode.ioThreads(); i++)
            {
                others.add(bed.client());
            }
            final Thread closer = new Thread(() -> bed.relay().close());
            closer.start();

            assertTrue(idle.isEnded());
            for (final RawClient other : others)
            {
                assertEquals(1012, other.readClose());
                other.close();
            }
            stalled.answer("[1]");
            assertEquals(answer("1"), waiting.read().text());
            assertTrue(waiting.isEnded());
            closer.join();
        }
    }

    @Test
    void shouldLimitCallsOfOneConnection() throws IOException
    {
        start(limits -> limits.batchItems(2), doors -> doors);
        try (HttpTalk talk = talk())
        {
            assertTrue(talk.call("[" + call("1") + "," + call("2") + "," + call("3") + "]").text()
                .startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,"));
        }
    }

    private static boolean isAnswered(final HttpTalk talk)
    {
        try
        {
            return talk.hasBytes();
        }
        catch (final IOException e)
        {
            return false;
        }
    }
}
