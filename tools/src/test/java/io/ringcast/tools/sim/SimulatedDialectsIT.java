package io.ringcast.tools.sim;

import io.ringcast.config.Dialect;
import io.ringcast.config.NetworkConfig;
import io.ringcast.transport.Relay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Through a relay each dialect's client gets what the node tells its own. Confined to the test thread. */
final class SimulatedDialectsIT
{
    private static final long TIMEOUT_MS = 20_000;

    /** What each dialect is asked for; each tells of every step of the chain. */
    private static final Map<String, List<List<String>>> SUBSCRIBES = Map.of(
        "solana", List.of(
            List.of("slotSubscribe", "[]"), List.of("rootSubscribe", "[]"), List.of("slotsUpdatesSubscribe", "[]"),
            List.of("accountSubscribe", "[\"CM78\",{\"encoding\":\"base64\",\"commitment\":\"confirmed\"}]"),
            List.of("logsSubscribe", "[\"all\"]"), List.of("programSubscribe", "[\"1111\"]")),
        "substrate", List.of(
            List.of("chain_subscribeNewHeads", "[]"), List.of("chain_subscribeFinalizedHeads", "[]"),
            List.of("state_subscribeStorage", "[[\"0x26aa\"]]"),
            List.of("state_subscribeStorage", "[[\"0x26aa\",\"0x26ab\"]]"),
            List.of("transactionWatch_v1_submitAndWatch", "[\"0x1d01\"]"),
            List.of("archive_v1_storage", "[\"0xb1\",[{\"key\":\"0x0\"},{\"key\":\"0x1\"},{\"key\":\"0x2\"}]]")),
        "diem", List.of(
            List.of("subscribe_to_transactions", "{\"starting_version\":101}"),
            List.of("subscribe_to_transactions", "{\"starting_version\":101,\"include_events\":true}"),
            List.of("subscribe_to_events", "{\"event_key\":\"00\",\"event_seq_num\":101}")));

    @ParameterizedTest
    @CsvSource({"solana, false", "solana, true", "substrate, false", "substrate, true", "diem, false", "diem, true"})
    void shouldPassOnWhatTheNodeTells(final String name, final boolean isIpc, @TempDir final Path directory)
        throws Exception
    {
        final Dialect dialect = Dialect.parse(name);
        final Path socket = directory.resolve("n.ipc");
        try (DialectNode node = DialectNode.start(NodeSettings.quiet().withIpc(isIpc ? socket : null), dialect);
            Relay relay = relay(dialect, isIpc ? socket.toString() : node.url().toString()))
        {
            for (final List<String> subscribe : SUBSCRIBES.get(name))
            {
                try (FakeClient direct = new FakeClient(node.url());
                    FakeClient relayed = new FakeClient(url(relay)))
                {
                    final int first = "substrate".equals(name) ? 1 : 0;
                    direct.call(subscribe.get(0), subscribe.get(1));
                    final String answer = relayed.call(subscribe.get(0), subscribe.get(1));
                    assertTrue(answer.contains("\"result\":"), answer);
                    if (first == 1)
                    {
                        compare(direct, relayed);
                    }
                    node.mine(3);
                    for (int i = 0; i < 3; i++)
                    {
                        compare(direct, relayed);
                    }
                }
            }
        }
    }

    @Test
    void shouldGoOnBehindTheLastVersionWhenTheConnectionToTheNodeIsLost() throws Exception
    {
        try (DialectNode node = DialectNode.start(NodeSettings.quiet(), Dialect.DIEM);
            Relay relay = relay(Dialect.DIEM, node.url().toString());
            FakeClient client = new FakeClient(url(relay)))
        {
            client.call("subscribe_to_transactions", "{\"starting_version\":98}");
            int version = 98;
            for (int losses = 0; losses < 3; losses++)
            {
                node.mine(2);
                node.dropConnections();
                node.mine(3);
                for (; version <= 100 + (losses + 1) * 5; version++)
                {
                    final String item = client.next();
                    assertTrue(item.contains("\"id\":7,\"result\":{\"version\":" + version + ","), item);
                }
            }
        }
    }

    @Test
    void shouldEndASignaturesSubscriptionWithItsLastItem() throws Exception
    {
        try (DialectNode node = DialectNode.start(NodeSettings.quiet(), Dialect.SOLANA);
            Relay relay = relay(Dialect.SOLANA, node.url().toString());
            FakeClient client = new FakeClient(url(relay)))
        {
            client.call("signatureSubscribe", "[\"2EDS\",{\"enableReceivedNotification\":true}]");
            node.mine(5);

            assertTrue(client.next().contains("\"receivedSignature\""));
            assertTrue(client.next().contains("\"value\":{\"err\":null}"));
            final String again = client.call("signatureSubscribe", "[\"2EDS\",{\"enableReceivedNotification\":true}]");
            assertTrue(again.contains("\"result\":"), again);
            node.mine(2);
            assertTrue(client.next().contains("\"receivedSignature\""));
        }
    }

    private static void compare(final FakeClient direct, final FakeClient relayed) throws InterruptedException
    {
        assertEquals(withoutId(direct.next()), withoutId(relayed.next()));
    }

    private static String withoutId(final String text)
    {
        return text.replaceFirst("\"subscription\":(\"\\w+\"|\\d+)", "\"subscription\":0");
    }

    private static URI url(final Relay relay)
    {
        return URI.create("ws://127.0.0.1:" + relay.address().getPort());
    }

    private static Relay relay(final Dialect dialect, final String url) throws IOException, InterruptedException
    {
        final Relay relay = Relay.builder()
            .listen("127.0.0.1", 0)
            .configure(config -> config
                .network(NetworkConfig.builder().dialect(dialect).upstream(url))
                .warmUpMs(0)
                .timing(config.timing().toBuilder().reconnectMinMs(10).reconnectMaxMs(100).build()))
            .start();
        assertTrue(relay.awaitUpstreams(TIMEOUT_MS));
        return relay;
    }
}
