package io.ringcast.transport;

import static io.ringcast.transport.RawClient.BINARY;
import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Each bad manner at each door, by a crowd: what the crowd gets is what the documents say, the good clients at all
 * doors go on as if nothing were, memory stays within its bounds, and nothing of the crowd is left.
 */
class HostileInputIT
{
    private static final int CROWD = 20;
    private static final long BUDGET_BYTES = 2 * 1024 * 1024;
    private static final int MESSAGE_BYTES = 256 * 1024;
    private static final int BATCH_ITEMS = 100;
    /** Chunks, read buffers and all else beside the budgets, which a crowd must not be able to raise. */
    private static final long MEMORY_BYTES = 64L * 1024 * 1024;
    private static final long PATIENCE_MS = 10_000;
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private static final String LARGE = "\"" + "x".repeat(50_000) + "\"";
    private static final byte[] NO_UTF8 =
        {'[', '"', (byte)0xC0, (byte)0x80, (byte)0xED, (byte)0xA0, (byte)0x80, '"', ']'};

    /** One of the crowd: it has done its worst, and can tell whether it got what it deserves. */
    interface Fate
    {
        void check() throws IOException;
    }

    /** What one of the crowd does. */
    interface Deed
    {
        Fate commit(TestBed bed, Path ipc) throws IOException;
    }

    /** A deed by its name. */
    record Case(String name, Deed deed)
    {
        @Override
        public String toString()
        {
            return name;
        }
    }

    static List<Case> cases()
    {
        final List<Case> cases = new ArrayList<>();
        webSocketCases(cases);
        httpCases(cases);
        sseCases(cases);
        ipcCases(cases);
        cases.addAll(HostileHttp2Cases.all(batch(), NO_UTF8));
        return cases;
    }

    private static void webSocketCases(final List<Case> cases)
    {
        cases.add(new Case("a WebSocket handshake that never ends", (bed, ipc) ->
            http(bed, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnec", 408)));
        cases.add(new Case("a WebSocket handshake with huge headers", (bed, ipc) ->
            http(bed, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n" + "A: b\r\n".repeat(5_000) + "\r\n", 400)));
        cases.add(new Case("text that is not UTF-8", (bed, ipc) -> webSocket(bed, FIN | TEXT, NO_UTF8, 1007)));
        cases.add(new Case("binary that is not UTF-8", (bed, ipc) ->
            webSocketAnswered(bed, FIN | BINARY, NO_UTF8, "-32700")));
        cases.add(new Case("an oversized batch on a WebSocket", (bed, ipc) ->
            webSocketAnswered(bed, FIN | TEXT, batch().getBytes(), "-32600")));
        cases.add(new Case("a compression bomb", (bed, ipc) ->
        {
            final RawClient client = bed.add(RawClient.open(bed.address()));
            client.offerDeflate("permessage-deflate");
            client.sendDeflated(new byte[50 * MESSAGE_BYTES]);
            return () -> assertEquals(1009, client.readClose());
        }));
        cases.add(new Case("an oversized message", (bed, ipc) ->
            webSocket(bed, FIN | TEXT, new byte[MESSAGE_BYTES + 1], 1009)));
        cases.add(new Case("a message that trickles", (bed, ipc) ->
        {
            final RawClient client = bed.add(RawClient.connect(bed.address()));
            client.send(RawClient.announcement(FIN | TEXT, MESSAGE_BYTES));
            for (int i = 0; i < 100; i++)
            {
                client.send("x");
            }
            return hangingUp(client::close);
        }));
        cases.add(new Case("a WebSocket that is half open", (bed, ipc) ->
        {
            final RawClient client = bed.add(RawClient.connect(bed.address()));
            client.sendText(GoodClients.SUBSCRIBE);
            client.shutdownOutput();
            return client::awaitEnd;
        }));
        cases.add(new Case("an idle WebSocket", (bed, ipc) ->
            hangingUp(bed.add(RawClient.connect(bed.address()))::close)));
    }

    private static void httpCases(final List<Case> cases)
    {
        cases.add(new Case("a request that never ends", (bed, ipc) ->
            http(bed, POST + "Content-Length: 9\r\n\r\n{", 408)));
        cases.add(new Case("a second request that never ends", (bed, ipc) ->
        {
            final HttpTalk talk = HttpTalk.open(bed.address());
            assertEquals(GoodClients.answer(1), talk.call(GoodClients.call(1)).text());
            talk.send(POST + "Content-Le");
            return ended(talk);
        }));
        cases.add(new Case("a request with huge headers", (bed, ipc) ->
            http(bed, POST + "A: b\r\n".repeat(5_000) + "\r\n", 400)));
        cases.add(new Case("a request with a huge line", (bed, ipc) ->
            http(bed, "GET /" + "x".repeat(6_000) + " HTTP/1.1\r\n\r\n", 400)));
        cases.add(new Case("an oversized body", (bed, ipc) ->
            http(bed, POST + "Content-Length: " + (MESSAGE_BYTES + 1) + "\r\n\r\n[", 413)));
        cases.add(new Case("a compressed body", (bed, ipc) ->
            http(bed, POST + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u0008", 415)));
        cases.add(new Case("an oversized chunk", (bed, ipc) ->
            http(bed, POST + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx", 400)));
        cases.add(new Case("an oversized batch in a request", (bed, ipc) ->
            httpAnswered(bed, batch().getBytes(), "-32600")));
        cases.add(new Case("a body that is not UTF-8", (bed, ipc) -> httpAnswered(bed, NO_UTF8, "-32700")));
        cases.add(new Case("an idle HTTP connection", (bed, ipc) ->
        {
            final HttpTalk talk = HttpTalk.open(bed.address());
            assertEquals(GoodClients.answer(1), talk.call(GoodClients.call(1)).text());
            return ended(talk);
        }));
        cases.add(new Case("a request that is half open", (bed, ipc) ->
        {
            final HttpTalk talk = HttpTalk.open(bed.address());
            talk.send(POST + "Content-Length: 9\r\n\r\n{");
            talk.shutdownOutput();
            return ended(talk);
        }));
    }

    private static void sseCases(final List<Case> cases)
    {
        cases.add(new Case("a stream with a huge URL", (bed, ipc) ->
            http(bed, "GET /sse?sub=logs&address=0x" + "a".repeat(6_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 400)));
        cases.add(new Case("a stream whose URL is not UTF-8", (bed, ipc) ->
            http(bed, "GET /sse?sub=%C0%80 HTTP/1.1\r\nHost: a\r\n\r\n", 400)));
        cases.add(new Case("a stream of too many subscriptions", (bed, ipc) ->
            http(bed, "GET /sse?" + "sub=a&".repeat(BATCH_ITEMS + 1) + " HTTP/1.1\r\nHost: a\r\n\r\n", 400)));
        cases.add(new Case("a stream that talks back", (bed, ipc) ->
        {
            final HttpTalk talk = HttpTalk.open(bed.address());
            talk.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, talk.readHead().status());
            talk.sendAsFarAsTaken("junk".repeat(50_000));
            return talk::awaitEnd;
        }));
        cases.add(new Case("a stream that is half open", (bed, ipc) ->
        {
            final HttpTalk talk = HttpTalk.open(bed.address());
            talk.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
            talk.shutdownOutput();
            return talk::awaitEnd;
        }));
    }

    private static void ipcCases(final List<Case> cases)
    {
        cases.add(new Case("an oversized text on a Unix domain socket", (bed, ipc) ->
            ipcRefused(ipc, "[\"" + "x".repeat(MESSAGE_BYTES), "-32600")));
        cases.add(new Case("garbage on a Unix domain socket", (bed, ipc) ->
            ipcRefused(ipc, "GET / HTTP/1.1\r\n", "-32700")));
        cases.add(new Case("an oversized batch on a Unix domain socket", (bed, ipc) ->
        {
            final IpcTalk talk = new IpcTalk(ipc);
            assertTrue(talk.call(batch()).contains("-32600"));
            return hangingUp(talk::close);
        }));
        cases.add(new Case("a text that is not UTF-8 on a Unix domain socket", (bed, ipc) ->
        {
            final IpcTalk talk = new IpcTalk(ipc);
            talk.send(NO_UTF8);
            assertTrue(talk.read().contains("-32700"));
            assertEquals(GoodClients.answer(1), talk.call(GoodClients.call(1)));
            return hangingUp(talk::close);
        }));
        cases.add(new Case("a text that trickles on a Unix domain socket", (bed, ipc) ->
        {
            final IpcTalk talk = new IpcTalk(ipc);
            for (int i = 0; i < 100; i++)
            {
                talk.send("[");
            }
            return hangingUp(talk::close);
        }));
        cases.add(new Case("a Unix domain socket that is half open", (bed, ipc) ->
        {
            final IpcTalk talk = new IpcTalk(ipc);
            talk.send(GoodClients.SUBSCRIBE);
            talk.shutdownOutput();
            return talk::awaitEnd;
        }));
        cases.add(new Case("an idle Unix domain socket", (bed, ipc) -> hangingUp(new IpcTalk(ipc)::close)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Timeout(120)
    void shouldGiveEachItsDueAndSpareTheOthers(final Case bad, @TempDir final Path directory) throws Exception
    {
        final Path path = directory.resolve("relay.ipc");
        final long chunkBytes = TestBed.chunkBytes();
        try (TestBed bed = start(Mode.USUAL, path); GoodClients good = new GoodClients(bed, path))
        {
            final List<Fate> crowd = new ArrayList<>();
            for (int i = 0; i < CROWD; i++)
            {
                crowd.add(bad.deed.commit(bed, path));
                if (i % 8 == 0)
                {
                    good.look();
                    assertBounded(bed);
                }
            }
            good.look();
            for (final Fate fate : crowd)
            {
                fate.check();
            }
            assertLeft(bed, good);
        }
        assertEquals(chunkBytes, TestBed.chunkBytes());
    }

    /** A crowd of subscribers that never read, at all four doors that send unasked. */
    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    @Timeout(120)
    void shouldCutThoseWhoNeverReadAndSpareTheOthers(final Mode mode, @TempDir final Path directory) throws Exception
    {
        final Path path = directory.resolve("relay.ipc");
        final int each = 5;
        final long chunkBytes = TestBed.chunkBytes();
        try (TestBed bed = start(mode, path); GoodClients good = new GoodClients(bed, path))
        {
            final List<AutoCloseable> crowd = new ArrayList<>();
            for (int i = 0; i < each; i++)
            {
                final RawClient client = bed.add(RawClient.connect(bed.address(), 4_096));
                client.sendText(GoodClients.SUBSCRIBE);
                crowd.add(client);
                final HttpTalk stream = HttpTalk.open(bed.address(), 4_096);
                stream.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
                crowd.add(stream);
                final Http2Talk http2 = Http2Talk.over(Http2Talk.connect(bed.address(), 4_096), 65_535);
                http2.get("/sse?sub=newHeads");
                crowd.add(http2);
                final IpcTalk ipc = new IpcTalk(path);
                ipc.send(GoodClients.SUBSCRIBE);
                crowd.add(ipc);
            }
            bed.awaitCount(RelayCounter.SUBSCRIBES, 3 + 4 * each);
            for (int items = 0; bed.count(RelayCounter.CLOSED_SLOW) < 4 * each; items++)
            {
                assertTrue(items < 1_000, "some are never cut");
                good.look(LARGE);
                assertBounded(bed);
            }
            for (final AutoCloseable one : crowd)
            {
                one.close();
            }
            assertLeft(bed, good);
        }
        assertEquals(chunkBytes, TestBed.chunkBytes());
    }

    private static TestBed start(final Mode mode, final Path path) throws IOException
    {
        return TestBed.start(mode, config ->
        {
            config.limits(config.limits().toBuilder()
                .unfinishedBytes(BUDGET_BYTES)
                .messageBytes(MESSAGE_BYTES)
                .batchItems(BATCH_ITEMS)
                .writeBufferBytes(64 * 1024)
                .build());
            config.timing(config.timing().toBuilder().handshakeTimeoutMs(500).activationFallbackMs(1).build());
            config.doors(config.doors().toBuilder().httpRequestMs(2_000).httpIdleMs(2_000).deflateMinBytes(1)
                .build());
            config.networks().get(0).ipc(path);
        });
    }

    private static void assertBounded(final TestBed bed)
    {
        assertTrue(bed.relay().server().unfinishedBytes() <= BUDGET_BYTES);
        final long bytes = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() +
            UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        assertTrue(bytes < MEMORY_BYTES, bytes + " bytes of direct memory");
    }

    private static void assertLeft(final TestBed bed, final GoodClients good) throws IOException
    {
        TestBed.await("the end of the crowd", () -> bed.relay().server().socketCount() <= GoodClients.SOCKETS);
        TestBed.await("the end of their connections", () -> bed.relay().status().connections() <= GoodClients.SOCKETS);
        TestBed.await("the budgets", () ->
            bed.relay().server().unfinishedBytes() == 0 && bed.relay().server().unsentBytes() == 0);
        good.look();
        assertTrue(good.slowestMs() < PATIENCE_MS, "the good waited " + good.slowestMs() + " ms");
        assertEquals(0, bed.count(RelayCounter.STAGE_FAILURES));
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
    }

    private static String batch()
    {
        return "[" + (GoodClients.call(1) + ",").repeat(BATCH_ITEMS) + GoodClients.call(2) + "]";
    }

    private static Fate webSocket(final TestBed bed, final int firstByte, final byte[] payload, final int closeCode)
        throws IOException
    {
        final RawClient client = bed.add(RawClient.connect(bed.address()));
        client.sendFrame(firstByte, payload);
        return () -> assertEquals(closeCode, client.readClose());
    }

    private static Fate webSocketAnswered(
        final TestBed bed, final int firstByte, final byte[] payload, final String answer) throws IOException
    {
        final RawClient client = bed.add(RawClient.connect(bed.address()));
        client.sendFrame(firstByte, payload);
        final String text = client.readText();
        assertTrue(text.contains(answer), text);
        return hangingUp(client::close);
    }

    private static Fate http(final TestBed bed, final String bytes, final int status) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talk.send(bytes);
        return () ->
        {
            assertEquals(status, talk.read().status());
            talk.awaitEnd();
        };
    }

    private static Fate httpAnswered(final TestBed bed, final byte[] body, final String answer) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talk.send(POST + "Content-Length: " + body.length + "\r\n\r\n");
        talk.send(body);
        final HttpTalk.Response response = talk.read();
        assertEquals(200, response.status());
        assertTrue(response.text().contains(answer), response.text());
        return hangingUp(talk::close);
    }

    private static Fate ipcRefused(final Path path, final String text, final String answer) throws IOException
    {
        final IpcTalk talk = new IpcTalk(path);
        talk.sendAsFarAsTaken(text);
        return () ->
        {
            assertTrue(talk.read().contains(answer));
            talk.awaitEnd();
        };
    }

    private static Fate ended(final HttpTalk talk)
    {
        return talk::awaitEnd;
    }

    private static Fate hangingUp(final Runnable close)
    {
        return close::run;
    }
}
