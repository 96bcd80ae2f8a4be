package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node that accepts when nobody wants it any more is told to end it, by the method that belongs to it. */
class LateAcceptTest
{
    private static final long CALL_TIMEOUT_NS = 30_000_000_000L;
    private static final long LINGER_NS = 10_000_000_000L;

    private final FakeRelay relay = new FakeRelay(RelayConfig.builder(),
        NetworkConfig.builder().subscriptionMethod(SubscriptionMethod.of("admin_peerEvents")));

    @BeforeEach
    void begin()
    {
        relay.nodeUp();
    }

    @AfterEach
    void close()
    {
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        relay.close();
    }

    @Test
    void shouldEndWhatIsAcceptedAfterItsFeedWasReleased()
    {
        final FakeOutlet alice = relay.connect();
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"admin_peerEvents\",\"params\":[]}");
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"syncing\"]}");
        relay.run();
        // Each is asked for again when no answer comes in time; the clients have given up by then.
        for (int i = 0; i < 3; i++)
        {
            relay.tick(i == 0 ? 1 : CALL_TIMEOUT_NS);
            relay.run();
        }
        relay.closes(alice);
        relay.run();
        for (int i = 0; i < 2; i++)
        {
            relay.tick(LINGER_NS);
            relay.run();
        }
        final List<String> asked = new ArrayList<>(relay.node.received);
        assertTrue(asked.size() >= 4, asked::toString);

        for (int i = 0; i < asked.size(); i++)
        {
            relay.node.received.clear();
            relay.nodeSays(asked.get(i).replaceAll(",\"method\".*", ",\"result\":\"0xf" + i + "\"}"));
            relay.run();
            final String ended = relay.node.received.poll();
            assertTrue(ended.contains("\"method\":\"" +
                (asked.get(i).contains("admin_peerEvents") ? "admin" : "eth") + "_unsubscribe\",\"params\":[\"0xf" + i),
                asked.get(i) + " -> " + ended);
        }
    }

    /** The id of a call that the relay never made, for a method that it does not have. */
    @Test
    void shouldNotAskAnythingGivenTheAnswerToAnInventedCall()
    {
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + (63L << 4 | 1) + ",\"result\":\"0x1\"}");
        relay.run();

        assertNull(relay.node.received.poll());
        assertEquals(1, relay.count(RelayCounter.UPSTREAM_UNKNOWN_IDS));
    }
}
