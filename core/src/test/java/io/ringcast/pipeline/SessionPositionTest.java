package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From where clients of sessions go on whose missed items are not all kept, who read the past, or who name a place. */
class SessionPositionTest extends SessionScript
{
    @Test
    void shouldGoOnWithTheOldestAndSayWhatIsMissingGivenThatNotAllIsKept()
    {
        try (FakeRelay small = relay(DeliveryConfig.builder().historyItems(64).build()))
        {
            ResumeTest.subscribe(small, "");
            final String params = "[\"newHeads\",{\"relay\":{\"stamps\":true}}]";
            final FakeOutlet first = small.connect(TOKEN);
            small.says(first, call(1, "eth_subscribe", params));
            small.run();
            small.closes(first);
            ResumeTest.heads(small, 1, 100);

            final FakeOutlet second = small.connect(TOKEN);
            small.says(second, call(1, "eth_subscribe", params));
            small.run();
            small.pongs(second);
            small.run();

            final String item = second.received.stream().filter(text -> text.contains("number")).findFirst().get();
            assertTrue(item.contains("\"lost\":{\"n\":36,\"from\":1,\"to\":36,\"why\":\"history\"}"), item);
            assertEquals(64, ResumeTest.numbers(second).size());
            assertEquals(1, small.count(RelayCounter.SESSION_GAPS));

            small.closes(second);
            ResumeTest.heads(small, 101, 300);
            final FakeOutlet third = small.connect(TOKEN);
            small.says(third, call(1, "eth_subscribe", params.replace("true", "true,\"onGap\":\"error\"")));
            small.run();
            assertTrue(third.received.peek().contains("-32071"), third.received::toString);
        }
    }

    @Test
    void shouldReadThePastAnewGivenThatItHadNotAllBeenRead()
    {
        final FakeOutlet first = settled(TOKEN);
        final String params = "[\"newHeads\",{\"fromBlock\":\"0x1\"},{\"relay\":{\"history\":true}}]";
        heads(5, 6);
        final String id = subscribe(first, params);
        relay.pongs(first);
        relay.run();
        assertEquals(1, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
        relay.closes(first);

        final FakeOutlet second = relay.connect(TOKEN);
        assertEquals(id, subscribe(second, params));

        assertEquals(2, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
        assertEquals(0, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_RESUMED));
    }

    @Test
    void shouldReadThePastAnewByItselfGivenThatRestoreIsAskedFor()
    {
        final FakeOutlet first = settled(RESTORE);
        heads(5, 6);
        subscribe(first, "[\"newHeads\",{\"fromBlock\":\"0x1\"},{\"relay\":{\"history\":true}}]");
        relay.pongs(first);
        relay.run();
        relay.closes(first);

        relay.connect(RESTORE);
        relay.run();

        assertEquals(2, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
    }

    @Test
    void shouldGiveNoPastGivenThatWhatComesBackDoesNotAskForIt()
    {
        final FakeOutlet first = settled(TOKEN);
        heads(5, 6);
        final String id = subscribe(
            first, "[\"newHeads\",{\"fromBlock\":\"0x1\"},{\"relay\":{\"history\":true}}]");
        relay.closes(first);

        final FakeOutlet second = relay.connect(TOKEN);
        assertEquals(id, subscribe(second, HEADS));
        heads(7, 7);
        prove(second);

        assertEquals(List.of(7), ResumeTest.numbers(second));
        assertEquals(1, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
    }

    @Test
    void shouldPreferThePositionThatASubscribeNames()
    {
        final FakeOutlet first = settled(TOKEN);
        subscribe(first, HEADS);
        heads(1, 5);
        prove(first);
        relay.closes(first);

        final FakeOutlet second = relay.connect(TOKEN);
        subscribe(second, "[\"newHeads\",{\"relay\":{\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":3}}}]");
        prove(second);

        assertEquals(List.of(4, 5), ResumeTest.numbers(second));
    }

    @Test
    void shouldGoOnBehindTheNamedPlaceGivenThatTheConnectionEndsBeforeItHasReadWhatFollows()
    {
        heldBehindAPlace(false);
    }

    @Test
    void shouldGoOnBehindTheNamedPlaceGivenAProofFromBeforeItWasFound()
    {
        heldBehindAPlace(true);
    }

    /** Of five heads the client had the second; the connection ends when the place is found and nothing is read. */
    private void heldBehindAPlace(final boolean isPingedBefore)
    {
        final FakeOutlet first = settled(TOKEN);
        heads(1, 5);
        subscribe(first, "[\"newHeads\",{\"relay\":{\"resume\":{\"c\":\"2:" +
            ResumeTest.hash(2).substring(2, 18) + ":0\"}}}]");
        if (isPingedBefore)
        {
            relay.tick(100_000_000L);
        }
        relay.tick(300_000_000L);
        relay.run();
        assertEquals(List.of(3, 4, 5), ResumeTest.numbers(first));
        if (isPingedBefore)
        {
            relay.pongs(first, first.pingTokens.peekFirst());
            relay.run();
        }
        relay.closes(first);
        heads(6, 6);

        final FakeOutlet second = relay.connect(TOKEN);
        subscribe(second, HEADS);
        prove(second);

        assertEquals(List.of(3, 4, 5, 6), ResumeTest.numbers(second));
    }
}
