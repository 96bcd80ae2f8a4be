package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.SocketConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Who bends and breaks the rules of HTTP/2, while others are served. Confined to the test thread. */
class HostileHttp2IT
{
    /** As wire.md has it, within 30 s. */
    private static final int MAX_RESETS = 200;

    private static final int REFUSED_STREAM = 7;
    private static final int FLOW_CONTROL_ERROR = 3;
    /** Off in the log of the command, see LogbackLevelsTest. */
    private static final String NOISY_LOGGER = "io.netty.handler.codec.http2.DefaultHttp2Connection";

    private final Logger root = (Logger)LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestBed bed;

    @BeforeEach
    void listen()
    {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stop()
    {
        root.detachAppender(log);
        if (bed != null)
        {
            bed.close();
        }
    }

    /** CVE-2023-44487: opens streams and resets them at once, which costs it nothing. */
    @Test
    void shouldHangUpGivenRapidResets() throws IOException
    {
        start(limits -> limits, doors -> doors);
        try (Http2Talk good = Http2Talk.open(bed.address()); Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i <= MAX_RESETS; i++)
            {
                final int stream = 1 + 2 * i;
                flood.writeBytes(frame(Http2Talk.HEADERS, Http2Talk.END_HEADERS, stream,
                    talk.head("POST", "/", "content-type", "application/json")));
                flood.writeBytes(frame(Http2Talk.RST_STREAM, 0, stream, new byte[]{0, 0, 0, 8}));
            }
            talk.send(flood.toByteArray());
            assertEquals(Http2Talk.ENHANCE_YOUR_CALM, talk.readGoAway());
            assertTrue(talk.isEnded());
            assertServed(good);
        }
        bed.assertCount(RelayCounter.HTTP2_VIOLATIONS, 1);
        assertNothingIsLeft();
    }

    /** As in CVE-2025-8671: each call goes on at the node, and its stream counts no more. */
    @Test
    void shouldHangUpGivenACallsStreamThatItIsMadeToResetAgainAndAgain() throws IOException
    {
        start(limits -> limits, doors -> doors);
        bed.upstream().on("hold", request -> { });
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final byte[] call =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hold\",\"params\":[]}".getBytes(StandardCharsets.US_ASCII);
            final ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int stream = 1; stream < 2_000; stream += 2)
            {
                flood.writeBytes(frame(Http2Talk.HEADERS, Http2Talk.END_HEADERS, stream,
                    talk.head("POST", "/", "content-type", "application/json")));
                flood.writeBytes(frame(Http2Talk.DATA, Http2Talk.END_STREAM, stream, call));
                flood.writeBytes(frame(Http2Talk.WINDOW_UPDATE, 0, stream, new byte[4]));
            }
            try
            {
                talk.send(flood.toByteArray());
            }
            catch (final IOException ignored)
            {
                // Cut in the middle of it.
            }
            assertTrue(talk.isEnded());
        }
        bed.awaitCount(RelayCounter.HTTP2_VIOLATIONS, 1);
        final long calls = bed.count(RelayCounter.CLIENT_CALLS);
        assertTrue(calls <= MAX_RESETS + 101, calls + " calls");
        assertNothingIsLeft();
    }

    /** The limit holds also for who has not confirmed the settings, and never will. */
    @Test
    void shouldRefuseStreamsAboveTheLimitAndServeTheOthers() throws IOException
    {
        start(limits -> limits, doors -> doors.http2Streams(3));
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final List<Integer> streams = new ArrayList<>();
            for (int i = 0; i < 5; i++)
            {
                streams.add(talk.get("/sse?sub=newHeads"));
            }
            assertEquals(REFUSED_STREAM, talk.readResponse(streams.get(3)).resetCode());
            assertEquals(REFUSED_STREAM, talk.readResponse(streams.get(4)).resetCode());
            talk.readUntil(streams.get(2), "\nid: ");
            talk.reset(streams.get(0));
            bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);
            assertServed(talk);
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldRefuseStreamsOfEventsAboveTheLimitOfConnections() throws IOException
    {
        start(limits -> limits.connections(3), doors -> doors);
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            talk.readUntil(talk.get("/sse?sub=newHeads"), "\nid: ");
            talk.readUntil(talk.get("/sse?sub=newHeads"), "\nid: ");
            assertEquals(503, talk.readResponse(talk.get("/sse?sub=newHeads")).status());
            assertServed(talk);
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldRefuseLongHeadersWithoutLosingTheSocketAndEndlessOnesWithIt() throws IOException
    {
        start(limits -> limits, doors -> doors);
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final Http2Talk.Response refusal = talk.readResponse(talk.get("/", "x-long", "x".repeat(9_000)));
            assertEquals(431, refusal.status());
            assertServed(talk);
        }
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final byte[] head = talk.head("GET", "/", "x-long", "y".repeat(10_000));
            talk.frame(Http2Talk.HEADERS, Http2Talk.END_STREAM, 1, head);
            try
            {
                for (int i = 0; i < 10_000; i++)
                {
                    talk.frame(Http2Talk.CONTINUATION, 0, 1, talk.head("GET", "/", "x-" + i, "z".repeat(1_000)));
                }
            }
            catch (final IOException ignored)
            {
                // Cut in the middle of it.
            }
            assertTrue(talk.isEnded());
        }
        bed.awaitCount(RelayCounter.HTTP2_VIOLATIONS, 1);
        assertNothingIsLeft();
    }

    @Test
    void shouldHangUpGivenPingsWhoseAnswersAreNeverRead() throws IOException
    {
        bed = TestBed.start(Mode.USUAL, config -> config
            .sockets(SocketConfig.builder().set(SocketConfig.SEND_BUFFER_BYTES, 16_384).build()));
        try (Http2Talk talk = Http2Talk.over(Http2Talk.connect(bed.address(), 4_096), 65_535))
        {
            final ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 1_000; i++)
            {
                flood.writeBytes(frame(Http2Talk.PING, 0, 0, new byte[8]));
            }
            try
            {
                for (int i = 0; i < 1_000; i++)
                {
                    talk.send(flood.toByteArray());
                }
            }
            catch (final IOException ignored)
            {
                // Cut in the middle of it.
            }
            bed.awaitCount(RelayCounter.HTTP2_VIOLATIONS, 1);
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldHangUpGivenMoreThanTheWindow() throws IOException
    {
        start(limits -> limits, doors -> doors);
        bed.upstream().on("hold", request -> { });
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++)
            {
                flood.writeBytes(frame(Http2Talk.DATA, 0, 1, new byte[16_000]));
            }
            talk.beginPost("/");
            talk.send(flood.toByteArray());
            final int code = talk.readGoAway();
            assertTrue(code == FLOW_CONTROL_ERROR || code == 0, "code " + code);
        }
        catch (final IOException ignored)
        {
            // Hung up on before all was sent.
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldTakeNothingForItselfFromASlowBody() throws IOException
    {
        start(limits -> limits, doors -> doors.httpRequestMs(500));
        try (Http2Talk talk = Http2Talk.open(bed.address()))
        {
            final int slow = talk.beginPost("/");
            talk.frame(Http2Talk.DATA, 0, slow, new byte[]{'{'});
            assertEquals(408, talk.readResponse(slow).status());
            assertServed(talk);
        }
        assertNothingIsLeft();
    }

    @Test
    void shouldHangUpGivenNonsenseBehindThePreface() throws IOException
    {
        start(limits -> limits, doors -> doors);
        for (final byte[] nonsense : List.of(
            frame(Http2Talk.SETTINGS, 0, 1, new byte[0]),
            frame(Http2Talk.SETTINGS, 0, 0, new byte[5]),
            frame(Http2Talk.DATA, 0, 9, new byte[9]),
            frame(Http2Talk.HEADERS, Http2Talk.END_HEADERS, 2, new byte[]{(byte)0x82}),
            frame(Http2Talk.HEADERS, Http2Talk.END_HEADERS, 1, new byte[]{(byte)0xff, (byte)0xff, 1, 2}),
            frame(Http2Talk.WINDOW_UPDATE, 0, 0, new byte[4]),
            frame(Http2Talk.PING, 0, 0, new byte[3]),
            new byte[]{(byte)0xff, (byte)0xff, (byte)0xff, 0, 0, 0, 0, 0, 1}))
        {
            try (Http2Talk talk = Http2Talk.open(bed.address()))
            {
                talk.send(nonsense);
                assertTrue(talk.isEnded());
            }
        }
        bed.assertCount(RelayCounter.HTTP2_VIOLATIONS, 8);
        assertNothingIsLeft();
    }

    private void assertServed(final Http2Talk talk) throws IOException
    {
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}", talk.readResponse(talk.post("/",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}")).text());
    }

    private void assertNothingIsLeft()
    {
        TestBed.await("no socket", () -> bed.relay().server().socketCount() == 0);
        TestBed.await("no connection", () -> bed.relay().status().connections() == 0);
        TestBed.await("no subscription", () -> bed.relay().status().subscriptions() == 0);
        TestBed.await("the budgets", () ->
            bed.relay().server().unfinishedBytes() == 0 && bed.relay().server().unsentBytes() == 0);
        assertEquals(0, bed.count(RelayCounter.EGRESS_FAILURES));
        assertEquals(List.of(), List.copyOf(log.list).stream()
            .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN) && !line.getLoggerName().equals(NOISY_LOGGER))
            .toList());
    }

    private void start(
        final UnaryOperator<LimitsConfig.Builder> limits, final UnaryOperator<DoorsConfig.Builder> doors)
        throws IOException
    {
        bed = TestBed.start(Mode.USUAL, limits, doors);
    }

    private static byte[] frame(final int type, final int flags, final int stream, final byte[] payload)
    {
        return Http2Talk.frameOf(type, flags, stream, payload);
    }
}
