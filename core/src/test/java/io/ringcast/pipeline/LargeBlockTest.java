package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who wants whole blocks is told how many items a block has, also if more than are kept, and what is missing of it. */
class LargeBlockTest
{
    private static final int KEPT = 64;
    private static final int LOGS = 100;
    private static final String SUBSCRIBE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" +
        "\"logs\",{\"address\":\"%s\"},{\"relay\":{\"order\":\"block\",\"emptyBlocks\":true,\"stamps\":true}}]}";

    private final PastChain chain = new PastChain(new Random(1));
    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder().ringSlots(1 << 12)
        .delivery(DeliveryConfig.builder().historyItems(KEPT).build()), NetworkConfig.builder());
    private FakeOutlet client;

    @BeforeEach
    void start()
    {
        IntStream.range(0, 5).forEach(i -> chain.grow());
        relay.nodeUp();
        client = subscribe(PastChain.ADDRESS);
        say(chain.grow());
        say(chain.grow());
        client.received.clear();
    }

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldTellTheTrueNumberAndWhatIsMissingGivenABlockWithMoreLogsThanAreKept()
    {
        say(block(0, LOGS, PastChain.ADDRESS));

        final List<String> told = items();
        assertEquals(KEPT, told.size());
        for (int i = 0; i < KEPT; i++)
        {
            final int index = LOGS - KEPT + i;
            assertTrue(told.get(i).contains("\"logIndex\":\"0x" + Integer.toHexString(index) + '"'), told.get(i));
            assertTrue(told.get(i).contains(
                ",\"i\":" + index + ",\"n\":" + LOGS + ",\"end\":" + (index == LOGS - 1)), told.get(i));
        }
        final long first = number(told.get(0), "q");
        assertTrue(told.get(0).contains("\"lost\":{\"n\":36,\"from\":" + (first - 36) + ",\"to\":" + (first - 1) +
            ",\"why\":\"history\"}"), told.get(0));
        assertEquals(1, told.stream().filter(text -> text.contains("\"lost\"")).count());
        assertEquals(36, relay.count(RelayCounter.WHOLE_BLOCK_ITEMS_LOST));

        say(block(0, 2, PastChain.ADDRESS));
        assertTrue(items().stream().noneMatch(text -> text.contains("\"lost\"")), "it is told once");
    }

    @Test
    void shouldTellTheTrueNumberOfWhatIsTakenBack()
    {
        say(block(0, LOGS, PastChain.ADDRESS));
        items();
        chain.goBack(1);
        say(block(0, 1, PastChain.ADDRESS));
        say(chain.grow());

        final List<String> removed = items().stream().filter(text -> text.contains("\"removed\":true")).toList();
        assertEquals(KEPT - 1, removed.size(), "the rest of what is kept is the new block's");
        for (int i = 0; i < removed.size(); i++)
        {
            final int index = LOGS - removed.size() + i;
            assertTrue(removed.get(i).contains("\"logIndex\":\"0x" + Integer.toHexString(LOGS - 1 - index) + '"'),
                removed.get(i));
            assertTrue(removed.get(i).contains(
                ",\"i\":" + index + ",\"n\":" + LOGS + ",\"end\":" + (index == LOGS - 1)), removed.get(i));
        }
        assertTrue(removed.get(0).contains("\"lost\":{\"n\":37,"), removed.get(0));
        assertTrue(removed.get(0).contains("\"reorg\""), removed.get(0));
    }

    /** The logs of others push them out. */
    @Test
    void shouldNotCallABlockEmptyOfWhichNothingIsKept()
    {
        final String other = "0x" + "b2".repeat(20);
        subscribe(other);
        say(block(3, LOGS, other));

        final List<String> told = items();
        assertEquals(1, told.size());
        assertTrue(told.get(0).contains("\"result\":null"), told.get(0));
        assertTrue(told.get(0).contains(",\"i\":3,\"n\":3,\"end\":true"), told.get(0));
        assertTrue(told.get(0).contains("\"lost\":{\"n\":3,"), told.get(0));
        assertEquals(3 + 36, relay.count(RelayCounter.WHOLE_BLOCK_ITEMS_LOST), "of both");
    }

    private FakeOutlet subscribe(final String address)
    {
        final FakeOutlet outlet = relay.connect();
        outlet.hasBarrier = false;
        relay.says(outlet, String.format(SUBSCRIBE, address));
        settle();
        return outlet;
    }

    private List<String> items()
    {
        final List<String> items = client.received.stream().filter(text -> text.contains("\"method\"")).toList();
        client.received.clear();
        return items;
    }

    private static long number(final String item, final String name)
    {
        return Long.parseLong(item.replaceAll(".*\"" + name + "\":(\\d+),.*", "$1"));
    }

    /** So many logs of the first client's, then so many of an address. */
    private PastChain.Block block(final int ours, final int logs, final String address)
    {
        final long number = chain.tip.number() + 1;
        final String hash = "0x" + String.format("%02x", number + logs).repeat(32);
        return chain.lead(new PastChain.Block(number, hash, chain.tip, IntStream.range(0, ours + logs).mapToObj(i ->
            "{\"address\":\"" + (i < ours ? PastChain.ADDRESS : address) + "\",\"topics\":[],\"blockNumber\":\"0x" +
            Long.toHexString(number) + "\",\"blockHash\":\"" + hash + "\",\"logIndex\":\"0x" +
            Integer.toHexString(i) + "\",\"removed\":false}").toList()));
    }

    private void say(final PastChain.Block block)
    {
        item("0xaa", block.head());
        block.logs().forEach(log -> item("0xbb", log));
        settle();
    }

    private void item(final String subscription, final String item)
    {
        relay.nodeSays(PastChain.item(subscription, item));
        relay.run();
    }

    private void settle()
    {
        chain.answerAll(relay);
    }
}
