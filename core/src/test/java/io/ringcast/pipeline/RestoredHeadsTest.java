package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A client whose subscription to heads begins again by itself is answered by no node that lacks a head which it was
 * shown, as if it had asked for it. Confined to the test thread.
 */
class RestoredHeadsTest
{
    private static final String SESSION = "relay.session=0123456789abcdef";
    private static final String HEADS =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";

    private final FakeRelay relay = FakeRelay.recorded(
        RelayConfig.builder().delivery(DeliveryConfig.builder().sessionTtlMs(60_000).build()),
        NetworkConfig.builder().upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547"));

    @AfterEach
    void close()
    {
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHoldACallGivenThatTheOnlyNodeIsBehindWhatTheClientWasShown(final boolean isRestored)
    {
        relay.nodeUp(0);
        relay.nodeUp(1);
        final FakeOutlet first = relay.connect(SESSION);
        relay.says(first, HEADS);
        acceptAll();
        relay.pongs(first);
        head(0, 1);
        head(1, 1);
        relay.closes(first);
        relay.run();

        final FakeOutlet second = relay.connect(SESSION + (isRestored ? "&relay=restore" : ""));
        if (!isRestored)
        {
            relay.says(second, HEADS);
        }
        relay.run();
        relay.pongs(second);
        head(1, 2);
        assertTrue(second.received.removeIf(text -> text.contains("\"number\":\"0x2\"")), second.received::toString);
        relay.nodeDown(1);
        relay.run();
        relay.node.received.clear();
        relay.says(
            second, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"eth_getBalance\",\"params\":[\"0x0\",\"latest\"]}");
        relay.run();

        assertEquals(List.of(), List.copyOf(relay.node.received));
        head(0, 2);
        assertEquals(1, relay.node.received.stream().filter(text -> text.contains("eth_getBalance")).count());
    }

    private void head(final int lane, final int number)
    {
        relay.nodeSays(lane, ResumeTest.head(number));
        relay.run();
    }

    private void acceptAll()
    {
        relay.run();
        relay.nodes.forEach(node ->
        {
            for (String asked = node.received.poll(); asked != null; asked = node.received.poll())
            {
                relay.nodeSays(relay.nodes.indexOf(node), asked.replaceAll(
                    ",\"method\".*", asked.contains("eth_subscribe") ? ",\"result\":\"0xaa\"}" : ",\"result\":null}"));
                relay.run();
            }
        });
    }
}
