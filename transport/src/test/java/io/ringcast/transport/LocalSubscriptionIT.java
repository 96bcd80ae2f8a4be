package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Subscriptions of the process itself. */
@ParameterizedClass
@MethodSource("io.ringcast.transport.Mode#some")
class LocalSubscriptionIT
{
    private record Item(long sequence, String text)
    {
    }

    /** Notes how its subscription ends. Called on its loop's thread; read on the test's. */
    private static final class EndedListener implements ItemListener
    {
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        private volatile Runnable onItem = () -> { };
        private volatile int items;

        @Override
        public void onItem(final long sequence, final ByteBuf bytes, final int offset, final int lengthBytes)
        {
            items++;
            onItem.run();
        }

        @Override
        public void onEnd(final String notification)
        {
            ends.add(notification);
        }
    }

    @Parameter
    private Mode mode;
    private TestBed bed;
    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException
    {
        bed = TestBed.start(mode);
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
    void shouldGetTheBytesThatASocketGetsInDenseSequence() throws Exception
    {
        final LocalSubscription local = subscribe("[\"newHeads\"]");
        final String localId = granted(local);
        final RawClient socket = bed.client();
        final String socketId = socket.subscribe("[\"newHeads\"]");

        for (int i = 0; i < 500; i++)
        {
            bed.upstream().publish("newHeads", "{ \"n\" : " + i + ", \"\\u00e9\": \"é\" }");
        }

        assertEquals(socketId, localId);
        for (int i = 0; i < 500; i++)
        {
            final Item item = items.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assertEquals(1 + i, item.sequence);
            assertEquals(FakeUpstream.item(socketId, item.text), socket.readText());
        }
    }

    @Test
    void shouldGetNothingMoreGivenClose() throws Exception
    {
        final LocalSubscription local = subscribe("[\"newHeads\"]");
        final RawClient socket = bed.client();
        granted(local);
        final String id = socket.subscribe("[\"newHeads\"]");

        local.close();
        local.close();
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);
        bed.upstream().publish("newHeads", "1");

        assertEquals(FakeUpstream.item(id, "1"), socket.readText());
        assertNull(items.poll());
    }

    @Test
    void shouldFailGivenAnUnknownKind()
    {
        bed.upstream().on("eth_subscribe", call -> call.fail(-32601, "no such kind"));

        final LocalSubscription local = subscribe("[\"foo\"]");

        final ExecutionException failure = assertThrows(ExecutionException.class, () -> granted(local));
        assertTrue(failure.getCause().getMessage().contains("-32601"), failure.getCause().getMessage());
    }

    @Test
    void shouldFailGivenParamsThatAreNotJson()
    {
        final LocalSubscription local = subscribe("[");

        assertThrows(ExecutionException.class, () -> granted(local));
    }

    @Test
    void shouldFailGivenTheRelayClosesBeforeTheGrant()
    {
        bed.upstream().on("eth_subscribe", call -> { });
        final LocalSubscription local = subscribe("[\"newHeads\"]");

        bed.relay().close();

        assertThrows(ExecutionException.class, () -> granted(local));
        local.close();
    }

    @Test
    void shouldRefuseGivenAClosedRelay()
    {
        bed.relay().close();

        assertThrows(IllegalStateException.class, () -> subscribe("[\"newHeads\"]"));
    }

    /** As when what it resumes is no longer kept when its turn comes; on its loop, where an item finds it. */
    @Test
    void shouldBeToldWhereToGoOnGivenItIsCutOff() throws Exception
    {
        final EndedListener listener = new EndedListener();
        final LocalOutlet cut = (LocalOutlet)bed.relay().subscribe("[\"newHeads\"]", listener);
        listener.onItem = cut::cutOff;
        granted(cut);
        granted(subscribe("[\"newHeads\"]"));

        bed.upstream().publish("newHeads", "1");
        bed.upstream().publish("newHeads", "2");

        final String end = listener.ends.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
        assertTrue(end != null && end.matches("\\{\"jsonrpc\":\"2.0\",\"error\":\\{\"code\":4008,\"message\":" +
            "\"slow;e=[0-9a-z]+;q=1\"\\}\\}"), end);
        assertEquals("1", items.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS).text);
        assertEquals("2", items.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS).text);
        assertEquals(1, listener.items);
        assertEquals(1, bed.count(RelayCounter.CLOSED_SLOW));
        cut.close();
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);
        assertNull(listener.ends.poll());
    }

    @Test
    void shouldBeToldOnceGivenTheRelayClosesAndNotGivenItsOwnClose() throws Exception
    {
        final EndedListener ended = new EndedListener();
        final EndedListener closed = new EndedListener();
        granted(bed.relay().subscribe("[\"newHeads\"]", ended));
        final LocalSubscription own = bed.relay().subscribe("[\"newHeads\"]", closed);
        granted(own);
        own.close();
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);

        bed.relay().close();

        final String end = ended.ends.poll();
        assertTrue(end != null && end.contains("\"code\":1012,\"message\":\"restart;e="), end);
        assertNull(ended.ends.poll());
        assertNull(closed.ends.poll());
    }

    @Test
    void shouldServeTheOthersGivenAListenerThatThrows() throws Exception
    {
        final LocalSubscription broken = bed.relay().subscribe("[\"newHeads\"]", (sequence, bytes, offset, length) ->
        {
            throw new IllegalArgumentException("a fault of the listener's");
        });
        granted(broken);
        granted(subscribe("[\"newHeads\"]"));
        final RawClient socket = bed.client();
        final String id = socket.subscribe("[\"newHeads\"]");

        bed.upstream().publish("newHeads", "1");
        bed.upstream().publish("newHeads", "2");

        assertEquals(FakeUpstream.item(id, "1"), socket.readText());
        assertEquals(FakeUpstream.item(id, "2"), socket.readText());
        assertEquals("1", items.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS).text);
        assertEquals("2", items.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS).text);
        assertNull(items.poll());
    }

    @Test
    void shouldCloseFromWithinTheListener() throws Exception
    {
        final LinkedBlockingQueue<LocalSubscription> self = new LinkedBlockingQueue<>();
        final LocalSubscription once = bed.relay().subscribe("[\"newHeads\"]", (sequence, bytes, offset, length) ->
        {
            items.add(new Item(sequence, ""));
            self.element().close();
        });
        self.add(once);
        granted(once);

        bed.upstream().publish("newHeads", "1");
        bed.awaitCount(RelayCounter.SUBSCRIPTIONS_DROPPED, 1);

        assertEquals(1, items.size());
    }

    private LocalSubscription subscribe(final String params)
    {
        return bed.relay().subscribe(params, (sequence, bytes, offset, length) ->
            items.add(new Item(sequence, bytes.toString(offset, length, StandardCharsets.UTF_8))));
    }

    private static String granted(final LocalSubscription subscription) throws Exception
    {
        return subscription.granted().toCompletableFuture().get(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
