package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.MethodFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the stages make of a client's rights. */
class ClientRightsTest
{
    private static final String DENIED =
        "\"error\":{\"code\":-32601,\"message\":\"the method does not exist/is not available\"}}";
    private static final String TOO_MUCH =
        "\"error\":{\"code\":-32005,\"message\":\"limit exceeded: too much in a second\"}}";

    /** Its end looks whether a replay, which knows no rights, refuses the same. */
    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder());
    private final FakeOutlet alice = relay.connect();
    private final FakeOutlet bob = relay.connect();

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
    void shouldAnswerDeniedMethodsItselfAlsoInABatchAndDropNotifications()
    {
        final ClientRights rights = rights(0, 0, 0);
        says(alice, rights, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"admin_addPeer\",\"params\":[]}");
        says(alice, rights, "{\"jsonrpc\":\"2.0\",\"method\":\"debug_setHead\",\"params\":[]}");
        says(alice, rights, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"miner_stop\"}]");

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"a\"," + DENIED, alice.received.poll());
        assertEquals("[{\"jsonrpc\":\"2.0\",\"id\":1," + DENIED + "]", alice.received.poll());
        assertTrue(relay.nodes.get(0).received.isEmpty());
        assertEquals(3, relay.count(RelayCounter.METHODS_DENIED));
    }

    @Test
    void shouldRefuseCallsOverTheRateOfAllConnectionsTogetherUntilTimePasses()
    {
        final ClientRights rights = rights(0, 2, 0);
        says(alice, rights, call(1));
        says(bob, rights, call(2));
        says(alice, rights, call(3));
        says(bob, rights, "[" + call(4) + "," + call(5) + "]");

        assertEquals(2, relay.nodes.get(0).received.size());
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":3," + TOO_MUCH, alice.received.poll());
        assertEquals("[{\"jsonrpc\":\"2.0\",\"id\":4," + TOO_MUCH + ",{\"jsonrpc\":\"2.0\",\"id\":5," + TOO_MUCH + "]",
            bob.received.poll());
        assertEquals(3, relay.count(RelayCounter.RATE_REFUSALS));

        relay.tick(TimeUnit.MILLISECONDS.toNanos(500));
        says(alice, rights, call(6));
        assertEquals(3, relay.nodes.get(0).received.size());
    }

    @Test
    void shouldChargeAnswersToWhoAskedForThem()
    {
        final ClientRights rights = rights(0, 0, 1_000);
        says(alice, rights, call(1));
        final String asked = relay.nodes.get(0).received.poll();
        final String id = asked.replaceAll(".*\"id\":([0-9]+).*", "$1");
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"" + "x".repeat(3_000) + "\"}");
        relay.run();
        assertTrue(alice.received.poll().contains("xxx"));

        says(bob, rights, call(2));
        assertTrue(bob.received.isEmpty(), "what alice owes is told with her next text, or her end");
        says(alice, rights, call(3));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":3," + TOO_MUCH, alice.received.poll());
        says(bob, rights, call(4));
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":4," + TOO_MUCH, bob.received.poll());
    }

    @Test
    void shouldBoundSubscriptionsOfAllConnectionsTogetherAndTakeBackEachOnce()
    {
        final ClientRights rights = rights(2, 0, 0);
        says(alice, rights, subscribe(1));
        says(alice, rights, subscribe(2));
        says(bob, rights, subscribe(3));

        assertTrue(bob.received.poll().contains("\"code\":-32005"));
        assertEquals(2, rights.subscriptions());
        relay.closes(alice);
        relay.run();
        assertEquals(0, rights.subscriptions());
        says(bob, rights, subscribe(4));
        relay.tick(TimeUnit.SECONDS.toNanos(60));
        relay.run();
        assertTrue(bob.received.poll().contains("\"code\":-32002"));
        assertEquals(0, rights.subscriptions());
    }

    @Test
    void shouldTakeBackASubscriptionThatCouldNotGoOnWhereItWantedTo()
    {
        relay.nodeUp();
        final ClientRights rights = rights(2, 0, 0);
        says(alice, rights, subscribe(1));
        relay.nodeSays(relay.node.received.poll().replaceAll(",\"method\".*", ",\"result\":\"0xaa\"}"));
        relay.run();
        says(bob, rights, subscribe(2).replace("]", ",{\"relay\":{\"resume\":{\"e\":\"0000000\",\"q\":1}}}]"));

        assertTrue(bob.received.poll().contains("-32071"));
        assertEquals(1, rights.subscriptions());
    }

    /** No node gives all logs: a filter is asked for by itself then, and a list of filters can't be had. */
    @Test
    void shouldTakeBackOnlyWhatIsRefusedGivenThatTheRestIsAskedForInAnotherWay()
    {
        final ClientRights rights = rights(4, 0, 0);
        says(alice, rights, subscribe(1).replace("\"newHeads\"", "\"logs\",{\"relay\":{\"any\":[{}]}}"));
        says(alice, rights, logs(2, "a1"));
        says(alice, rights, logs(3, "b2"));
        assertEquals(3, rights.subscriptions());

        final String asked = relay.node.received.stream().filter(text -> text.contains("[\"logs\",{}]")).findFirst()
            .orElseThrow();
        relay.nodeSays(asked.replaceAll(",\"method\".*", ",\"error\":{\"code\":-32602,\"message\":\"no\"}}"));
        relay.run();

        assertTrue(alice.received.poll().startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\""));
        assertEquals(2, rights.subscriptions());
        says(alice, rights, logs(4, "c3"));
        says(alice, rights, logs(5, "d4"));
        says(alice, rights, logs(6, "e5"));
        assertTrue(alice.received.poll().contains("\"id\":6,\"error\":{\"code\":-32005"));
        assertEquals(4, rights.subscriptions());
    }

    /** Filters that are polled count as subscriptions until they are uninstalled or forgotten. */
    @Test
    void shouldBoundPolledFiltersTogetherWithSubscriptions()
    {
        final ClientRights rights = rights(2, 0, 0);
        says(alice, rights, filter(1));
        says(bob, rights, subscribe(2));
        acceptAll();
        final String made = alice.received.poll();
        assertTrue(made.matches(".*\"result\":\"0x[0-9a-f]{32}\".*"), made);
        says(alice, rights, filter(3));
        assertTrue(alice.received.poll().contains("\"code\":-32005,\"message\":\"limit exceeded: too many"));
        assertEquals(2, rights.subscriptions());

        says(bob, rights, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"eth_uninstallFilter\",\"params\":[" +
            made.replaceAll(".*(\"0x[0-9a-f]{32}\").*", "$1") + "]}");
        assertEquals(1, rights.subscriptions());
        says(alice, rights, filter(5));
        relay.closes(alice);
        relay.closes(bob);
        relay.run();
        assertEquals(1, rights.subscriptions(), "a filter outlives its connection");
        for (int i = 0; i < 3; i++)
        {
            relay.tick(TimeUnit.MINUTES.toNanos(6));
            relay.run();
        }
        assertEquals(0, rights.subscriptions());
    }

    private void acceptAll()
    {
        for (String asked = relay.nodes.get(0).received.poll(); asked != null;
            asked = relay.nodes.get(0).received.poll())
        {
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + asked.replaceAll(".*\"id\":([0-9]+).*", "$1") +
                ",\"result\":\"0xa1\"}");
            relay.run();
        }
    }

    private static String filter(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_newBlockFilter\",\"params\":[]}";
    }

    private void says(final FakeOutlet client, final ClientRights rights, final String text)
    {
        assertTrue(relay.tryClientSays(client, rights, text));
        relay.run();
    }

    private static ClientRights rights(final long subscriptions, final long requests, final long bytes)
    {
        return new ClientRights("test", new MethodFilter(List.of("*"), RightsConfig.DEFAULT_DENY, List.of()), 0,
            subscriptions, requests, bytes);
    }

    private static String call(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"x_call\",\"params\":[" + id + "]}";
    }

    private static String logs(final int id, final String addressByte)
    {
        return subscribe(id).replace(
            "\"newHeads\"", "\"logs\",{\"address\":\"0x" + addressByte.repeat(20) + "\"}");
    }

    private static String subscribe(final int id)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
    }
}
