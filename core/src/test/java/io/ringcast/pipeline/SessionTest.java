package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.MethodFilter;
import io.ringcast.session.OptionsParser;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Clients that come back with the token of a session go on where they were, as long as it is kept. */
class SessionTest extends SessionScript
{
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void shouldGiveTheSameIdAndWhatWasMissedGivenTheTokenAgain()
    {
        final FakeOutlet first = settled(TOKEN);
        final String id = subscribe(first, HEADS);
        heads(1, 3);
        prove(first);
        assertEquals(List.of(1, 2, 3), ResumeTest.numbers(first));
        relay.closes(first);
        heads(4, 6);

        final FakeOutlet second = relay.connect(TOKEN);
        assertEquals(id, subscribe(second, HEADS));
        heads(7, 7);
        prove(second);

        assertEquals(List.of(4, 5, 6, 7), ResumeTest.numbers(second));
        assertEquals(1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
    }

    @Test
    void shouldBeginAnewGivenAnotherTokenOrAnotherOwner()
    {
        final FakeOutlet first = settled(TOKEN);
        subscribe(first, HEADS);
        heads(1, 1);
        relay.closes(first);
        heads(2, 2);

        final FakeOutlet stranger = relay.connect("relay.session=0123456789abcdeF");
        subscribe(stranger, HEADS);
        final FakeOutlet thief = relay.connect(TOKEN, new ClientRights("thief", MethodFilter.ALL, 0, 0, 0, 0));
        subscribe(thief, HEADS);
        prove(stranger);
        prove(thief);

        assertEquals(List.of(), ResumeTest.numbers(stranger));
        assertEquals(List.of(), ResumeTest.numbers(thief));
        assertEquals(0, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
    }

    @Test
    void shouldEndTheConnectionThatHasTheSessionGivenAnotherOneWithTheToken()
    {
        final FakeOutlet first = settled(TOKEN);
        final String id = subscribe(first, HEADS);
        heads(1, 2);
        prove(first);
        ResumeTest.numbers(first);
        heads(3, 3);

        // Its end is on its way when the next one already subscribes, and ends, and comes once more.
        final FakeOutlet second = relay.connect(TOKEN);
        relay.says(second, call(5, "eth_subscribe", HEADS));
        final FakeOutlet third = relay.connect(TOKEN);
        relay.says(third, call(6, "eth_subscribe", HEADS));
        relay.run();

        assertTrue(first.isGone);
        assertTrue(second.isGone);
        assertTrue(third.received.peek().contains(id), third.received::toString);
        prove(third);
        assertEquals(List.of(3), ResumeTest.numbers(third));
        assertEquals(2, relay.count(RelayCounter.SESSIONS_TAKEN_OVER));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldBeginByItselfAndAnswerTheSubscribeOnceGivenThatRestoreIsAskedFor()
    {
        final FakeOutlet first = settled(RESTORE);
        final String id = subscribe(first, HEADS);
        heads(1, 1);
        prove(first);
        relay.closes(first);
        heads(2, 2);

        final FakeOutlet second = relay.connect(RESTORE);
        relay.run();
        prove(second);
        assertEquals(List.of(2), ResumeTest.numbers(second));
        assertEquals(id, subscribe(second, HEADS));
        assertFalse(id.equals(subscribe(second, HEADS)), "a second subscription has an id of its own");
        prove(second);
        heads(3, 3);
        assertEquals(List.of(3, 3), ResumeTest.numbers(second));
    }

    @Test
    void shouldCountAndKeepWhatDoesNotBeginByItselfGivenThatItsKeyHasAsManyAsItMay()
    {
        final ClientRights rights = new ClientRights("one", MethodFilter.ALL, 0, 1, 0, 0);
        ResumeTest.subscribe(relay, "");
        final FakeOutlet first = relay.connect(RESTORE, rights);
        subscribe(first, HEADS);
        prove(first);
        relay.closes(first);
        heads(1, 1);
        final FakeOutlet other = relay.connect("relay=status", rights);
        relay.run();

        final FakeOutlet second = relay.connect(RESTORE + "&relay=status", rights);
        prove(second);
        assertEquals(List.of(), ResumeTest.numbers(second));
        assertEquals(2, relay.count(RelayCounter.SESSION_RESTORES_REFUSED), "the subscription, and the status");
        relay.closes(other);
        relay.closes(second);
        relay.run();

        final FakeOutlet third = relay.connect(RESTORE, rights);
        prove(third);
        assertEquals(List.of(1), ResumeTest.numbers(third));
    }

    @Test
    void shouldEndWhatIsKeptGivenAnUnsubscribeByTheOldId()
    {
        final FakeOutlet first = settled(TOKEN);
        final String id = subscribe(first, HEADS);
        relay.closes(first);

        final FakeOutlet second = relay.connect(TOKEN);
        final String answer = say(second, call(1, "eth_unsubscribe", "[\"" + id + "\"]"));
        final String again = say(second, call(2, "eth_unsubscribe", "[\"" + id + "\"]"));

        assertTrue(answer.endsWith("\"result\":true}"), answer);
        assertTrue(again.contains("subscription not found"), again);
    }

    @Test
    void shouldGiveUpWhatIsKeptGivenThatItsTimeIsOver()
    {
        final FakeOutlet first = settled(TOKEN);
        subscribe(first, HEADS);
        heads(1, 1);
        relay.closes(first);
        relay.run();
        relay.tick(59 * SECOND_NS);
        relay.run();
        assertEquals(0, relay.count(RelayCounter.SESSIONS_EXPIRED));

        relay.tick(SECOND_NS);
        relay.run();
        heads(2, 2);
        final FakeOutlet second = relay.connect(TOKEN);
        subscribe(second, HEADS);
        prove(second);

        assertEquals(1, relay.count(RelayCounter.SESSIONS_EXPIRED));
        assertEquals(List.of(), ResumeTest.numbers(second));
    }

    @Test
    void shouldLetTheTopicGoGivenThatNobodyCameBack()
    {
        final FakeOutlet first = settled(TOKEN);
        subscribe(first, "[\"logs\",{\"address\":\"0x" + "ab".repeat(20) + "\"}]");
        relay.closes(first);
        relay.run();
        relay.node.received.clear();

        relay.tick(59 * SECOND_NS);
        relay.run();
        assertTrue(relay.node.received.stream().noneMatch(text -> text.contains("eth_unsubscribe")), "it is kept");
        relay.tick(SECOND_NS);
        relay.run();
        relay.tick(20 * SECOND_NS);
        relay.run();
        assertTrue(relay.node.received.stream().anyMatch(text -> text.contains("eth_unsubscribe")));
    }

    @Test
    void shouldGiveUpTheOldestGivenMoreThanAreKept()
    {
        try (FakeRelay small = relay(
            DeliveryConfig.builder().sessions(2).sessionSubscriptions(3).build()))
        {
            ResumeTest.subscribe(small, "");
            for (final char last : new char[]{'0', '1', '2'})
            {
                final FakeOutlet client = small.connect("relay.session=0123456789abcde" + last);
                small.says(client, call(1, "eth_subscribe", HEADS));
                small.run();
                small.closes(client);
                small.run();
            }
            assertEquals(1, small.count(RelayCounter.SESSIONS_EVICTED));

            final FakeOutlet many = small.connect("relay.session=0123456789abcde3");
            for (int i = 0; i < 3; i++)
            {
                small.says(many, call(i, "eth_subscribe", HEADS));
            }
            small.run();
            small.closes(many);
            small.run();
            assertEquals(3, small.count(RelayCounter.SESSIONS_EVICTED));
            assertEquals(0, small.count(RelayCounter.STAGE_FAILURES));
        }
    }

    @Test
    void shouldSubscribeToTheStatusGivenThatTheUrlAsksForIt()
    {
        final FakeOutlet client = settled("relay=status");
        prove(client);
        client.received.clear();
        relay.tick(2 * SECOND_NS);
        relay.run();

        assertTrue(client.received.peek().contains("\"event\":\"heartbeat\""), client.received::toString);
    }

    /** Expired, pushed out or never there: whoever has forgotten a token can't tell. */
    @Test
    void shouldTellTheStatusHowManySubscriptionsWereKeptUnderTheToken()
    {
        final FakeOutlet first = settled(TOKEN + "&relay=status");
        prove(first);
        assertEquals(List.of(0), kept(first), first.received::toString);
        subscribe(first, HEADS);
        relay.closes(first);
        relay.run();

        final FakeOutlet second = connected(RESTORE + "&relay=status");
        prove(second);
        assertEquals(List.of(1), kept(second), second.received::toString);
        relay.closes(second);
        relay.tick(120 * SECOND_NS);
        relay.run();

        final FakeOutlet third = connected(TOKEN);
        subscribe(third, HEADS);
        subscribe(third, "[\"relay_status\"]");
        prove(third);
        assertEquals(List.of(0), kept(third), third.received::toString);
        final FakeOutlet plain = connected("relay=status");
        prove(plain);
        assertEquals(List.of(), kept(plain), "no token");
    }

    private FakeOutlet connected(final String query)
    {
        final FakeOutlet client = relay.connect(query);
        relay.run();
        return client;
    }

    private static List<Integer> kept(final FakeOutlet client)
    {
        return client.received.stream().filter(text -> text.contains("\"event\":\"session\""))
            .map(text -> Integer.valueOf(text.replaceAll(".*\"kept\":|}.*", ""))).toList();
    }

    @Test
    void shouldBeginTheStatusOfTheUrlAnewGivenThatNotAllIsKeptAndTheOptionsWantAnError()
    {
        try (FakeRelay small = new FakeRelay(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(64).sessionTtlMs(600_000).build()),
            NetworkConfig.builder().options(new OptionsParser().readQuery("relay.onGap=error").options())))
        {
            small.connect("relay=status");
            final FakeOutlet first = small.connect(TOKEN + "&relay=status");
            small.run();
            small.closes(first);
            for (int i = 0; i < 100; i++)
            {
                small.tick(SECOND_NS);
                small.run();
            }

            final FakeOutlet second = small.connect(TOKEN + "&relay=status");
            small.run();
            small.pongs(second);
            small.tick(SECOND_NS);
            small.run();

            assertTrue(second.received.peekLast().contains("\"event\":\"heartbeat\""), second.received::toString);
            assertEquals(0, small.count(RelayCounter.STAGE_FAILURES));
        }
    }

    @Test
    void shouldRefuseAndNotGrantGivenThatTooManyCallsWaitForTheOtherConnection()
    {
        try (FakeRelay small = FakeRelay.recorded(RelayConfig.builder().limits(
            LimitsConfig.builder().set(LimitsConfig.SUBSCRIPTIONS_PER_CONNECTION, 2).build()), NetworkConfig.builder()))
        {
            ResumeTest.subscribe(small, "");
            final FakeOutlet first = small.connect(TOKEN);
            small.run();
            first.onTakenOver = () -> { };
            final FakeOutlet second = small.connect(TOKEN);
            small.run();
            for (int id = 1; id <= 3; id++)
            {
                small.says(second, call(id, "eth_subscribe", HEADS));
            }
            small.says(second, call(4, "eth_unsubscribe", "[\"0x1\"]"));
            small.run();

            assertEquals(2, second.received.size(), second.received::toString);
            assertTrue(second.received.poll().startsWith("{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32005," +
                "\"message\":\"limit exceeded: at most 2 calls of 1048576 bytes may wait for the session's"));
            assertTrue(second.received.poll().contains("\"id\":4,\"error\""));
            assertEquals(2, small.count(RelayCounter.LIMIT_REFUSALS));
            assertEquals(1, small.count(RelayCounter.SUBSCRIBES_REFUSED));
            small.closes(first);
            small.run();
            assertEquals(2, second.received.stream().filter(text -> text.contains("\"result\":\"0x")).count());
        }
    }

    @Test
    void shouldRefuseGivenThatTheCallsHoldTooManyBytesThatWaitForTheOtherConnection()
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet first = relay.connect(TOKEN);
        relay.run();
        first.onTakenOver = () -> { };
        final FakeOutlet second = relay.connect(TOKEN);
        relay.run();
        final String large = "[\"newHeads\"" + " ".repeat(600 * 1024) + "]";
        relay.says(second, call(1, "eth_subscribe", large));
        relay.says(second, call(2, "eth_subscribe", large));
        relay.says(second, call(3, "eth_subscribe", HEADS));
        relay.run();

        assertEquals(1, second.received.size(), second.received::toString);
        assertTrue(second.received.poll().startsWith("{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32005," +
            "\"message\":\"limit exceeded: at most 1024 calls of 1048576 bytes may wait for the session's"));
        assertEquals(1, relay.count(RelayCounter.LIMIT_REFUSALS));
        relay.closes(first);
        relay.run();
        assertEquals(2, second.received.stream().filter(text -> text.contains("\"result\":\"0x")).count());
    }
}
