package io.ringcast.transport;

import static io.ringcast.transport.RawClient.FIN;
import static io.ringcast.transport.RawClient.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Thousands of connections that mean no good, with one that does among them.
 *
 * <p>2,000 by default, and more with {@code JAVA_TOOL_OPTIONS=-Dringcast.test.hostileConnections=10000}, as far as the
 * limit of open files allows: each connection takes two.
 */
class HostileConnectionsIT
{
    private static final String CONNECTIONS_PROPERTY = "ringcast.test.hostileConnections";
    private static final int RESERVED_FILES = 300;
    private static final int UNFINISHED_BYTES = 16 * 1024 * 1024;

    @ParameterizedTest
    @MethodSource("io.ringcast.transport.Mode#some")
    @Timeout(120)
    void shouldServeTheGoodClientAndForgetTheOthers(final Mode mode) throws Exception
    {
        final int connections = connections();
        final long chunkBytes = TestBed.chunkBytes();
        try (TestBed bed = TestBed.start(mode, config -> config
            .limits(config.limits().toBuilder().connections(connections + 10).unfinishedBytes(UNFINISHED_BYTES).build())
            .timing(config.timing().toBuilder().handshakeTimeoutMs(60_000).build())))
        {
            final RawClient good = bed.client();
            final String id = good.subscribe("[\"newHeads\"]");
            final List<RawClient> hostile = new ArrayList<>(connections);
            long slowestNs = 0;
            for (int i = 0; i < connections; i++)
            {
                hostile.add(attack(bed, i));
                if (i % 100 == 0)
                {
                    final long startNs = System.nanoTime();
                    bed.upstream().publish("newHeads", String.valueOf(i));
                    assertEquals(FakeUpstream.item(id, String.valueOf(i)), good.readText());
                    assertEquals(answer(i), good.call(call(i)));
                    slowestNs = Math.max(slowestNs, System.nanoTime() - startNs);
                }
            }

            assertTrue(slowestNs < 5_000_000_000L, "the good client waited " + slowestNs / 1_000_000 + " ms");
            assertTrue(bed.relay().server().unfinishedBytes() <= UNFINISHED_BYTES);
            assertEquals(0, bed.count(RelayCounter.STAGE_FAILURES));
            hostile.forEach(RawClient::close);
            TestBed.await("the end of the others", () -> bed.relay().server().socketCount() == 1);
            TestBed.await("the budgets", () ->
                bed.relay().server().unfinishedBytes() == 0 && bed.relay().server().unsentBytes() == 0);
            // A socket's end is told to its handlers a task later than to those who count sockets.
            TestBed.await("the end of their connections", () -> bed.relay().status().connections() == 1);
            assertEquals(answer(1), good.call(call(1)));
        }
        assertEquals(chunkBytes, TestBed.chunkBytes());
    }

    private static RawClient attack(final TestBed bed, final int i) throws IOException
    {
        final RawClient client = i % 8 < 3 ? RawClient.open(bed.address()) : RawClient.connect(bed.address());
        try
        {
            switch (i % 8)
            {
                case 0:
                    break;

                case 1:
                    client.send("GET / HTTP/1.1\r\nHost: relay\r\nUpgr");
                    break;

                case 2:
                    client.send("\u0016\u0003\u0001 garbage\r\n\r\n" + "x".repeat(i));
                    break;

                case 3:
                    client.sendText("[".repeat(20_000));
                    break;

                case 4:
                    client.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + "9".repeat(20_000) + ",\"method\":\"echo\"}");
                    break;

                case 5:
                    client.send(RawClient.announcement(FIN | TEXT, 30_000_000));
                    client.send(new byte[100]);
                    break;

                case 6:
                    client.sendText(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
                    break;

                default:
                    client.send(new byte[]{(byte)0xFF, (byte)0xFF, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
                    break;
            }
        }
        catch (final IOException ignored)
        {
            // The relay may have hung up already, as it should.
        }
        return client;
    }

    private static int connections()
    {
        final int wanted = Integer.getInteger(CONNECTIONS_PROPERTY, 2_000);
        final long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system ?
            system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() : 1_000;
        return (int)Math.max(100, Math.min(wanted, (files - RESERVED_FILES) / 2));
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
