package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A ring of 64 slots: clients are held back first, the node last, and nothing is lost or overtaken. */
class RingFullTest
{
    private static final int RING_SLOTS = 64;

    private final FakeRelay relay =
        new FakeRelay(RelayConfig.builder().ringSlots(RING_SLOTS), NetworkConfig.builder());
    private final FakeOutlet alice = relay.connect();

    @BeforeEach
    void bringNodeUp()
    {
        relay.nodeUp();
        relay.run();
    }

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldLeaveSlotsToTheNodeWhenClientsFillTheRing()
    {
        int clientFrames = 0;
        while (relay.tryClientSays(alice, call(clientFrames)))
        {
            clientFrames++;
        }
        int nodeFrames = 0;
        while (relay.tryNodeSays("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":1}"))
        {
            nodeFrames++;
        }

        assertEquals(RING_SLOTS, clientFrames + nodeFrames);
        assertEquals(RING_SLOTS / 16 - 1, nodeFrames);
        assertFalse(relay.publisher.tryPublish(EventKind.TICK, 0, 0, relay.nowNs));
    }

    @Test
    void shouldLoseAndReorderNothingWhenSocketsAreGated()
    {
        // given a socket with more to say than the ring has slots, that stops when it is refused
        final int calls = 1_000;
        final Deque<String> unread = new ArrayDeque<>();
        for (int i = 0; i < calls; i++)
        {
            unread.add(call(i));
        }
        final List<String> served = new ArrayList<>();
        final ReadGate gate = new ReadGate()
        {
            @Override
            public void open()
            {
                while (!unread.isEmpty() && relay.tryClientSays(alice, unread.peek()))
                {
                    unread.poll();
                }
                if (!unread.isEmpty())
                {
                    relay.publisher.awaitSpace(this);
                }
            }
        };

        // when
        gate.open();
        int rounds = 0;
        while (served.size() < calls)
        {
            assertTrue(rounds++ < calls, "the gate did not open");
            relay.run();
            while (!relay.node.received.isEmpty())
            {
                served.add(relay.node.received.poll());
            }
        }

        // then
        assertTrue(unread.isEmpty());
        assertTrue(relay.count(RelayCounter.GATE_CLOSINGS) >= calls / RING_SLOTS);
        for (int i = 0; i < calls; i++)
        {
            assertTrue(served.get(i).endsWith("\"params\":[" + i + "]}"), served.get(i));
        }
    }

    @Test
    void shouldKeepGatesClosedUntilAQuarterIsFree()
    {
        final List<String> opened = new ArrayList<>();
        for (int i = 0; i < RING_SLOTS; i++)
        {
            relay.nodeSays("{}");
        }
        relay.publisher.awaitSpace(() -> opened.add("first"));
        relay.publisher.awaitSpace(() -> opened.add("second"));

        relay.publisher.openGates(fault -> { });
        assertEquals(List.of(), opened);

        relay.run();
        assertEquals(List.of("first", "second"), opened);
        assertFalse(relay.publisher.isWaiting());
        relay.run();
        assertEquals(2, opened.size());
    }

    @Test
    void shouldForgetTheGateOfAConnectionThatEnded()
    {
        final List<String> opened = new ArrayList<>();
        final ReadGate ended = () -> opened.add("ended");
        relay.publisher.awaitSpace(ended);
        relay.publisher.awaitSpaceForUpstream(ended);
        relay.publisher.forget(ended);
        assertFalse(relay.publisher.isWaiting());

        final ReadGate second = () -> opened.add("second");
        relay.publisher.awaitSpace(() ->
        {
            opened.add("first");
            relay.publisher.forget(second);
        });
        relay.publisher.awaitSpace(second);
        relay.run();

        assertEquals(List.of("first"), opened);
        assertFalse(relay.publisher.isWaiting());
    }

    @Test
    void shouldOpenTheOtherGatesGivenOneThatThrows()
    {
        final List<String> opened = new ArrayList<>();
        final ReadGate broken = () ->
        {
            throw new IllegalStateException("a bug");
        };
        relay.publisher.awaitSpaceForUpstream(broken);
        relay.publisher.awaitSpaceForUpstream(() -> opened.add("upstream"));
        relay.publisher.awaitSpace(broken);
        relay.publisher.awaitSpace(() -> opened.add("client"));

        relay.run();

        assertEquals(List.of("upstream", "client"), opened);
        assertFalse(relay.publisher.isWaiting());
        assertEquals(2, relay.count(RelayCounter.EGRESS_FAILURES));
    }

    @Test
    void shouldNotLetALoopThatLagsBeOverwritten()
    {
        // given slots that are encoded but not polled
        final int calls = RING_SLOTS - RING_SLOTS / 16 + 1;
        for (int i = 0; i < calls; i++)
        {
            relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":5}");
            relay.pipeline.runStages();
        }
        assertFalse(relay.tryClientSays(alice, call(0)));

        relay.pipeline.poller(0).poll();

        assertEquals(calls, alice.received.size());
        for (int i = 0; i < calls; i++)
        {
            assertTrue(alice.received.poll().startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + i + ","));
        }
    }

    private static String call(final int number)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[" + number + "]}";
    }
}
