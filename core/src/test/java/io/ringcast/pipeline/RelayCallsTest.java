package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ClientRights;
import io.ringcast.session.FiguresText;
import io.ringcast.session.MethodFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What clients ask the relay about their own affairs; each answer is compared with that of a replay. */
class RelayCallsTest
{
    private static final String HEADS = "[\"newHeads\"]";

    private final FakeRelay relay = FakeRelay.recorded(
        RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(64).build()), NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldTellNumberAndPlaceOfAnItem()
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = relay.connect();
        final String id = idOf(say(client, "eth_subscribe", HEADS));
        ResumeTest.heads(relay, 1, 5);
        relay.pongs(client);
        relay.run();
        client.received.clear();
        final String third = "{\"e\":\"" + relay.parts.epoch() + "\",\"q\":3,\"c\":\"3:" +
            ResumeTest.hash(3).substring(2, 18) + ":0\"}";

        assertEquals(third, result(client, "relay_cursor", "[\"" + id + "\",{\"q\":3}]"));
        assertEquals(third, result(client, "relay_cursor",
            "[\"" + id + "\",{\"e\":\"" + relay.parts.epoch() + "\",\"q\":3}]"));
        assertEquals(third, result(client, "relay_cursor",
            "[\"" + id + "\",{\"c\":\"3:" + ResumeTest.hash(3).substring(2, 18) + ":0\"}]"));
        assertTrue(result(client, "relay_cursor", "[\"" + id + "\"]").contains("\"q\":5,"));
    }

    @Test
    void shouldSayWhatIsKeptGivenAPositionThatIsNot()
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = relay.connect();
        final String id = idOf(say(client, "eth_subscribe", HEADS));
        relay.pongs(client);
        ResumeTest.heads(relay, 1, 100);
        client.received.clear();

        for (final String position : new String[]{
            "{\"q\":36}", "{\"q\":101}", "{\"e\":\"another\",\"q\":90}", "{\"c\":\"7:0123456789abcdef:0\"}"})
        {
            final String answer = say(client, "relay_cursor", "[\"" + id + "\"," + position + "]");
            assertTrue(answer.contains("-32071") && answer.contains("\"q\":36"), answer);
        }
        for (final String params : new String[]{
            "[]", "[7]", "[\"" + id + "\",7]", "[\"" + id + "\",{\"c\":\"x\"}]", "[\"" + id + "\",{\"q\":\"1\"}]",
            "[\"" + id + "\",{\"q\":1,\"x\":1}]", "{}"})
        {
            final String answer = say(client, "relay_cursor", params);
            assertTrue(answer.contains("-32602"), params + answer);
        }
        assertTrue(say(client, "relay_cursor", "[\"0x1\"]").contains("subscription not found"));
    }

    @Test
    void shouldTellTheLimitsOfConnectionAndKeyAndTheSameInAReplay()
    {
        ResumeTest.subscribe(relay, "");
        final ClientRights rights = new ClientRights("k", MethodFilter.ALL, 9, 8, 700, 6_000_000);
        final FakeOutlet client = relay.connect();
        relay.tryClientSays(client, rights, call("eth_subscribe", HEADS));
        relay.run();
        client.received.clear();
        relay.tryClientSays(client, rights, call("relay_limits", "[]"));
        relay.run();

        final String answer = client.received.poll();
        assertTrue(answer.contains("\"connection\":{\"subscriptions\":{\"max\":1024,\"now\":1}"), answer);
        assertTrue(answer.contains("\"key\":{\"connections\":{\"max\":9,\"now\":0},\"subscriptions\":{\"max\":8," +
            "\"now\":1},\"requestsPerSecond\":700,\"bytesPerSecond\":6000000}"), answer);
    }

    @Test
    void shouldAnswerWithWhatTheLoopHasMeasured()
    {
        final FakeOutlet client = relay.connect();
        client.onFiguresAsked = ticket -> relay.tellsFigures(client, ticket, "\"queue\":{\"items\":1,\"bytes\":2}");
        relay.says(client, call("relay_myLatency", "[]"));
        relay.run();

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"queue\":{\"items\":1,\"bytes\":2}," +
            "\"lost\":0,\"merged\":0}}", client.received.poll());

        // Nobody is answered twice, and nobody else.
        relay.tellsFigures(client, 1, "\"queue\":{}");
        relay.run();
        assertTrue(client.received.isEmpty());
    }

    @Test
    void shouldRefuseToMeasureGivenItsLoopMeasuresTooManyOthers()
    {
        final FakeOutlet client = relay.connect();
        client.onFiguresAsked = ticket -> relay.tellsFigures(client, ticket, FiguresText.NONE);
        relay.says(client, call("relay_myLatency", "[]"));
        relay.run();

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32005,\"message\":" +
            "\"limit exceeded: too many connections are measured\"}}", client.received.poll());
        assertEquals(1, relay.count(RelayCounter.LIMIT_REFUSALS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"5m\"]", "[60]", "[\"60s\",1]", "{\"window\":\"60s\"}"})
    void shouldRefuseAStretchOfTimeThatIsNotMeasured(final String params)
    {
        final FakeOutlet client = relay.connect();
        relay.says(client, call("relay_myLatency", params));
        relay.run();

        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"relay_myLatency params; " +
            "allowed: none, or [\\\"60s\\\"]\"}}", client.received.poll());
    }

    @ParameterizedTest
    @CsvSource({
        "dropOldest, maxItems, 5, SKIPPED_BY_ITEMS",
        "dropOldest, maxBytes, 1, SKIPPED_BY_BYTES",
        "dropOldest, maxAgeMs, 1000, SKIPPED_BY_AGE",
        "dropNew, maxItems, 5, SKIPPED_BY_ITEMS",
        "dropNew, maxBytes, 1, SKIPPED_BY_BYTES",
        "dropNew, maxAgeMs, 1000, SKIPPED_BY_AGE"})
    void shouldCountALossByWhatWentOver(
        final String policy, final String bound, final long limit, final RelayCounter counter)
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = relay.connect();
        say(client, "eth_subscribe",
            "[\"newHeads\",{\"relay\":{\"lag\":{\"policy\":\"" + policy + "\",\"" + bound + "\":" + limit + "}}}]");
        relay.pongs(client);
        relay.run();
        relay.parts.loops[0].onCongested(client);
        ResumeTest.heads(relay, 1, 15);
        relay.tick(2_000_000_000L);
        ResumeTest.heads(relay, 16, 20);
        client.received.clear();
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        relay.run();

        final int left = client.received.size();
        assertTrue(left > 0 && left < 20, client.received::toString);
        assertEquals(20 - left, relay.count(counter));
    }

    @Test
    void shouldTellALossAndWhatWaitsToThoseWhoListenToTheStatus()
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = relay.connect();
        say(client, "eth_subscribe", "[\"relay_status\"]");
        final String id = idOf(say(client, "eth_subscribe",
            "[\"newHeads\",{\"relay\":{\"lag\":{\"policy\":\"dropOldest\",\"maxItems\":5}}}]"));
        relay.pongs(client);
        relay.pongs(client);
        relay.run();
        client.onFiguresAsked = ticket -> relay.tellsFigures(client, ticket, "\"queue\":{\"items\":3,\"bytes\":4}");
        relay.parts.loops[0].onCongested(client);
        ResumeTest.heads(relay, 1, 20);
        client.received.clear();
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        relay.run();

        assertTrue(client.received.stream().anyMatch(text -> text.contains("\"result\":{\"event\":\"lost\"," +
            "\"subscription\":\"" + id + "\",\"n\":15,\"from\":1,\"to\":15,\"why\":\"items\"}")),
            client.received::toString);

        relay.tick(2_000_000_000L);
        relay.run();
        assertTrue(client.received.stream().anyMatch(text -> text.contains(
            "\"result\":{\"event\":\"own\",\"queue\":{\"items\":3,\"bytes\":4},\"lost\":15,\"merged\":0}")),
            client.received::toString);
        assertEquals(0, FiguresText.STATUS);
    }

    private String result(final FakeOutlet client, final String method, final String params)
    {
        final String answer = say(client, method, params);
        return answer.substring(answer.indexOf("\"result\":") + 9, answer.length() - 1);
    }

    private String say(final FakeOutlet client, final String method, final String params)
    {
        relay.says(client, call(method, params));
        relay.run();
        String answer = client.received.poll();
        while (FakeOutlet.PING.equals(answer))
        {
            answer = client.received.poll();
        }
        return answer;
    }

    private static String idOf(final String answer)
    {
        return answer.replaceAll(".*\"result\":\"(0x[0-9a-f]+)\".*", "$1");
    }

    private static String call(final String method, final String params)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }
}
