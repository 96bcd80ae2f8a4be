package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * Streams of server-sent events, in each mode: for the tests of them, one class a subject.
 * Confined to the test thread.
 */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
abstract class SseBed
{
    @Parameter
    private Mode mode;
    TestBed bed;

    /** A stream, event by event. */
    record Stream(HttpTalk talk, HttpTalk.Response head) implements AutoCloseable
    {
        /** Reads up to the blank line that ends an event or a comment; chunks hold whole ones. */
        String next() throws IOException
        {
            return new String(talk.readChunk(), StandardCharsets.UTF_8);
        }

        @Override
        public void close()
        {
            talk.close();
        }
    }

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    /** The id that a browser would remember. */
    static String idOf(final String events)
    {
        return events.substring(events.lastIndexOf("id: ") + 4).lines().findFirst().orElseThrow();
    }

    static String nextOf(final Stream stream, final String part) throws IOException
    {
        String event = stream.next();
        while (!event.contains(part))
        {
            event = stream.next();
        }
        return event;
    }

    static String block(final int number)
    {
        return "{\"parentHash\":\"" + SessionIT.hash(number - 1) + "\",\"logsBloom\":\"0x00\",\"number\":\"0x" +
            Integer.toHexString(number) + "\",\"hash\":\"" + SessionIT.hash(number) + "\"}";
    }

    Stream open(final String path) throws IOException
    {
        return open(path, "");
    }

    Stream open(final String path, final String headers) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talk.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n" + headers + "\r\n");
        final HttpTalk.Response head = talk.readHead();
        assertEquals(200, head.status());
        return new Stream(talk, head);
    }

    void start() throws IOException
    {
        start(limits -> limits, doors -> doors);
    }

    void start(
        final UnaryOperator<LimitsConfig.Builder> limits, final UnaryOperator<DoorsConfig.Builder> doors)
        throws IOException
    {
        bed = TestBed.start(mode, limits, doors);
    }

    static String head(final int number)
    {
        return "{\"number\":\"0x" + Integer.toHexString(number) + "\"}";
    }
}
