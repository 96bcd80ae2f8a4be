package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * A subscriber to logs that conflates is behind for so long that what it has yet to get is no longer kept: of what it
 * had it is told as removed all that the chain has left meanwhile, or its connection ends.
 */
class ConflatedRemovalTest extends LogScript
{
    private static final int KEPT_ITEMS = 64;
    private static final int KEPT_BYTES = 128 * 1024;
    private static final String CONFLATES = ",{\"relay\":{\"stamps\":true,\"lag\":{\"policy\":\"conflate\"}}}";

    private FakeOutlet client;
    private int cutOffs;

    ConflatedRemovalTest()
    {
        super(RelayConfig.builder().delivery(
            DeliveryConfig.builder().historyItems(KEPT_ITEMS).historyBytes(KEPT_BYTES).build()));
    }

    @BeforeEach
    void subscribe()
    {
        client = ask("\"logs\",{}" + CONFLATES);
        client.onCutOff = () -> cutOffs++;
        say(chain.tip);
        say(grow("11", 1));
        say(grow("22", 2));
        told(client);
    }

    @Test
    void shouldTellOfEachRemovalOfWhatWasSentGivenThatTheHistoryHasLostIt()
    {
        fill();
        chain.goBack(1);
        say(grow("33", 1));
        overrun();
        drain();

        assertEquals(List.of("-22:1", "-22:0"), told(client).subList(0, 2));
        assertEquals(0, cutOffs);
    }

    @Test
    void shouldTellNothingOfWhatCameAndWentMeanwhile()
    {
        fill();
        say(grow("33", 2));
        chain.goBack(1);
        say(grow("44", 1));
        overrun();
        drain();

        assertEquals(List.of(), told(client).stream().filter(item -> item.startsWith("-")).toList());
        assertEquals(0, cutOffs);
    }

    /** What was lost is counted, and what is told of it is not. */
    @Test
    void shouldCountAsLostAllButTheRemovalsThatItTells()
    {
        fill();
        final long before = relay.count(RelayCounter.ITEMS_REPLAYED);
        chain.goBack(2);
        say(grow("33", 1));
        say(grow("44", 1));
        final int published = 3 + 2 + overrun();
        drain();

        assertEquals(published, relay.count(RelayCounter.ITEMS_REPLAYED) - before +
            relay.count(RelayCounter.ITEMS_MERGED) + relay.count(RelayCounter.SKIPPED_BY_HISTORY));
        assertEquals(List.of("-22:1", "-22:0", "-11:0"), told(client).subList(0, 3));
    }

    /** A removal may be owed again and again while it stands still. */
    @Test
    void shouldTellOfSeveralReorgsThatEachWentFurtherBack()
    {
        fill();
        chain.goBack(1);
        say(grow("33", 1));
        overrun();
        drainSome();
        fill();
        overrun();
        drain();

        assertEquals(List.of("-22:1", "-22:0"), told(client).stream().filter(item -> item.startsWith("-")).toList());
    }

    /** Removed logs that it had are kept for it, as far as there is room. */
    @Test
    void shouldEndTheConnectionGivenThatThereIsNoRoomForWhatItWouldHaveToBeTold()
    {
        for (int i = 0; i < 40; i++)
        {
            say(grow(String.format("%02x", 0x30 + i), 9));
        }
        fill();
        chain.goBack(40);
        say(grow("70", 1));
        overrun();
        drain();

        assertEquals(1, cutOffs);
    }

    /** It has waited for its interval meanwhile, and not for its socket. */
    @Test
    void shouldEndTheConnectionAlsoOfWhoWaitsForAnInterval()
    {
        client = ask("\"logs\",{},{\"relay\":{\"stamps\":true,\"everyMs\":1000}}");
        client.onCutOff = () -> cutOffs++;
        for (int i = 0; i < 40; i++)
        {
            final PastChain.Block block = grow(String.format("%02x", 0x30 + i), 9);
            head(block);
            for (int index = 0; index < 9; index++)
            {
                log(block, index);
                relay.tick(1_000_000_000L);
                settle();
            }
        }
        assertEquals(360, told(client).size());
        chain.goBack(40);
        say(grow("70", 1));
        overrun();
        relay.tick(1_000_000_000L);
        settle();

        assertEquals(1, cutOffs);
    }

    private void fill()
    {
        relay.parts.loops[0].onCongested(client);
        settle();
    }

    private void drain()
    {
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        settle();
    }

    private void drainSome()
    {
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        relay.pipeline.runStages();
        relay.pipeline.poller(0).poll();
    }

    /** More is published than is kept; gives how much. */
    private int overrun()
    {
        final List<PastChain.Block> blocks = new ArrayList<>();
        for (int i = 0; i < KEPT_ITEMS; i++)
        {
            blocks.add(grow(String.format("%02x", 0x80 + i), 2));
            say(blocks.get(i));
        }
        return blocks.size() * 2;
    }
}
