package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What holds of each connection to an upstream, whatever carries it and whoever drives it: texts come through in every
 * shape, and after each fault it serves again.
 */
abstract class UpstreamContract
{
    private static final String BIG_ITEM = "{\"logsBloom\":\"0x" + "0".repeat(2_500) + "\",\"odd\":\"}{\\\"]\"}";

    TestBed bed;
    FakeUpstream upstream;
    RawClient client;
    String subscriptionId;

    /** Starts a relay and one upstream. */
    abstract TestBed open() throws IOException;

    @BeforeEach
    void start() throws IOException
    {
        bed = open();
        bed.awaitUpstream();
        upstream = bed.upstream();
        client = bed.client();
        subscriptionId = client.subscribe("[\"newHeads\"]");
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
    void shouldTakeEveryShapeOfMessage() throws IOException
    {
        for (final FakeUpstream.Shape shape : FakeUpstream.Shape.values())
        {
            upstream.shape(shape);
            upstream.publish("newHeads", BIG_ITEM);

            assertEquals(FakeUpstream.item(subscriptionId, BIG_ITEM), client.readText());
            assertServes(1);
        }
    }

    @Test
    void shouldTakeTwoMessagesInOneWrite() throws IOException
    {
        upstream.on("two", call -> call.session().sendTogether(
            answer(call.id(), "1"), "{\"jsonrpc\":\"2.0\",\"id\":" + call.id() + ",\"result\":2}"));

        assertEquals(answer("1", "1"), client.call(call(1, "two")));
        assertServes(2);
        bed.assertCount(RelayCounter.UPSTREAM_UNKNOWN_IDS, 1);
    }

    @Test
    void shouldReconnectGivenACutInTheMiddleOfAText() throws IOException
    {
        upstream.session().cutMidFrame(FakeUpstream.item("0x1", BIG_ITEM));

        assertRecovers();
    }

    @Test
    void shouldReconnectGivenAReset() throws IOException
    {
        upstream.session().reset();

        assertRecovers();
    }

    @Test
    void shouldReconnectGivenGarbage() throws IOException
    {
        upstream.session().sendRaw(Unpooled.copiedBuffer("HTTP/1.1 500 no\r\n\r\n", StandardCharsets.US_ASCII));

        assertRecovers();
    }

    @Test
    void shouldBackOffGivenAnUpstreamThatHangsUpInALoop() throws Exception
    {
        upstream.hangUp(true);
        upstream.session().reset();
        for (int i = 0; i < 6; i++)
        {
            upstream.nextAcceptTimeNs();
        }
        long lastNs = upstream.nextAcceptTimeNs();
        for (int i = 0; i < 3; i++)
        {
            final long nextNs = upstream.nextAcceptTimeNs();
            assertTrue(nextNs - lastNs > 30_000_000, "pause of " + (nextNs - lastNs) + " ns");
            lastNs = nextNs;
        }
        upstream.hangUp(false);

        assertRecovers();
    }

    final void assertServes(final int id) throws IOException
    {
        assertEquals(answer(String.valueOf(id), "[]"), client.call(call(id, "echo")));
    }

    /** The same subscription id brings items again, exactly one each, on a connection that was never closed. */
    final void assertRecovers() throws IOException
    {
        bed.awaitCount(RelayCounter.FEEDS_SUBSCRIBED, 2);
        upstream.publish("newHeads", "\"back\"");

        assertEquals(FakeUpstream.item(subscriptionId, "\"back\""), client.readText());
        assertServes(99);
        assertFalse(client.hasBytes());
        bed.assertCount(RelayCounter.CONNECTIONS_OPENED, 1);
        assertEquals(0, bed.count(RelayCounter.CONNECTIONS_CLOSED));
    }

    static String call(final int id, final String method)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[]}";
    }

    static String answer(final String id, final String result)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }
}
