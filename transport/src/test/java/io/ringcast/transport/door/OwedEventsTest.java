package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/**
 * Clients come while the ring takes nothing and a loop owes it as much as it may, since another loop is stuck.
 * Confined to the test thread, which is all loops.
 */
class OwedEventsTest
{
    private static final String WEB_SOCKET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n" +
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
        "Content-Length: 32\r\n\r\n{\"id\":1,\"method\":\"relay_limits\"}";
    private static final String EVENTS = "GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String PAGE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /** Has a loop of the relay that never looks at the ring. */
    private final EmbeddedChannel stuck = new EmbeddedChannel();

    @AfterEach
    void close()
    {
        stuck.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {WEB_SOCKET, POST, EVENTS})
    void shouldRefuseWhoWouldOweMore(final String request)
    {
        try (EmbeddedDoor door = EmbeddedDoor.after(false, network -> owe(network, 0), stuck.eventLoop()))
        {
            read(door, request);

            final String answer = new String(door.written(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
            assertTrue(answer.endsWith(
                "\r\n\r\nthe relay is held back, and too many connections have come and gone since\n"), answer);
            assertEquals(1, door.count(RelayCounter.OWED_REFUSALS));
            assertEquals(0, door.count(RelayCounter.CONNECTIONS_OPENED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WEB_SOCKET, POST, EVENTS})
    void shouldLetThemInGivenOneLessIsOwed(final String request)
    {
        try (EmbeddedDoor door = EmbeddedDoor.after(false, network -> owe(network, 1), stuck.eventLoop()))
        {
            read(door, request);

            assertEquals(0, door.count(RelayCounter.OWED_REFUSALS));
            assertEquals(1, door.count(RelayCounter.CONNECTIONS_OPENED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PAGE, PAGE + PAGE})
    void shouldAnswerWhatTheRingNeverHearsOf(final String requests)
    {
        try (EmbeddedDoor door = EmbeddedDoor.after(false, network -> owe(network, 0), stuck.eventLoop()))
        {
            read(door, requests);

            assertTrue(new String(door.written(), StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200 "));
            assertEquals(0, door.count(RelayCounter.OWED_REFUSALS));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldHangUpAtTheSocketOfTheDomain(final int less)
    {
        try (EmbeddedDoor door = EmbeddedDoor.after(true, network -> owe(network, less), stuck.eventLoop()))
        {
            assertEquals(less == 1, door.isOpen());
            assertEquals(1 - less, door.count(RelayCounter.OWED_REFUSALS));
            assertEquals(1 - less, door.count(RelayCounter.CONNECTIONS_REFUSED));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldOweNothingMoreOnceTheRingGoesOn(final int less)
    {
        final EmbeddedChannel channel = new EmbeddedChannel();
        final NetworkRelay network = BareNetwork.on(channel.eventLoop(), stuck.eventLoop());
        network.pipeline().start();
        final NetworkLoop loop = network.loops()[0];
        owe(network, less);
        channel.runPendingTasks();
        assertEquals(less == 0, loop.tryRefuse());

        for (int i = 0; loop.isBehind(); i++)
        {
            assertTrue(i < NetworkLoop.LIMIT_OWED_EVENTS);
            stuck.runPendingTasks();
            loop.wake();
            channel.runPendingTasks();
        }

        assertFalse(loop.tryRefuse());
        channel.close();
        network.closePipeline();
    }

    /** As much as may be, or so much less. */
    private static void owe(final NetworkRelay network, final int less)
    {
        final NetworkLoop loop = network.loops()[0];
        while (!loop.isBehind())
        {
            loop.publishSurely(EventKind.CLIENT_CLOSED, loop.nextConnectionId(), 0);
        }
        for (int owed = 1; owed < NetworkLoop.LIMIT_OWED_EVENTS - less; owed++)
        {
            loop.publishSurely(EventKind.CLIENT_CLOSED, loop.nextConnectionId(), 0);
        }
    }

    private static void read(final EmbeddedDoor door, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        door.read(bytes, 0, bytes.length);
    }
}
