package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a session keeps has an end, and a bound, however often its client comes and goes. */
class SessionBoundTest
{
    private static final String TOKEN = "relay.session=0123456789abcdef";
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int TTL_SECONDS = 60;
    private static final int LIMIT_PER_CONNECTION = 4;

    private final FakeRelay relay = FakeRelay.recorded(
        RelayConfig.builder()
            .limits(LimitsConfig.builder().subscriptionsPerConnection(LIMIT_PER_CONNECTION).build())
            .delivery(DeliveryConfig.builder().sessionTtlMs(TTL_SECONDS * 1_000).build()),
        NetworkConfig.builder());

    @BeforeEach
    void start()
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
    void shouldGiveUpWhatNobodyAsksForGivenAClientThatComesAgainAndAgain()
    {
        final FakeOutlet first = relay.connect(TOKEN);
        subscribe(first, 1);
        leave(first);
        for (int second = 0; second < 2 * TTL_SECONDS; second += 10)
        {
            pass(10);
            leave(relay.connect(TOKEN));
        }

        assertEquals(1, relay.count(RelayCounter.SESSIONS_EXPIRED));
        subscribe(relay.connect(TOKEN), 1);
        assertEquals(0, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
    }

    @Test
    void shouldGiveTheClientTheWholeTimeToAskGivenThatItCameBack()
    {
        final FakeOutlet first = relay.connect(TOKEN);
        subscribe(first, 1);
        leave(first);
        pass(TTL_SECONDS - 1);
        final FakeOutlet second = relay.connect(TOKEN);
        pass(TTL_SECONDS - 1);
        subscribe(second, 1);

        assertEquals(1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
        assertEquals(0, relay.count(RelayCounter.SESSIONS_EXPIRED));
    }

    /** What was asked for again is left anew. */
    @Test
    void shouldKeepForGoodWhatIsAskedForEachTime()
    {
        for (int visit = 0; visit < 5; visit++)
        {
            final FakeOutlet client = relay.connect(TOKEN);
            subscribe(client, 1);
            leave(client);
            pass(TTL_SECONDS - 1);
        }

        assertEquals(4, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
        assertEquals(0, relay.count(RelayCounter.SESSIONS_EXPIRED));
    }

    /** Each has a time of its own: what was left later is kept when what was left before is given up. */
    @Test
    void shouldKeepWhatWasLeftLaterGivenThatTheTimeOfTheRestIsOver()
    {
        final FakeOutlet first = relay.connect(TOKEN);
        subscribe(first, 1);
        leave(first);
        pass(TTL_SECONDS / 2);
        final FakeOutlet second = relay.connect(TOKEN);
        subscribe(second, 2);
        pass(TTL_SECONDS / 2);
        leave(second);
        pass(TTL_SECONDS / 2);
        assertEquals(1, relay.count(RelayCounter.SESSIONS_EXPIRED));

        final FakeOutlet third = relay.connect(TOKEN);
        subscribe(third, 1);
        assertEquals(0, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
        subscribe(third, 2);
        assertEquals(1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
    }

    @Test
    void shouldKeepNoMoreOfOneSessionThanAConnectionMayHave()
    {
        for (int visit = 0; visit < 3; visit++)
        {
            final FakeOutlet client = relay.connect(TOKEN);
            for (int i = 0; i < LIMIT_PER_CONNECTION; i++)
            {
                subscribe(client, visit * LIMIT_PER_CONNECTION + i);
            }
            leave(client);
        }
        assertEquals(2 * LIMIT_PER_CONNECTION, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_EVICTED));

        final FakeOutlet last = relay.connect(TOKEN);
        for (int i = 0; i < LIMIT_PER_CONNECTION; i++)
        {
            subscribe(last, 2 * LIMIT_PER_CONNECTION + i);
        }
        assertEquals(LIMIT_PER_CONNECTION, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    private void subscribe(final FakeOutlet client, final int address)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"logs\"," +
            "{\"address\":\"0x" + String.format("%040x", address) + "\"}]}");
        relay.run();
        for (String asked = relay.node.received.poll(); asked != null; asked = relay.node.received.poll())
        {
            relay.nodeSays(asked.replaceAll(",\"method\".*",
                ",\"result\":\"" + (asked.contains("newHeads") ? "0xaa" : "0xbb") + "\"}"));
            relay.run();
        }
        assertEquals(1, client.received.stream().filter(text -> text.contains("\"result\":\"0x")).count());
        client.received.clear();
    }

    private void leave(final FakeOutlet client)
    {
        relay.run();
        relay.closes(client);
        relay.run();
    }

    private void pass(final int seconds)
    {
        relay.tick(seconds * SECOND_NS);
        relay.run();
    }
}
