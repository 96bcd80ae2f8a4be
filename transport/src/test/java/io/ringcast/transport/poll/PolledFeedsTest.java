package io.ringcast.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Confined to the test thread. */
final class PolledFeedsTest
{
    private static final int SEEDS = 1_000;
    /** The tip of the chain of each play when it is first polled. */
    private static final long START = 1_019;
    private static final long STEP_NS = TimeUnit.SECONDS.toNanos(60);

    /** One subscriber's view. */
    private static final class Subscriber implements SubscribeTaker
    {
        private String id;
        private String refusal;

        @Override
        public void onGranted(final String subscriptionId)
        {
            id = subscriptionId;
        }

        @Override
        public void onRefused(final int code, final String message)
        {
            refusal = code + " " + message;
        }
    }

    private final class Items implements PollSink
    {
        private final Map<String, List<String>> byId = new HashMap<>();
        private final List<String> all = new ArrayList<>();
        private boolean isFull;

        @Override
        public void onItem(final String subscriptionId, final byte[] bytes, final int offset, final int length)
        {
            final String item = new String(bytes, offset, length, StandardCharsets.UTF_8);
            byId.computeIfAbsent(subscriptionId, id -> new ArrayList<>()).add(item);
            all.add(item);
        }

        @Override
        public boolean isFull()
        {
            return isFull;
        }

        private List<String> of(final Subscriber subscriber)
        {
            return byId.getOrDefault(subscriber.id, List.of());
        }
    }

    private FakeChain chain = new FakeChain(300, 2);
    private FakeCalls calls = new FakeCalls(chain);
    private Items items = new Items();
    private CounterSet counters = new CounterSet();
    private PolledFeeds feeds = feeds();
    private long nowNs = Long.MIN_VALUE / 2;

    @Test
    void shouldAskNothingWhenNobodySubscribed()
    {
        poll();

        assertTrue(calls.methods.isEmpty());
    }

    @Test
    void shouldSayWhatANodePushesWhenBlocksCome()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++)
        {
            expected.add(chain.mine(0).header());
        }
        poll();

        assertEquals(expected, items.of(heads));
    }

    @Test
    void shouldLearnThePaceAtOnceWhenOldBlocksAreKnown()
    {
        subscribe("[\"newHeads\"]");
        poll();
        calls.methods.clear();

        feeds.onTime(nowNs + TimeUnit.MILLISECONDS.toNanos(999));
        assertTrue(calls.methods.isEmpty());
        feeds.onTime(nowNs + TimeUnit.MILLISECONDS.toNanos(1_000));
        assertEquals(List.of("eth_blockNumber"), calls.methods);
    }

    @Test
    void shouldSayTheNewBranchWhenTheChainIsReorganised()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        for (int i = 0; i < 5; i++)
        {
            chain.mine(0);
        }
        poll();
        chain.reorg(3, 4, 0);
        poll();

        final List<String> said = items.of(heads);
        final List<FakeChain.Block> now = chain.blocks();
        assertEquals(
            now.subList(now.size() - 4, now.size()).stream().map(FakeChain.Block::header).toList(),
            said.subList(5, said.size()));
        assertEquals(0, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldSayABlockThatTookThePlaceOfAnotherOfItsHeight()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        chain.mine(0);
        poll();
        chain.reorg(1, 1, 0);
        poll();
        poll();

        assertEquals(chain.tip().header(), items.of(heads).get(1));
        assertEquals(2, items.of(heads).size());
    }

    @Test
    void shouldSayNothingWhenTheServerFallsBehind()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        final FakeChain.Block next = chain.mine(0);
        poll();
        for (final long behind : new long[]{1, 2, 100})
        {
            feeds.onTime(tick());
            calls.answerOneWith("\"0x" + Long.toHexString(next.number() - behind) + "\"");
            calls.answerAll();
        }
        poll();

        assertEquals(List.of(next.header()), items.of(heads));
        assertEquals(0, counters.get(RelayCounter.POLL_GAPS));
    }

    /** As a test node does that is reset; a server that is behind catches up sooner. */
    @Test
    void shouldFollowAChainThatWasBegunAnewBelowAllThatIsKnown()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        chain.reorg(280, 1, 0);
        for (int i = 1; i < HeadPoller.MAX_FAR_BEHIND_POLLS; i++)
        {
            poll();
        }
        assertEquals(List.of(), items.of(heads));

        final FakeChain.Block first = chain.tip();
        poll();
        final FakeChain.Block second = chain.mine(0);
        poll();

        assertEquals(List.of(first.header(), second.header()), items.of(heads));
        assertEquals(1, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldSayLogsBehindTheirHeadAndAskForNoneWhenTheBloomIsEmpty()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        final Subscriber logs = subscribe("[\"logs\",{\"address\":[\"0xaa\"],\"fromBlock\":\"0x0\",\"topics\":[]}]");
        poll();
        calls.methods.clear();
        chain.mine(0);
        final FakeChain.Block block = chain.mine(2);
        poll();

        assertEquals(List.of(block.log(0), block.log(1)), items.of(logs));
        assertEquals(2, items.of(heads).size());
        assertTrue(items.all.indexOf(block.log(0)) > items.all.indexOf(block.header()));
        assertEquals(1, calls.methods.stream().filter("eth_getLogs"::equals).count());
    }

    @Test
    void shouldTryLogsAgainWhenTheyFail()
    {
        final Subscriber logs = subscribe("[\"logs\"]");
        poll();
        final FakeChain.Block block = chain.mine(1);
        askForLogs();
        calls.failOne();
        poll();

        assertEquals(List.of(block.log(0)), items.of(logs));
        assertEquals(0, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldGiveTheLogsOfABlockUpWhenTheyKeepFailing()
    {
        final Subscriber logs = subscribe("[\"logs\"]");
        poll();
        chain.mine(1);
        askForLogs();
        calls.failOne();
        for (int i = 1; i < 5; i++)
        {
            feeds.onTime(tick());
            calls.failOne();
            calls.answerAll();
        }
        final FakeChain.Block next = chain.mine(1);
        poll();

        assertEquals(List.of(next.log(0)), items.of(logs));
        assertEquals(1, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldGoOnFromTheTipWhenMoreIsMissingThanIsFetched()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        for (int i = 0; i <= HeadPoller.MAX_WALK_BLOCKS; i++)
        {
            chain.mine(0);
        }
        poll();
        chain.mine(0);
        poll();

        assertEquals(1, counters.get(RelayCounter.POLL_GAPS));
        assertEquals(2, items.of(heads).size());
        assertEquals(chain.tip().header(), items.of(heads).get(1));
    }

    @Test
    void shouldSayPendingTransactionsAndMakeANewFilterWhenTheNodeForgotIt()
    {
        final Subscriber pending = subscribe("[\"newPendingTransactions\"]");
        assertNull(pending.id);
        calls.answerAll();
        poll();
        chain.addPending("0x01");
        chain.addPending("0x02");
        poll();
        assertEquals(List.of("\"0x01\"", "\"0x02\""), items.of(pending));

        chain.forgetFilter();
        poll();
        poll();
        chain.addPending("0x03");
        poll();

        assertEquals(List.of("\"0x01\"", "\"0x02\"", "\"0x03\""), items.of(pending));
        assertEquals(1, counters.get(RelayCounter.POLL_GAPS));
    }

    @Test
    void shouldRefuseWhatItCannotPoll()
    {
        assertTrue(subscribe("[\"syncing\"]").refusal.startsWith("-32601 no \"syncing\" subscription"));
        assertTrue(subscribe("[\"newPendingTransactions\",true]").refusal.startsWith("-32601 "));
        assertTrue(subscribe("[\"logs\",1]").refusal.startsWith("-32602 "));
        assertTrue(subscribe("[]").refusal.startsWith("-32601 "));
        final Subscriber pending = subscribe("[\"newPendingTransactions\"]");
        calls.failOne();
        assertEquals("-32005 rate limit", pending.refusal);
    }

    @Test
    void shouldEndAFeedOnceAndAskNothingMore()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();

        assertTrue(feeds.unsubscribe(heads.id));
        assertFalse(feeds.unsubscribe(heads.id));
        calls.methods.clear();
        poll();

        assertTrue(calls.methods.isEmpty());
    }

    @Test
    void shouldAskNothingWhileNoMoreCanBeTaken()
    {
        subscribe("[\"newHeads\"]");
        items.isFull = true;
        poll();
        assertTrue(calls.methods.isEmpty());

        items.isFull = false;
        poll();
        assertFalse(calls.methods.isEmpty());
    }

    @Test
    void shouldCountAndAskAgainWhenAnswersAreMalformed()
    {
        final Subscriber heads = subscribe("[\"newHeads\"]");
        poll();
        chain.mine(0);
        for (final String number : List.of("1", "\"\"", "null", "{}", "\"0xzz\""))
        {
            feeds.onTime(tick());
            calls.answerOneWith(number);
        }
        for (final String block : List.of("{}", "[]", "1", chain.blocks().get(0).json()))
        {
            feeds.onTime(tick());
            calls.answerOne();
            calls.answerOneWith(block);
        }
        poll();

        assertEquals(9, counters.get(RelayCounter.POLL_FAILURES));
        assertEquals(List.of(chain.tip().header()), items.of(heads));
    }

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

    private PolledFeeds feeds()
    {
        return new PolledFeeds("test", calls, items, new PollPace(50, 5_000), counters);
    }

    private Subscriber subscribe(final String params)
    {
        final Subscriber subscriber = new Subscriber();
        final byte[] bytes = params.getBytes(StandardCharsets.UTF_8);
        feeds.subscribe(bytes, 0, bytes.length, subscriber);
        return subscriber;
    }

    private long tick()
    {
        nowNs += STEP_NS;
        return nowNs;
    }

    /** Answers up to the question for logs, which is left unanswered. */
    private void askForLogs()
    {
        feeds.onTime(tick());
        while (!calls.methods.get(calls.methods.size() - 1).equals("eth_getLogs"))
        {
            calls.answerOne();
        }
    }

    private void poll()
    {
        feeds.onTime(tick());
        calls.answerAll();
    }
}
