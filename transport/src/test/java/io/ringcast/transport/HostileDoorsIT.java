package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Hundreds who come through the other doors and mean no good, with good ones among them. */
class HostileDoorsIT
{
    private static final int CONNECTIONS = 600;
    private static final int UNFINISHED_BYTES = 4 * 1024 * 1024;
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    @Timeout(120)
    void shouldServeTheGoodOnesAndForgetTheOthers(final Mode mode, @TempDir final Path directory) throws Exception
    {
        final Path path = directory.resolve("relay.ipc");
        final long chunkBytes = TestBed.chunkBytes();
        try (TestBed bed = TestBed.start(mode, config ->
        {
            config.limits(config.limits().toBuilder().unfinishedBytes(UNFINISHED_BYTES).build());
            config.timing(config.timing().toBuilder().handshakeTimeoutMs(60_000).activationFallbackMs(1).build());
            config.networks().get(0).ipc(path);
        }))
        {
            final RawClient good = bed.client();
            final String id = good.subscribe("[\"newHeads\"]");
            final HttpTalk goodHttp = HttpTalk.open(bed.address());
            final IpcTalk goodIpc = new IpcTalk(path);
            final List<AutoCloseable> hostile = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++)
            {
                hostile.add(attack(bed, path, i));
                if (i % 50 == 0)
                {
                    bed.upstream().publish("newHeads", String.valueOf(i));
                    assertEquals(FakeUpstream.item(id, String.valueOf(i)), good.readText());
                    assertEquals(answer(i), goodHttp.call(call(i)).text());
                    assertEquals(answer(i), goodIpc.call(call(i)));
                }
            }

            assertTrue(bed.relay().server().unfinishedBytes() <= UNFINISHED_BYTES);
            assertEquals(0, bed.count(RelayCounter.STAGE_FAILURES));
            assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
            for (final AutoCloseable each : hostile)
            {
                each.close();
            }
            TestBed.await("the end of the others", () -> bed.relay().server().socketCount() == 3);
            TestBed.await("the budgets", () ->
                bed.relay().server().unfinishedBytes() == 0 && bed.relay().server().unsentBytes() == 0);
            // A socket's end is told to its handlers a task later than to those who count sockets.
            TestBed.await("the end of their connections", () -> bed.relay().status().connections() == 3);
            goodHttp.close();
            goodIpc.close();
        }
        assertEquals(chunkBytes, TestBed.chunkBytes());
    }

    private static AutoCloseable attack(final TestBed bed, final Path path, final int i) throws IOException
    {
        if (i % 9 > 6)
        {
            final IpcTalk ipc = new IpcTalk(path);
            ipc.send(i % 9 == 7 ? "[".repeat(5_000) :
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}\n".repeat(20));
            return ipc;
        }
        final HttpTalk http = HttpTalk.open(bed.address(), 4_096);
        try
        {
            switch (i % 9)
            {
                case 0:
                    http.send("POST / HTTP/1.1\r\nHost: a\r\nConte");
                    break;

                case 1:
                    http.send(POST + "Content-Length: 30000000\r\n\r\n[" + "1,".repeat(5_000));
                    break;

                case 2:
                    http.send((POST + "Content-Length: 2\r\n\r\n{}").repeat(200));
                    break;

                case 3:
                    http.send(POST + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n" + "x".repeat(100));
                    break;

                case 4:
                    http.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n" + "junk".repeat(100));
                    break;

                case 5:
                    http.send(POST + "Content-Length: 20000\r\nAccept-Encoding: gzip\r\n\r\n" + "[".repeat(20_000));
                    break;

                default:
                    http.send("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(5_000));
                    break;
            }
        }
        catch (final IOException ignored)
        {
            // The relay may have hung up already, as it should.
        }
        return http;
    }

    private static String call(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[]}";
    }

    private static String answer(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[]}";
    }
}
