package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.ThreadingChoice;
import io.ringcast.config.TransportChoice;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

/** A connection to an upstream serves and recovers alike, whatever carries its texts. */
@ParameterizedClass
@CsvSource({"WSS, EPOLL", "WSS, NIO", "IPC, EPOLL", "IPC, NIO", "IPC, IO_URING"})
class UpstreamKindsIT extends UpstreamContract
{
    @Parameter(0)
    private FakeUpstream.Door door;
    @Parameter(1)
    private TransportChoice transport;

    @Override
    TestBed open() throws IOException
    {
        return TestBed.start(
            new Mode(transport, ThreadingChoice.COMPACT, 2), FakeUpstream.start(door), config -> { });
    }

    @Test
    void shouldPassLargeTextsBothWays() throws IOException
    {
        final String params = "[\"" + "x".repeat(3_000_000) + "\"]";

        assertEquals(answer("1", params),
            client.call("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":" + params + "}"));
        assertServes(2);
    }

    @Test
    void shouldReconnectGivenARestartedNode() throws IOException
    {
        upstream.close();
        bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);
        upstream = upstream.restart();
        try
        {
            assertRecovers();
        }
        finally
        {
            upstream.close();
        }
    }
}
