package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who wants whole blocks is told of a reorganisation also when what it takes back fills a slot. */
class LargeReorgTest
{
    private static final int LOGS = 600;

    @Test
    void shouldTellTheReorganisationWithTheNewHeadGivenMoreRemovedLogsThanGoOutInASlot()
    {
        final PastChain chain = new PastChain(new Random(1));
        IntStream.range(0, 5).forEach(i -> chain.grow());
        try (FakeRelay relay = new FakeRelay(RelayConfig.builder().ringSlots(1 << 12), NetworkConfig.builder()))
        {
            relay.nodeUp();
            final FakeOutlet client = relay.connect();
            client.hasBarrier = false;
            for (final String name : List.of("\"newHeads\"", "\"logs\",{}"))
            {
                relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + name +
                    ",{\"relay\":{\"order\":\"block\"}}]}");
                settle(relay, chain);
            }
            for (int i = 0; i < 3; i++)
            {
                say(relay, chain, chain.grow());
            }
            final PastChain.Block left = chain.lead(block(chain.tip, "77", LOGS));
            say(relay, chain, left);
            assertEquals(LOGS, client.received.stream().filter(text -> text.contains(left.hash()) &&
                text.contains("\"removed\":false")).count());
            client.received.clear();

            chain.goBack(1);
            final PastChain.Block instead = chain.lead(block(chain.tip, "88", 1));
            say(relay, chain, instead);
            say(relay, chain, chain.grow());
            relay.tick(1_000_000_000L);
            settle(relay, chain);

            assertEquals(LOGS, client.received.stream().filter(text -> text.contains("\"removed\":true")).count());
            final String head = client.received.stream().filter(
                text -> text.contains(instead.hash()) && text.contains("parentHash")).findFirst().orElseThrow();
            assertTrue(head.contains("\"reorg\":{\"depth\":1,"), head);
            assertEquals(2, client.received.stream().filter(text -> text.contains("\"reorg\"")).count());
        }
    }

    private static PastChain.Block block(final PastChain.Block parent, final String digits, final int logs)
    {
        final String hash = "0x" + digits.repeat(32);
        final long number = parent.number() + 1;
        return new PastChain.Block(number, hash, parent, IntStream.range(0, logs).mapToObj(i ->
            "{\"address\":\"" + PastChain.ADDRESS + "\",\"topics\":[],\"blockNumber\":\"0x" +
            Long.toHexString(number) + "\",\"blockHash\":\"" + hash + "\",\"logIndex\":\"0x" +
            Integer.toHexString(i) + "\",\"removed\":false}").toList());
    }

    private static void say(final FakeRelay relay, final PastChain chain, final PastChain.Block block)
    {
        item(relay, "0xaa", block.head());
        block.logs().forEach(log -> item(relay, "0xbb", log));
        settle(relay, chain);
    }

    private static void item(final FakeRelay relay, final String subscription, final String item)
    {
        relay.nodeSays(PastChain.item(subscription, item));
        relay.run();
    }

    private static void settle(final FakeRelay relay, final PastChain chain)
    {
        chain.answerAll(relay);
    }
}
