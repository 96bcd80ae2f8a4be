package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.loop.LocalPublisher;
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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Topics that no node knows, over every door. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class OwnTopicsIT
{
    private static final String CHAT = "[\"topic\",\"chat\"]";

    @TempDir
    private Path directory;
    @Parameter
    private Mode mode;
    private Path socket;
    private TestBed bed;

    @BeforeEach
    void start() throws IOException
    {
        socket = directory.resolve("r.ipc");
        bed = TestBed.start(mode, config -> config.networks().get(0).ipc(socket).topics(OwnTopicsConfig.builder()
            .publish(List.of("chat")).subscribe(List.of("signals.*")).build()));
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
    void shouldReachSubscribersOfEveryDoorByteForByteGivenAnyDoorPublishes() throws Exception
    {
        // given a subscriber at each door
        final BlockingQueue<String> program = new LinkedBlockingQueue<>();
        final LocalSubscription local = bed.relay().subscribe(CHAT, (sequence, bytes, offset, length) ->
            program.add(sequence + " " + bytes.toString(offset, length, StandardCharsets.UTF_8)));
        final String id = local.granted().toCompletableFuture().get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
        final RawClient client = bed.client();
        assertEquals(id, client.subscribe(CHAT));
        try (IpcTalk ipc = new IpcTalk(socket); HttpTalk events = HttpTalk.open(bed.address());
            HttpTalk http = HttpTalk.open(bed.address()))
        {
            events.send("GET /sse?sub=topic&name=chat HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, events.readHead().status());
            assertTrue(chunk(events).contains(id));
            final String[] payloads = {"{ \"from\" : \"é\", \"n\":1.50 }", "[1e400,\"\\u0041\"]", "\"<b>&\"", "null"};

            // when each door publishes one
            assertEquals(published(1), client.call(publish(payloads[0])));
            assertEquals(published(2), ipc.call(publish(payloads[1])));
            assertEquals(published(3), http.call(publish(payloads[2])).text());
            assertEquals(4, get(bed.relay().publish("chat", payloads[3])));

            // then all have all of them
            for (int i = 0; i < payloads.length; i++)
            {
                assertEquals(FakeUpstream.item(id, payloads[i]), client.readText());
                assertEquals((i + 1) + " " + payloads[i],
                    program.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS));
                final String event = chunk(events);
                assertTrue(event.startsWith("id: ") && event.contains("." + (i + 1) + "\n"), event);
                assertTrue(event.contains("\ndata: " + FakeUpstream.item(id, payloads[i]) + "\n"), event);
            }
        }
    }

    @Test
    void shouldLetTheProgramAlonePublishWhereClientsMayOnlySubscribe() throws Exception
    {
        final RawClient client = bed.client();
        final String id = client.subscribe("[\"topic\",\"signals.x\"]");

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32073,\"message\":" +
            "\"not allowed to publish to signals.x\"}}", client.call(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"relay_publish\",\"params\":[\"signals.x\",1]}"));
        assertEquals(1, get(bed.relay().publish("signals.x", "{\"buy\":true}")));
        assertEquals(FakeUpstream.item(id, "{\"buy\":true}"), client.readText());
        final ExecutionException refused = assertThrows(
            ExecutionException.class, () -> get(bed.relay().publish("secret", "1")));
        assertTrue(refused.getMessage().contains("-32073"), refused.getMessage());
        bed.assertCount(RelayCounter.PUBLISHES_REFUSED, 2);
    }

    @Test
    void shouldNumberAllGivenTheProgramPublishesFasterThanTheRingTakes() throws Exception
    {
        long published = 0;
        for (int round = 0; round < 5; round++)
        {
            CompletionStage<Long> last = null;
            for (int i = 0; i < LocalPublisher.LIMIT_UNANSWERED; i++)
            {
                last = bed.relay().publish("chat", "[" + i + "]");
                published++;
            }
            assertEquals(published, get(last));
        }
    }

    @Test
    void shouldRefuseWhatIsNoPayloadOrNoName()
    {
        for (final String payload : List.of("", "1,2", "1],\"method\":\"relay_feeds\",\"x\":[2", "{", "nope"))
        {
            assertThrows(IllegalArgumentException.class, () -> bed.relay().publish("chat", payload), payload);
        }
        assertThrows(IllegalArgumentException.class, () -> bed.relay().publish("a\"b", "1"));
    }

    @Test
    void shouldFailWhatIsPublishedGivenTheRelayIsClosed()
    {
        bed.close();

        assertThrows(ExecutionException.class, () -> get(bed.relay().publish("chat", "1")));
    }

    private static String publish(final String payload)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"relay_publish\",\"params\":[\"chat\"," + payload + "]}";
    }

    private static String published(final int sequence)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sequence\":" + sequence + "}}";
    }

    private static String chunk(final HttpTalk events) throws IOException
    {
        return new String(events.readChunk(), StandardCharsets.UTF_8);
    }

    private static long get(final CompletionStage<Long> sequence) throws Exception
    {
        return sequence.toCompletableFuture().get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
