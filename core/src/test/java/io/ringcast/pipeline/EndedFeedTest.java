package io.ringcast.pipeline;

import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

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

    @Test
    void shouldGiveTheOnlyItemToAllGivenThatMoreWaitThanAreGrantedAtOnce()
    {
        try (FakeRelay solana = new FakeRelay(RelayConfig.builder(), NetworkConfig.builder().dialect(Dialect.SOLANA)))
        {
            solana.nodeUp();
            final List<FakeOutlet> clients = new ArrayList<>();
            for (int i = 0; i < 1_100; i++)
            {
                final FakeOutlet client = solana.connect();
                client.hasBarrier = false;
                clients.add(client);
                solana.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"signatureSubscribe\",\"params\":" +
                    "[\"2EanSSkn5cjv9DVKik5gtBkN1wwbV1TAXQQ5yu2RTPGwgrhEywVAQR2veu895uCDzvYwWZe6vD1Bcn8s7r22W17w\"]}");
                solana.run();
            }
            final String asked = solana.node.received.pollLast();
            solana.nodeSays(asked.replaceAll(",\"method\".*", ",\"result\":24006}"));
            solana.run();
            assertEquals(0, clients.get(1_000).received.size());

            solana.nodeSays("{\"jsonrpc\":\"2.0\",\"method\":\"signatureNotification\",\"params\":{\"result\":" +
                "{\"context\":{\"slot\":5207624},\"value\":{\"err\":null}},\"subscription\":24006}}");
            solana.run();

            for (final FakeOutlet client : clients)
            {
                assertEquals(2, client.received.size());
                assertTrue(client.received.peekLast().contains("5207624"), client.received::toString);
            }
        }
    }

    /** Answers the subscribe that was asked for last. */
    private void answer(final String member)
    {
        final String asked = relay.node.received.pollLast();
        relay.nodeSays("{\"jsonrpc\":\"2.0\"," + asked.replaceAll(".*(\"id\":[0-9]+).*", "$1") + "," + member + "}");
        relay.run();
    }
}
