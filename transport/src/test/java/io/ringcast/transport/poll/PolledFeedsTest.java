package io.ringcast.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a node that is polled is asked, and what its subscribers are told. Confined to the test thread. */
final class PolledFeedsTest extends PolledFeedsBed
{
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
}
