package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;


import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How much may wait for a slow subscription that is closed, or read on for, or given the newest items. */
class LagBoundsTest
{
    private static final int KEPT_ITEMS = 2_048;

    private final FakeRelay relay = FakeRelay.recorded(
        RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(KEPT_ITEMS).build()),
        NetworkConfig.builder());
    private String cutOffAt;

    @AfterEach
    void close()
    {
        relay.close();
    }

    @ParameterizedTest
    @CsvSource({
        "disconnect, maxItems, 5, 5",
        "spill, maxItems, 5, 5",
        "disconnect, maxBytes, 1000, 5",
        "spill, maxBytes, 1000, 5"})
    void shouldCloseAsSoonAsMoreWaitsThanTheBound(
        final String policy, final String bound, final long limit, final int allowed)
    {
        final FakeOutlet client = slow(policy, bound, limit);
        final long length = ResumeTest.head(1).replaceAll(".*\"result\":|}}$", "").length();
        assertTrue(!"maxBytes".equals(bound) || limit / length == allowed, () -> "of " + length + " bytes each");
        ResumeTest.heads(relay, 2, 1 + allowed);
        tick();
        assertEquals(null, cutOffAt);

        ResumeTest.heads(relay, 2 + allowed, 2 + allowed);
        tick();
        assertEquals("1", cutOffAt, "it was handed the first");
        assertEquals(1, relay.count(RelayCounter.LAGS_BEYOND_BOUNDS));
        relay.closes(client);
        tick();
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    /** An answer gives 256 items, and the socket is full again before it has taken all. */
    @ParameterizedTest
    @CsvSource({"maxItems, 1500", "maxBytes, 276000"})
    void shouldCountNothingThatWasGiven(final String bound, final long limit)
    {
        final FakeOutlet client = slow("disconnect", bound, limit);
        ResumeTest.heads(relay, 2, 1_201);
        tick();
        takeSome(client);
        final int given = ResumeTest.numbers(client).size();
        assertTrue(given > 256 && given < 1_201, () -> given + " given");
        ResumeTest.heads(relay, 1_202, given + 1_400);
        tick();
        assertEquals(null, cutOffAt);
        ResumeTest.heads(relay, given + 1_401, given + 1_600);
        tick();
        assertEquals(String.valueOf(given), cutOffAt);
    }

    private void takeSome(final FakeOutlet client)
    {
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        final int before = client.received.size();
        for (int polls = 0; client.received.size() == before && polls < 10; polls++)
        {
            relay.pipeline.runStages();
            relay.pipeline.poller(0).poll();
        }
        relay.parts.loops[0].onCongested(client);
        relay.run();
    }

    @Test
    void shouldCloseWhoHasLostItemsWithinItsBound()
    {
        slow("disconnect", "maxItems", 100 * KEPT_ITEMS);
        ResumeTest.heads(relay, 2, 3 * KEPT_ITEMS);
        tick();
        assertEquals("1", cutOffAt);
        assertEquals(1, relay.count(RelayCounter.LAGS_BEYOND_BOUNDS));
    }

    @ParameterizedTest
    @CsvSource({"maxBytes, 1000000", "maxAgeMs, 100000"})
    void shouldNotCloseWhoSpillsBeyondTheHistoryWithinItsBound(final String bound, final long limit)
    {
        final FakeOutlet client = slow("spill", bound, limit);
        ResumeTest.heads(relay, 2, 3 * KEPT_ITEMS);
        tick();
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        relay.run();
        assertEquals(null, cutOffAt);
        assertEquals(0, relay.count(RelayCounter.LAGS_BEYOND_BOUNDS));
    }

    /** Each item is looked at once, and what is no longer kept still waits. */
    @Test
    void shouldSumUpWhatIsNoLongerKept()
    {
        final long length = ResumeTest.head(1).replaceAll(".*\"result\":|}}$", "").length();
        slow("spill", "maxBytes", 2 * KEPT_ITEMS * length);
        int last = 1;
        while (last < 2 * KEPT_ITEMS - 100)
        {
            ResumeTest.heads(relay, last + 1, last + 100);
            last += 100;
            tick();
        }
        assertEquals(null, cutOffAt);
        ResumeTest.heads(relay, last + 1, last + 300);
        tick();
        assertEquals("1", cutOffAt);
    }

    @Test
    void shouldNotTakeWhatIsLeftOfAResumptionForALag()
    {
        ResumeTest.subscribe(relay, "");
        ResumeTest.heads(relay, 1, 20);
        final FakeOutlet client = ResumeTest.ask(relay, ",{\"relay\":{\"resume\":{\"e\":\"" + relay.parts.epoch() +
            "\",\"q\":1},\"lag\":{\"policy\":\"disconnect\",\"maxItems\":5}}}");
        tick();
        relay.pongs(client);
        tick();
        assertEquals(19, ResumeTest.numbers(client).size());
    }

    @Test
    void shouldLeaveNothingOutOfWholeBlocksThatWaitWithinTheirBound()
    {
        ResumeTest.subscribe(relay, "");
        final FakeOutlet client = stalled(
            "{\"order\":\"block\",\"lag\":{\"policy\":\"disconnect\",\"maxItems\":5}}");
        ResumeTest.heads(relay, 2, 6);
        tick();
        assertEquals(null, cutOffAt);
        ResumeTest.heads(relay, 7, 7);
        tick();
        assertEquals("1", cutOffAt);
        relay.closes(client);
    }

    private FakeOutlet slow(final String policy, final String bound, final long limit)
    {
        ResumeTest.subscribe(relay, "");
        return stalled("{\"lag\":{\"policy\":\"" + policy + "\",\"" + bound + "\":" + limit + "}}");
    }

    private FakeOutlet stalled(final String options)
    {
        final FakeOutlet client = ResumeTest.subscribe(relay, ",{\"relay\":" + options + "}");
        client.onCutOff = () -> cutOffAt = client.positions(',');
        ResumeTest.heads(relay, 1, 1);
        relay.run();
        relay.parts.loops[0].onCongested(client);
        relay.run();
        return client;
    }

    private void tick()
    {
        relay.tick(1_000_000);
        relay.run();
    }
}
