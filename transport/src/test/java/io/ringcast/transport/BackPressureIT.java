package io.ringcast.transport;

import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.PING;
import static io.ringcast.transport.RawClient.PONG;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What does not fit waits at its socket: nothing is lost, nothing grows without bound, nobody else is held up. */
class BackPressureIT
{
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    /** Its pong can't come: the ping is behind the answer. */
    @Test
    void shouldNotGiveUpAClientThatIsStillReadingALargeAnswer() throws Exception
    {
        bed = TestBed.start(Mode.USUAL, config -> config
            .timing(config.timing().toBuilder().pingIdleMs(100).pongTimeoutMs(1_000).build()));
        final String large = '"' + "x".repeat(24_000_000) + '"';
        bed.upstream().on("large", request -> request.answer(large));
        final RawClient client = bed.add(RawClient.connect(bed.address(), 65_536));
        client.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"large\",\"params\":[]}");
        final long startNs = System.nanoTime();
        final long readBytes = client.readSlowly(512 * 1024, 50);

        assertTrue(readBytes > large.length());
        assertTrue(System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(2_000));
        assertEquals(0, bed.count(RelayCounter.CLOSED_NO_PONG));
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#all")
    void shouldLoseNoCallGivenATinyRingAndManyCallers(final Mode mode) throws Exception
    {
        bed = TestBed.start(mode, config -> config.ringSlots(64));
        final int callers = 12;
        final int calls = 100;
        final ExecutorService readers = Executors.newFixedThreadPool(callers);
        try
        {
            final RawClient subscriber = bed.client();
            final String id = subscriber.subscribe("[\"newHeads\"]");
            final List<Future<?>> readings = new ArrayList<>();
            for (int c = 0; c < callers; c++)
            {
                final RawClient client = bed.client();
                readings.add(readers.submit(() ->
                {
                    client.send(burst(calls));
                    for (int i = 0; i < calls; i++)
                    {
                        assertEquals(answer(i), client.readText());
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 300; i++)
            {
                bed.upstream().publish("newHeads", String.valueOf(i));
            }

            for (int i = 0; i < 300; i++)
            {
                assertEquals(FakeUpstream.item(id, String.valueOf(i)), subscriber.readText());
            }
            for (final Future<?> reading : readings)
            {
                reading.get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            }
        }
        finally
        {
            readers.shutdownNow();
        }
        assertTrue(bed.count(RelayCounter.GATE_CLOSINGS) > 0, "the ring was never full: the test shows nothing");
        assertEquals(0, bed.count(RelayCounter.STAGE_FAILURES));
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldStopReadingClientsAndGoOnGivenAnUpstreamThatReadsNothing(final Mode mode) throws Exception
    {
        bed = TestBed.start(mode, config -> config.ringSlots(64).limits(
            config.limits().toBuilder().outstandingCallsPerConnection(100_000).build()));
        final RawClient client = bed.client();
        final FakeUpstream.Session session = bed.upstream().session();
        bed.upstream().on("big", call -> call.answer("1"));
        session.stopReading();
        final int calls = 1_500;
        final Thread writer = writer(client, calls);

        bed.awaitCount(RelayCounter.GATE_CLOSINGS, 1);
        final long forwarded = bed.count(RelayCounter.CALLS_FORWARDED);
        assertTrue(forwarded < calls, forwarded + " of " + calls + " calls were taken in");
        session.resumeReading();

        int answers = 0;
        boolean hasPong = false;
        while (answers < calls || !hasPong)
        {
            final RawClient.Frame frame = client.read();
            if (frame.opcode() == PONG)
            {
                hasPong = true;
            }
            else
            {
                assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", frame.text());
                answers++;
            }
        }
        writer.join();
    }

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    void shouldNotTakeAClientForDeadGivenItsOwnClosedGate(final Mode mode) throws Exception
    {
        bed = TestBed.start(mode, config -> config.ringSlots(64)
            .limits(config.limits().toBuilder().outstandingCallsPerConnection(100_000).build())
            .timing(config.timing().toBuilder().pingIdleMs(300).pongTimeoutMs(500).build()));
        final RawClient client = bed.client();
        final FakeUpstream.Session session = bed.upstream().session();
        bed.upstream().on("big", call -> call.answer("1"));
        session.stopReading();
        session.showLife(50);
        final Thread writer = writer(client, 1_500);
        bed.awaitCount(RelayCounter.GATE_CLOSINGS, 1);

        // A mute client that comes now is closed later than the gated one would be.
        final RawClient mute = bed.client();
        mute.stopPonging();
        assertEquals(1011, mute.readClose());
        bed.assertCount(RelayCounter.CONNECTIONS_CLOSED, 1);
        session.resumeReading();

        // Its pings come among the answers, and are answered as they are read.
        for (int i = 0; i < 1_500; i++)
        {
            RawClient.Frame frame = client.read();
            while (frame.opcode() == PONG)
            {
                frame = client.read();
            }
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", frame.text());
        }
        writer.join();
    }

    /** Texts that are whole take as much memory while they wait for the ring as before. */
    @Test
    void shouldHangUpOnClientsGivenWholeTextsThatFillTheBudgetWhileTheyWait() throws Exception
    {
        bed = TestBed.start(Mode.USUAL, config -> config.ringSlots(64).limits(config.limits().toBuilder()
            .outstandingCallsPerConnection(100_000).messageBytes(1 << 20).unfinishedBytes(2 << 20).build()));
        final FakeUpstream.Session session = bed.upstream().session();
        session.stopReading();
        final Thread writer = writer(bed.client(), 1_500);
        bed.awaitCount(RelayCounter.GATE_CLOSINGS, 1);
        final byte[] large = RawClient.frame(FIN | TEXT, ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\"," +
            "\"params\":[\"" + "x".repeat(400_000) + "\"]}").getBytes(StandardCharsets.UTF_8));

        for (int i = 0; i < 20; i++)
        {
            bed.client().send(large);
        }

        bed.awaitCount(RelayCounter.CLOSED_OVERLOAD, 5);
        session.resumeReading();
        bed.close();
        bed = null;
        writer.join();
    }

    /** Sends large calls, and a ping behind them. */
    private static Thread writer(final RawClient client, final int calls)
    {
        final byte[] call = RawClient.frame(FIN | TEXT, ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\"," +
            "\"params\":[\"" + "x".repeat(10_000) + "\"]}").getBytes(StandardCharsets.UTF_8));
        final Thread writer = new Thread(() ->
        {
            try
            {
                for (int i = 0; i < calls; i++)
                {
                    client.send(call);
                }
                client.sendFrame(FIN | PING, new byte[]{42});
            }
            catch (final IOException ignored)
            {
                // The reader sees it.
            }
        });
        writer.start();
        return writer;
    }

    private static byte[] burst(final int calls) throws IOException
    {
        final ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int i = 0; i < calls; i++)
        {
            burst.write(RawClient.frame(FIN | TEXT, ("{\"jsonrpc\":\"2.0\",\"id\":" + i +
                ",\"method\":\"echo\",\"params\":[" + i + "]}").getBytes(StandardCharsets.UTF_8)));
        }
        return burst.toByteArray();
    }

    private static String answer(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[" + id + "]}";
    }
}
