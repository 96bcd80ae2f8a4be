package io.ringcast.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Plays of a chain at random. Confined to the test thread. */
final class PolledFeedsPropertyTest extends PolledFeedsBed
{
    private static final int SEEDS = 1_000;
    /** The tip of the chain of each play when it is first polled. */
    private static final long START = 1_019;

    /** Whatever happens between any two answers, what was said is a walk over the chain that ends at its tip. */
    @Test
    void shouldSayAWholeChainWhateverHappensInBetween()
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            play(seed);
        }
    }

    private void play(final int seed)
    {
        final SplittableRandom random = new SplittableRandom(seed);
        chain = new FakeChain(20, 1);
        calls = new FakeCalls(chain);
        items = new Items();
        counters = new CounterSet();
        feeds = feeds();
        final Subscriber heads = subscribe("[\"newHeads\"]");
        final Subscriber logs = subscribe("[\"logs\",{}]");
        poll();
        int failuresInARow = 0;
        for (int step = 0; step < 80; step++)
        {
            switch (random.nextInt(6))
            {
                case 0 -> chain.mine(random.nextInt(3));
                case 1 ->
                {
                    final int depth = 1 + random.nextInt(4);
                    chain.reorg(depth, Math.max(1, depth + random.nextInt(3) - 1), random.nextInt(3));
                }
                case 2 -> feeds.onTime(tick());
                default ->
                {
                    if (calls.isEmpty())
                    {
                        feeds.onTime(tick());
                    }
                    else if (random.nextInt(10) == 0 && failuresInARow < 3)
                    {
                        failuresInARow++;
                        calls.failOne();
                    }
                    else
                    {
                        failuresInARow = 0;
                        calls.answerOne();
                    }
                }
            }
        }
        for (int i = 0; i < 6; i++)
        {
            poll();
        }
        check(items.of(heads), items.of(logs), "seed " + seed);
    }

    private void check(final List<String> heads, final List<String> logs, final String seed)
    {
        final List<String> expectedLogs = new ArrayList<>();
        String before = null;
        for (final String head : heads)
        {
            final FakeChain.Block block = chain.block(member(head, "hash"));
            assertEquals(block.header(), head, seed);
            assertFalse(head.equals(before), seed + ": said twice");
            for (int i = 0; i < block.logs(); i++)
            {
                expectedLogs.add(block.log(i));
            }
            before = head;
        }
        assertEquals(expectedLogs, logs, seed);
        if (counters.get(RelayCounter.POLL_GAPS) == 0)
        {
            checkIsAWalk(heads, seed);
        }
        if (!heads.isEmpty() && chain.tip().number() >= START)
        {
            // A tip below where it began can't be told from a server that is behind; it is said when the chain grows.
            assertEquals(chain.tip().header(), heads.get(heads.size() - 1), seed);
        }
    }

    private void checkIsAWalk(final List<String> heads, final String seed)
    {
        final Map<String, Integer> said = new HashMap<>();
        for (int i = 0; i < heads.size(); i++)
        {
            final String parent = member(heads.get(i), "parentHash");
            if (i > 0)
            {
                // The parent was said, or it is the block that was there at the start, or one below it.
                final FakeChain.Block block = chain.block(parent);
                assertTrue(said.containsKey(parent) || block.number() <= START, seed + ": head " + i + " hangs");
            }
            said.put(member(heads.get(i), "hash"), i);
        }
    }

    private static String member(final String json, final String name)
    {
        final int start = json.indexOf("\"" + name + "\":\"") + name.length() + 4;
        return json.substring(start, json.indexOf('"', start));
    }
}
