package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionWish;
import io.ringcast.session.MethodFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whoever makes up tokens pushes out what he has left himself, and nothing of others. */
class SessionShareTest
{
    private static final byte[] VICTIM = {10, 0, 0, 1};
    private static final byte[] STRANGER = {10, 0, 0, 2};
    private static final int SESSIONS = 8;
    private static final int SUBSCRIPTIONS = 20;

    /** With one subscription each the sessions are too many, with ten the subscriptions. */
    @ParameterizedTest
    @CsvSource({"1, STRANGER", "10, STRANGER", "1, KEY", "10, KEY"})
    void shouldKeepTheSessionOfOneGivenAFloodOfAnother(final int subscriptions, final String who)
    {
        final ClientRights key = "KEY".equals(who) ? new ClientRights("k", MethodFilter.ALL, 0, 0, 0, 0) :
            ClientRights.ALL;
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder()
                .sessions(SESSIONS).sessionSubscriptions(SUBSCRIPTIONS).build()),
            NetworkConfig.builder()))
        {
            relay.nodeUp();
            relay.run();
            visit(relay, relay.connect(token(0), ClientRights.ALL, VICTIM), 1);
            for (int i = 1; i <= 3 * SESSIONS; i++)
            {
                visit(relay, relay.connect(token(i), key, STRANGER), subscriptions);
            }
            final long evicted = relay.count(RelayCounter.SESSIONS_EVICTED);
            assertTrue(evicted > SESSIONS, () -> evicted + " evicted");

            final long resumed = relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED);
            visit(relay, relay.connect(token(0), ClientRights.ALL, VICTIM), 1);
            assertEquals(resumed + 1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
            visit(relay, relay.connect(token(1), key, STRANGER), 1);
            assertEquals(resumed + 1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
        }
    }

    /** What has expired is nobody's any more: the next to have too many gives up its own. */
    @Test
    void shouldCountForNobodyWhatIsNoLongerKept()
    {
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().sessions(SESSIONS).sessionTtlMs(60_000).build()),
            NetworkConfig.builder()))
        {
            relay.nodeUp();
            relay.run();
            for (int i = 0; i < SESSIONS; i++)
            {
                visit(relay, relay.connect(token(i), ClientRights.ALL, STRANGER), 1);
            }
            relay.tick(TimeUnit.SECONDS.toNanos(61));
            relay.run();
            assertEquals(SESSIONS, relay.count(RelayCounter.SESSIONS_EXPIRED));

            for (int i = 0; i <= SESSIONS; i++)
            {
                visit(relay, relay.connect(token(i), ClientRights.ALL, VICTIM), 1);
            }
            assertEquals(1, relay.count(RelayCounter.SESSIONS_EVICTED));
            assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        }
    }

    /** As the slot and the journal have it. */
    @Test
    void shouldHaveOneShareForEachKeyAndAddressAndReadWhatItWrites()
    {
        final ConnectionWish wish = wish("a", VICTIM);
        final byte[] text = wish.toText();
        assertEquals(wish, ConnectionWish.ofText(text, text.length));
        assertEquals(wish.share(), wish("a", VICTIM).share());
        assertNotEquals(wish.share(), wish("a", STRANGER).share());
        assertNotEquals(wish.share(), wish("b", VICTIM).share());

        final byte[] first = new byte[16];
        final byte[] sameNetwork = new byte[16];
        final byte[] other = new byte[16];
        sameNetwork[8] = 1;
        other[7] = 1;
        assertEquals(wish("a", first).share(), wish("a", sameNetwork).share());
        assertNotEquals(wish("a", first).share(), wish("a", other).share());

        final String old = "0123456789abcdef0123456789abcdef restore";
        assertEquals(new ConnectionWish(old.substring(0, 32), true, false, 0),
            ConnectionWish.ofText(old.getBytes(StandardCharsets.US_ASCII), old.length()));
    }

    private static ConnectionWish wish(final String owner, final byte[] address)
    {
        return ConnectionWish.readQuery(token(0) + "&relay=restore").of("main", owner, address);
    }

    private static String token(final int number)
    {
        return "relay.session=token-number-" + (100 + number);
    }

    /** It subscribes and leaves. */
    private static void visit(final FakeRelay relay, final FakeOutlet client, final int subscriptions)
    {
        for (int i = 0; i < subscriptions; i++)
        {
            relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
                "{\"address\":\"0x" + String.format("%040x", i) + "\"}]}");
            relay.run();
            for (String asked = relay.node.received.poll(); asked != null; asked = relay.node.received.poll())
            {
                relay.nodeSays(asked.replaceAll(",\"method\".*",
                    ",\"result\":\"" + (asked.contains("newHeads") ? "0xaa" : "0xbb") + "\"}"));
                relay.run();
            }
        }
        relay.closes(client);
        relay.run();
    }
}
