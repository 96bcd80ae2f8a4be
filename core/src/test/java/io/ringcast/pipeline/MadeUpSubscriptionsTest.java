package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node that answers one subscribe again and again with other ids does not fill the heap. */
class MadeUpSubscriptionsTest
{
    private static final int ID_CHARS = 1 << 20;

    @Test
    void shouldMakeTheConnectionAnewGivenMoreSubscriptionsThanAreKept()
    {
        try (FakeRelay relay = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder()))
        {
            relay.nodeUp();
            final FakeOutlet client = relay.connect();
            relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
            relay.run();
            final String call = relay.node.received.poll();
            int answers = 0;
            for (; answers < 40 && relay.node.resets == 0; answers++)
            {
                relay.nodeSays(call.replaceAll(
                    ",\"method\".*", ",\"result\":\"0x" + answers + "a".repeat(ID_CHARS) + "\"}"));
                relay.run();
                relay.node.received.clear();
            }

            assertEquals(1, relay.node.resets);
            assertEquals(32, answers);
            assertTrue(relay.count(RelayCounter.UPSTREAM_INVALID) > 0);

            // Its new connection begins with room.
            relay.nodeDown();
            relay.nodeUp();
            relay.run();
            relay.nodeSays(relay.node.received.poll().replaceAll(",\"method\".*", ",\"result\":\"0xaa\"}"));
            relay.run();
            assertEquals(1, relay.node.resets);
            assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        }
    }
}
