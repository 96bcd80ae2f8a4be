package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A client that says what it had last gets what follows, and then what is published, once. */
class ResumeTest
{
    private final FakeRelay relay = relay(DeliveryConfig.defaults());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldSendWhatWasMissedBehindTheBarrierAndThenWhatIsNew()
    {
        final FakeOutlet alice = subscribed("");
        heads(1, 5);
        assertEquals(List.of(1, 2, 3, 4, 5), numbers(alice));

        final FakeOutlet bob = asked(",{\"relay\":{\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":2}}}");
        final String answer = bob.received.poll();
        assertTrue(answer.contains("\"result\":\"0x"), answer);
        assertEquals(FakeOutlet.PING, bob.received.poll());
        heads(6, 6);
        assertEquals(List.of(), numbers(bob));
        relay.pongs(bob);
        heads(7, 7);
        relay.run();

        assertEquals(List.of(3, 4, 5, 6, 7), numbers(bob));
        heads(8, 9);
        assertEquals(List.of(8, 9), numbers(bob));
        assertEquals(List.of(6, 7, 8, 9), numbers(alice));
        assertEquals(1, relay.count(RelayCounter.SUBSCRIBES_RESUMED));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldTellNoTimeOfPublishingOfWhatIsSentLater()
    {
        subscribed("");
        heads(1, 2);
        relay.clockStepNs = 17;

        final FakeOutlet bob = asked(",{\"relay\":{\"stamps\":true,\"resume\":{\"e\":\"" + relay.parts.epoch() +
            "\",\"q\":1}}}");
        relay.pongs(bob);
        relay.run();
        heads(3, 3);

        final String resumed = bob.received.stream().filter(text -> text.contains("\"q\":2")).findFirst().orElseThrow();
        final String live = bob.received.stream().filter(text -> text.contains("\"q\":3")).findFirst().orElseThrow();
        assertTrue(resumed.matches(".*\"t\":\\{\"rx\":\"[0-9]+\",\"tx\":\"[0-9]+\"}.*"), resumed);
        assertTrue(live.matches(".*\"t\":\\{\"rx\":\"[0-9]+\",\"pub\":\"[0-9]+\",\"tx\":\"[0-9]+\"}.*"), live);
    }

    @Test
    void shouldSayTheOldestPositionGivenOneThatIsNoLongerKeptOrOfAnotherEpoch()
    {
        try (FakeRelay small = relay(DeliveryConfig.builder().historyItems(64).build()))
        {
            subscribe(small, "");
            heads(small, 1, 100);

            final FakeOutlet bob = ask(small, ",{\"relay\":{\"resume\":{\"e\":\"" + small.parts.epoch() +
                "\",\"q\":35}}}");
            final FakeOutlet carol = ask(small, ",{\"relay\":{\"resume\":{\"e\":\"another\",\"q\":99}}}");
            final FakeOutlet dave = ask(small, ",{\"relay\":{\"resume\":{\"e\":\"" + small.parts.epoch() +
                "\",\"q\":36}}}");
            small.run();

            final String lost = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32071,\"message\":\"the items " +
                "behind this position are no longer kept\",\"data\":{\"oldest\":{\"e\":\"" + small.parts.epoch() +
                "\",\"q\":36},\"cursor\":\"37:" + hash(37).substring(2, 18) + ":0\"}}}";
            assertEquals(List.of(lost), List.copyOf(bob.received));
            assertEquals(List.of(lost), List.copyOf(carol.received));
            small.pongs(dave);
            small.run();
            assertEquals(64, numbers(dave).size());
        }
    }

    @Test
    void shouldRefuseToResumeGivenThatNothingIsKept()
    {
        try (FakeRelay none = relay(DeliveryConfig.builder().historyBytes(0).build()))
        {
            subscribe(none, "");
            heads(none, 1, 3);

            final FakeOutlet bob = ask(none, ",{\"relay\":{\"resume\":{\"e\":\"" + none.parts.epoch() +
                "\",\"q\":2}}}");

            assertTrue(bob.received.peek().contains("-32071"), bob.received.peek());
            assertTrue(bob.received.peek().contains("\"oldest\":null"), bob.received.peek());
        }
    }

    @Test
    void shouldGoOnBehindAPlaceOnTheChain()
    {
        subscribed("");
        heads(1, 3);

        final FakeOutlet bob = asked(",{\"relay\":{\"resume\":{\"c\":\"2:" + hash(2).substring(2, 18) + ":0\"}}}");
        relay.pongs(bob);
        relay.run();

        assertEquals(List.of(3), numbers(bob));
    }

    @Test
    void shouldGoOnByPlaceGivenANumberOfAnotherEpochBesideIt()
    {
        subscribed("");
        heads(1, 4);
        final String place = "\"c\":\"2:" + hash(2).substring(2, 18) + ":0\"";

        final FakeOutlet bob = asked(",{\"relay\":{\"resume\":{\"e\":\"another\",\"q\":3," + place + "}}}");
        final FakeOutlet carol = asked(
            ",{\"relay\":{\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":3," + place + "}}}");
        relay.pongs(bob);
        relay.pongs(carol);
        relay.run();

        assertEquals(List.of(3, 4), numbers(bob));
        assertEquals(List.of(4), numbers(carol));
    }

    @Test
    void shouldNotAskTheNodesForWhatStandsBehindANumberThatIsForgotten()
    {
        try (FakeRelay small = relay(DeliveryConfig.builder().historyItems(64).build()))
        {
            subscribe(small, "");
            heads(small, 1, 100);
            final String number = "\"resume\":{\"e\":\"" + small.parts.epoch() + "\",\"q\":5";

            final FakeOutlet bob = ask(small, ",{\"relay\":{\"onGap\":\"backfill\"," + number + "}}}");
            final FakeOutlet carol = ask(small, ",{\"relay\":{\"onGap\":\"backfill\"," + number + ",\"c\":\"5:" +
                hash(5).substring(2, 18) + ":0\"}}}");
            small.run();

            assertTrue(bob.received.peek().contains("\"code\":-32071") && bob.received.peek().contains("\"q\":36}"),
                bob.received.peek());
            assertTrue(carol.received.peek().contains("\"result\":\"0x"), carol.received.peek());
            assertEquals(1, small.count(RelayCounter.GAPS_FILLED));
        }
    }

    private static FakeRelay relay(final DeliveryConfig delivery)
    {
        return new FakeRelay(RelayConfig.builder().delivery(delivery), NetworkConfig.builder());
    }

    private FakeOutlet subscribed(final String options)
    {
        return subscribe(relay, options);
    }

    private FakeOutlet asked(final String options)
    {
        return ask(relay, options);
    }

    private void heads(final int first, final int last)
    {
        heads(relay, first, last);
    }

    static FakeOutlet subscribe(final FakeRelay relay, final String options)
    {
        relay.nodeUp();
        final FakeOutlet client = ask(relay, options);
        final String call = relay.node.received.poll();
        relay.nodeSays(call.replaceAll(",\"method\".*", ",\"result\":\"0xaa\"}"));
        relay.run();
        relay.pongs(client);
        relay.run();
        client.received.clear();
        return client;
    }

    static FakeOutlet ask(final FakeRelay relay, final String options)
    {
        final FakeOutlet client = relay.connect();
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"" +
            options + "]}");
        relay.run();
        return client;
    }

    static void heads(final FakeRelay relay, final int first, final int last)
    {
        for (int number = first; number <= last; number++)
        {
            relay.nodeSays(head(number));
            relay.run();
        }
    }

    static String head(final int number)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"0xaa\"," +
            "\"result\":{\"number\":\"0x" + Integer.toHexString(number) + "\",\"hash\":\"" + hash(number) +
            "\",\"parentHash\":\"" + hash(number - 1) + "\"}}}";
    }

    static String hash(final int number)
    {
        return "0x" + String.format("%016x", number * 0x9E3779B97F4A7C15L).repeat(4);
    }

    static List<Integer> numbers(final FakeOutlet client)
    {
        final List<Integer> numbers = new ArrayList<>();
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            if (text.contains("eth_subscription"))
            {
                numbers.add(Integer.parseInt(text.replaceAll(".*\"number\":\"0x([0-9a-f]+)\".*", "$1"), 16));
            }
        }
        return numbers;
    }
}
