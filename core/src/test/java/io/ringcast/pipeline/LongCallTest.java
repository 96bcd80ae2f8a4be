package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node that hangs up on a long text is the only one that loses its connection for it. */
class LongCallTest
{
    private static final int TOO_BIG = 1009;
    private static final int GOING_AWAY = 1001;
    private static final int MIB = 1024 * 1024;
    private static final long ATTEMPT_NS = 5_000_000_000L;

    private FakeRelay relay = relay(3);

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldNotSendOnWhatANodeMayHaveHungUpOn()
    {
        final FakeOutlet alice = relay.connect();
        final FakeOutlet bob = relay.connect();
        says(alice, read("eth_call", 2 * MIB));
        says(bob, read("eth_getBalance", 40));
        assertEquals(2, relay.nodes.get(0).received.size());

        relay.nodeDown(0, GOING_AWAY);
        relay.run();

        assertHungUp(alice);
        assertEquals(0, relay.nodes.get(2).received.size());
        // The other's is sent on as ever.
        assertEquals(1, relay.nodes.get(1).received.size());
        assertEquals(0, bob.received.size());
        assertEquals(1, relay.count(RelayCounter.CALLS_HUNG_UP_ON));
        assertEquals(1, relay.count(RelayCounter.CALLS_FAILED_OVER));
        assertEquals(1, relay.count(RelayCounter.CALLS_LOST_UPSTREAM));
    }

    @Test
    void shouldTakeTheNodesWordThatAMessageWasTooBig()
    {
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_call", 128 * 1024));
        relay.nodeDown(0, TOO_BIG);
        relay.run();

        assertHungUp(alice);
        assertEquals(0, relay.nodes.get(1).received.size());
        assertEquals(0, relay.nodes.get(2).received.size());
    }

    @Test
    void shouldSendOnWhatIsNotSoLongGivenAnotherReason()
    {
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_call", 128 * 1024));
        relay.nodeDown(0, GOING_AWAY);
        relay.run();

        assertEquals(1, relay.nodes.get(1).received.size());
        assertEquals(0, alice.received.size());
    }

    @Test
    void shouldLeaveALongCallToANodeThatIsYetToAnswer()
    {
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_call", 2 * MIB));
        relay.tick(ATTEMPT_NS);
        relay.run();

        assertEquals(0, relay.nodes.get(1).received.size());
        relay.nodeDown(0);
        relay.run();
        assertHungUp(alice);
    }

    @Test
    void shouldPassOnWhatANodeSaysToALongCall()
    {
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_call", 2 * MIB));
        final String asked = relay.nodes.get(0).received.poll();
        relay.nodeSays(0, asked.replaceAll(",\"method\".*", ",\"error\":{\"code\":-32005,\"message\":\"busy\"}}"));
        relay.run();

        // It may also be the relay's own word for a connection over HTTP that was lost.
        assertEquals(0, relay.nodes.get(1).received.size());
        assertTrue(alice.received.poll().contains("busy"));
    }

    @Test
    void shouldTellAllWhoHaveJoinedALongCall()
    {
        final FakeOutlet alice = relay.connect();
        final FakeOutlet bob = relay.connect();
        says(alice, read("eth_call", 2 * MIB));
        says(bob, read("eth_call", 2 * MIB));
        assertEquals(1, relay.nodes.get(0).received.size());
        relay.nodeDown(0);
        relay.run();

        assertHungUp(alice);
        assertHungUp(bob);
        assertEquals(2, relay.count(RelayCounter.CALLS_LOST_UPSTREAM));
    }

    @Test
    void shouldNotSendToAllWhatIsLongerThanAnyTransaction()
    {
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_sendRawTransaction", 3 * MIB));
        assertEquals(1, relay.nodes.get(0).received.size());
        assertEquals(0, relay.nodes.get(1).received.size());
        relay.nodeDown(0);
        relay.run();

        assertHungUp(alice);
        assertEquals(0, relay.nodes.get(1).received.size());
    }

    @Test
    void shouldSendATransactionWithSixBlobsToAll()
    {
        says(relay.connect(), read("eth_sendRawTransaction", 1_700_000));
        for (final FakeOutlet node : relay.nodes)
        {
            assertEquals(1, node.received.size());
        }
    }

    @Test
    void shouldSayWhyGivenTheOnlyNode()
    {
        relay.close();
        relay = relay(1);
        final FakeOutlet alice = relay.connect();
        says(alice, read("eth_call", 2 * MIB));
        relay.nodeDown(0);
        relay.run();

        assertHungUp(alice);
        assertEquals(1, relay.count(RelayCounter.CALLS_HUNG_UP_ON));
    }

    private void says(final FakeOutlet client, final String text)
    {
        relay.says(client, text);
        relay.run();
    }

    private static void assertHungUp(final FakeOutlet client)
    {
        final String answer = client.received.poll();
        assertTrue(answer != null && answer.contains("\"code\":-32070") &&
            answer.matches(".*the upstream hung up on a call of \\d{6,} bytes before the answer.*"), answer);
        assertEquals(0, client.received.size());
    }

    private static String read(final String method, final int lengthBytes)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[\"0x" +
            "0".repeat(lengthBytes) + "\",\"latest\"]}";
    }

    private static FakeRelay relay(final int nodes)
    {
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (int i = 0; i < nodes; i++)
        {
            network.upstream("ws://127.0.0.1:" + (8546 + i));
        }
        final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), network);
        for (int i = 0; i < nodes; i++)
        {
            relay.nodeUp(i);
        }
        relay.run();
        relay.nodes.forEach(node -> node.received.clear());
        return relay;
    }
}
