package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.UpstreamConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Whom it binds what one was shown, by the door that it came through: over HTTP all who call, over IPC and WebSocket
 * the connection alone. The node that has the block goes; who may not be answered by the other one waits.
 * Confined to the test thread.
 */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class ShownOverDoorsIT
{
    private static final int OLD = 10;
    private static final int NEW = 11;

    @Parameter
    private Mode mode;
    @TempDir
    private Path directory;
    private TestBed bed;
    private FakeUpstream behind;
    private FakeUpstream ahead;
    private Path socket;

    @BeforeEach
    void start() throws IOException
    {
        behind = FakeUpstream.start();
        ahead = FakeUpstream.start();
        socket = directory.resolve("relay.ipc");
        bed = TestBed.start(mode, behind, config -> config.networks().get(0)
            .upstream(UpstreamConfig.of("ahead", ahead.url())).ipc(socket));
        behind.on("eth_getBalance", call -> call.answer("\"0xb\""));
        ahead.on("eth_feeHistory", call -> call.answer("{\"oldestBlock\":\"0xa\",\"gasUsedRatio\":[0,0]}"));
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECTS, 2);
        TestBed.await("both feeds", () -> bed.count(RelayCounter.FEEDS_SUBSCRIBED) >= 2);
        publish(behind, OLD);
        publish(ahead, OLD);
    }

    @AfterEach
    void stop()
    {
        bed.close();
        ahead.close();
    }

    @Test
    void shouldBindCallsOverHttpToTheHeadsOfAStreamWhileItLasts() throws IOException
    {
        final HttpTalk caller = HttpTalk.open(bed.address());
        try (HttpTalk stream = HttpTalk.open(bed.address()))
        {
            stream.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
            assertEquals(200, stream.readHead().status());
            publish(ahead, NEW);
            awaitEvent(stream, SseBed.block(NEW));
            loseAhead();

            caller.post("/", "", balance(1));
            bed.awaitCount(RelayCounter.CALLS_HELD, 1);
            assertEquals(answer(7), bed.client().call(balance(7)));
            assertFalse(caller.hasBytes());

            publish(behind, NEW);
            assertEquals(answer(1), caller.read().text());
        }
        finally
        {
            caller.close();
        }
        bed.assertCount(RelayCounter.CALLS_HELD, 1);
    }

    @Test
    void shouldBindAllWhoCallOverHttpToWhatOneWasAnswered() throws IOException
    {
        publish(ahead, NEW);
        try (HttpTalk reader = HttpTalk.open(bed.address()); HttpTalk caller = HttpTalk.open(bed.address()))
        {
            assertTrue(reader.call(fees(1)).text().contains("oldestBlock"));
            loseAhead();

            caller.post("/", "", balance(2));
            bed.awaitCount(RelayCounter.CALLS_HELD, 1);
            assertEquals(answer(7), bed.client().call(balance(7)));
            assertFalse(caller.hasBytes());

            publish(behind, NEW);
            assertEquals(answer(2), caller.read().text());
        }
    }

    @Test
    void shouldBindOneConnectionOverIpcAndNoOther() throws IOException
    {
        publish(ahead, NEW);
        try (IpcTalk reader = new IpcTalk(socket); IpcTalk other = new IpcTalk(socket))
        {
            assertTrue(reader.call(fees(1)).contains("oldestBlock"));
            loseAhead();

            reader.send(balance(2));
            bed.awaitCount(RelayCounter.CALLS_HELD, 1);
            assertEquals(answer(3), other.call(balance(3)));

            publish(behind, NEW);
            assertEquals(answer(2), reader.read());
        }
        bed.assertCount(RelayCounter.CALLS_HELD, 1);
    }

    private void loseAhead()
    {
        ahead.close();
        bed.awaitCount(RelayCounter.UPSTREAM_DISCONNECTS, 1);
    }

    private void publish(final FakeUpstream upstream, final int number)
    {
        final long before = bed.count(RelayCounter.ITEMS_IN);
        upstream.publish("newHeads", SseBed.block(number));
        bed.awaitCount(RelayCounter.ITEMS_IN, before + 1);
    }

    private static void awaitEvent(final HttpTalk stream, final String part) throws IOException
    {
        while (!new String(stream.readChunk(), StandardCharsets.UTF_8).contains(part))
        {
            Thread.onSpinWait();
        }
    }

    private static String balance(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_getBalance\",\"params\":[\"0x" + id +
            "\",\"latest\"]}";
    }

    private static String fees(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_feeHistory\",\"params\":[2,\"latest\",[]]}";
    }

    private static String answer(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"0xb\"}";
    }
}
