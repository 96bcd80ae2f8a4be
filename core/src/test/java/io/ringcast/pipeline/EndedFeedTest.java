package io.ringcast.pipeline;

import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The error that ends a subscription takes an item's way and is none: positions don't count it. */
class EndedFeedTest
{
    private static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"grandpa_subscribeJustifications\",\"params\":[]}";
    private static final String ITEM = "{\"jsonrpc\":\"2.0\",\"method\":\"grandpa_justifications\",\"params\":" +
        "{\"subscription\":\"aaaaaaaaaaaaaaaa\",";

    private final FakeRelay relay =
        new FakeRelay(RelayConfig.builder(), NetworkConfig.builder().dialect(Dialect.SUBSTRATE));

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldStandBehindTheLastItemGivenTheErrorThatEndsTheSubscription()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        alice.hasBarrier = false;
        relay.says(alice, SUBSCRIBE);
        relay.run();
        answer("\"result\":\"aaaaaaaaaaaaaaaa\"");
        relay.nodeSays(ITEM + "\"result\":\"0x01\"}}");
        relay.run();
        final String before = alice.positions(',');

        relay.nodeSays(ITEM + "\"error\":\"going away\"}}");
        relay.run();
        relay.tick(1_000_000_000L);
        relay.run();
        answer("\"error\":{\"code\":-32601,\"message\":\"Method not found\"}");

        assertTrue(alice.received.peekLast().contains("Method not found"), alice.received::toString);
        assertEquals(before, alice.positions(','));
    }

    /** Answers the subscribe that was asked for last. */
    private void answer(final String member)
    {
        final String asked = relay.node.received.pollLast();
        relay.nodeSays("{\"jsonrpc\":\"2.0\"," + asked.replaceAll(".*(\"id\":[0-9]+).*", "$1") + "," + member + "}");
        relay.run();
    }
}
