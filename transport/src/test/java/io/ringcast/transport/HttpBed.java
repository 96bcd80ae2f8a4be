package io.ringcast.transport;

import io.ringcast.config.DoorsConfig;
import io.ringcast.config.LimitsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** A relay whose HTTP door the tests of a class talk to, driven in some ways. Confined to the test thread. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
abstract class HttpBed
{
    @Parameter
    Mode mode;
    TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
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

    HttpTalk talk() throws IOException
    {
        return HttpTalk.open(bed.address());
    }

    static String request(final String headers, final String body)
    {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + body.length() +
            "\r\n" + headers + "\r\n" + body;
    }

    static String call(final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"echo\",\"params\":[1]}";
    }

    static String answer(final String id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":[1]}";
    }
}
