package io.ringcast.tools.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringcast.tools.sim.NodeSettings;
import io.ringcast.tools.sim.SimulatedNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the tests of lost ways rely on: behind a way that refuses, nobody hears of anything. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class FaultProxyIT
{
    private static final String HANDSHAKE = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n" +
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Test
    void shouldLetNobodyThroughWhoWasAcceptedBeforeItRefused() throws IOException
    {
        try (SimulatedNode node = SimulatedNode.start(NodeSettings.quiet());
            FaultProxy way = FaultProxy.before(node.url());
            Socket young = new Socket("127.0.0.1", way.url().getPort()))
        {
            while (way.connectionCount() == 0)
            {
                Thread.onSpinWait();
            }
            way.refuse(true);
            way.reset();
            young.getOutputStream().write(HANDSHAKE.getBytes(US_ASCII));

            assertThrows(SocketException.class,
                () -> young.getInputStream().transferTo(OutputStream.nullOutputStream()));
            assertEquals(1, way.connectionCount());
        }
    }
}
