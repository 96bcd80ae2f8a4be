package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whole blocks go out in portions, also those that have nothing for most of who wants them. */
class BlockBoundTest
{
    private static final int FILTERS = 60;
    private static final int MISSED_BLOCKS = 60;

    private final PastChain chain = new PastChain(new Random(1));
    private final Deque<String> held = new ArrayDeque<>();
    private FakeOutlet client;
    private int heads;
    private int mostAtOnce;

    @Test
    void shouldTellManyBlocksOverSeveralSlotsGivenFiltersThatMatchNothing()
    {
        IntStream.range(0, 5).forEach(i -> chain.grow());
        try (FakeRelay relay = new FakeRelay(RelayConfig.builder().ringSlots(1 << 12), NetworkConfig.builder()))
        {
            relay.nodeUp();
            client = relay.connect();
            client.hasBarrier = false;
            subscribe(relay, "\"newHeads\"");
            for (int i = 0; i < FILTERS; i++)
            {
                subscribe(relay, "\"logs\",{\"address\":\"0x" + String.format("%040x", i) + "\"}");
            }
            for (int i = 0; i < 3; i++)
            {
                say(relay, chain.grow());
                settle(relay);
            }
            count();
            heads = 0;
            mostAtOnce = 0;

            IntStream.range(0, MISSED_BLOCKS).forEach(i -> chain.grow());
            say(relay, chain.tip);
            settle(relay);
            for (int i = 0; i < 10; i++)
            {
                relay.tick(1_000_000_000L);
                settle(relay);
            }

            assertEquals(MISSED_BLOCKS, heads, "all came");
            assertTrue(mostAtOnce > 10, () -> mostAtOnce + " blocks at once are too few to prove anything");
            assertTrue(mostAtOnce <= 2_048 / (FILTERS + 1) + 1, () -> mostAtOnce + " blocks at once");
        }
    }

    private void subscribe(final FakeRelay relay, final String params)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" + params +
            ",{\"relay\":{\"order\":\"block\"}}]}");
        settle(relay);
    }

    private void say(final FakeRelay relay, final PastChain.Block block)
    {
        item(relay, "0xaa", block.head());
        block.logs().forEach(log -> item(relay, "0xbb", log));
    }

    private void item(final FakeRelay relay, final String subscription, final String item)
    {
        relay.nodeSays(PastChain.item(subscription, item));
        run(relay);
    }

    private void run(final FakeRelay relay)
    {
        relay.run();
        count();
    }

    private void count()
    {
        int came = 0;
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            came += text.contains("parentHash") ? 1 : 0;
        }
        heads += came;
        mostAtOnce = Math.max(mostAtOnce, came);
    }

    /** The node answers the last question first, so that all is there with the answer to the first. */
    private void settle(final FakeRelay relay)
    {
        run(relay);
        while (true)
        {
            for (String call = relay.node.received.poll(); call != null; call = relay.node.received.poll())
            {
                held.addLast(call);
            }
            if (held.isEmpty())
            {
                return;
            }
            relay.nodeSays(chain.answer(held.pollLast()));
            run(relay);
        }
    }
}
