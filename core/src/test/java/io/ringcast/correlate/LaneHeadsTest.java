package io.ringcast.correlate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which head binds callers, given honest upstreams and others. */
class LaneHeadsTest
{
    private static final long FORK = 1_000_000;

    private final LaneHeads heads = new LaneHeads(3, 1);
    private long nowNs;

    @BeforeEach
    void bringUp()
    {
        for (int lane = 0; lane < 3; lane++)
        {
            heads.setUp(lane, true, nowNs);
        }
    }

    @Test
    void shouldBindToTheFirstWhoHasAHead()
    {
        announce(0, 10);
        announce(1, 10);

        assertTrue(announce(2, 11), "new");
        assertFalse(announce(0, 11), "not new");

        assertEquals(11, heads.shownNumber());
        assertTrue(heads.isAtShown(0) && heads.isAtShown(2));
        assertFalse(heads.isAtShown(1));
    }

    @Test
    void shouldTakeTheHeadForShownThatCameFirstOfThoseAsHigh()
    {
        for (int lane = 0; lane < 3; lane++)
        {
            announce(lane, 10);
        }
        announce(1, 11);
        announce(2, 11);
        announce(0, 11, FORK, 10);
        assertTrue(heads.isOnShown(1) && heads.isOnShown(2));
        assertFalse(heads.isOnShown(0), "it is on a branch of its own");

        announce(0, 12, FORK + 1, FORK);
        announce(1, 12);
        announce(2, 12);
        assertTrue(heads.isOnShown(0), "it has led there");
        assertFalse(heads.isOnShown(1));
    }

    @Test
    void shouldTakeTheHeadForShownThatTheQuorumTells()
    {
        final LaneHeads agreed = new LaneHeads(3, 2);
        for (int lane = 0; lane < 3; lane++)
        {
            agreed.setUp(lane, true, nowNs);
            announce(agreed, lane, 10, 10, 9);
        }
        announce(agreed, 0, 11, FORK, 10);
        announce(agreed, 1, 11, 11, 10);
        announce(agreed, 2, 11, 11, 10);

        assertTrue(agreed.isOnShown(1) && agreed.isOnShown(2));
        assertFalse(agreed.isOnShown(0));
    }

    /** What is latest has changed each time, though nobody has told a head for the first time. */
    @Test
    void shouldTellANewHeadGivenAReturnToAnEarlierBranch()
    {
        announce(0, 10);
        announce(1, 10);
        assertTrue(announce(0, 10, FORK, 9), "new");

        assertTrue(announce(0, 10), "back");
        assertTrue(announce(1, 10, FORK, 9), "there");
        assertTrue(announce(1, 10), "and back");
        assertFalse(announce(1, 10), "once");

        assertTrue(announce(0, 11), "new");
        assertFalse(announce(1, 11), "a step");
        assertTrue(fetch(12), "new");
        assertTrue(announce(0, 12, FORK, 11), "new");
        assertTrue(fetch(12), "back by an answer");
    }

    /** It is published like one that is pushed: what was kept of the latest state is true no longer. */
    @Test
    void shouldTellANewHeadGivenOneThatWasFetched()
    {
        announce(0, 10);
        announce(1, 10);

        assertTrue(fetch(11), "new");
        assertFalse(fetch(11), "not new");
        assertFalse(announce(1, 11), "not new");
    }

    /** Or all that is kept of the latest state would go, and equal reads be sent each, while one reads the past. */
    @Test
    void shouldTellNothingNewGivenABlockOfThePast()
    {
        announce(0, 1_000);
        announce(1, 1_000);

        assertFalse(fetch(10), "long since");
        assertTrue(fetch(999), "it may be what others wait for");
        assertTrue(fetch(1_001), "new");
    }

    @Test
    void shouldNotBelieveAbsurdNumbersOnceTheChainIsProved()
    {
        announce(0, 10);
        announce(1, 10);

        for (int i = 0; i < 100; i++)
        {
            announce(2, 5_000 + i);
        }

        assertEquals(10, heads.shownNumber());
        assertTrue(heads.isAtShown(0) && heads.isOnShown(1));
    }

    @Test
    void shouldBelieveAbsurdNumbersForAWhileAloneGivenNoProof()
    {
        announce(0, 5_000);
        announce(1, 10);
        assertEquals(5_000, heads.shownNumber());

        pass(LaneHeads.LIMIT_ALONE_NS);
        announce(0, 5_001);

        assertEquals(10, heads.shownNumber());

        // and not at all once two others agree
        announce(2, 10);
        assertEquals(10, heads.shownNumber());
    }

    @Test
    void shouldBelieveAJumpForAWhileUntilItIsProved()
    {
        announce(0, 10);
        announce(1, 10);

        announce(2, 13);
        assertEquals(13, heads.shownNumber());
        pass(LaneHeads.LIMIT_ALONE_NS);
        assertEquals(10, heads.shownNumber());

        announce(0, 13);
        assertEquals(13, heads.shownNumber());
        pass(LaneHeads.LIMIT_ALONE_NS);
        assertEquals(13, heads.shownNumber());
    }

    @Test
    void shouldTakeFetchedBlocksForAProof()
    {
        announce(0, 10);
        announce(1, 10);
        announce(2, 13);

        fetch(12);
        fetch(11);
        pass(LaneHeads.LIMIT_ALONE_NS);

        assertEquals(13, heads.shownNumber());
    }

    @Test
    void shouldFollowTheOnlyOneWhateverItSays()
    {
        announce(0, 10);
        announce(1, 10);
        heads.setUp(0, false, nowNs);
        heads.setUp(1, false, nowNs);

        announce(2, 5_000);
        pass(10 * LaneHeads.LIMIT_ALONE_NS);
        assertEquals(5_000, heads.shownNumber());
    }

    @Test
    void shouldFollowAChainThatGoesBack()
    {
        announce(0, 10);
        announce(1, 10);

        announce(0, 9);
        assertEquals(10, heads.shownNumber());
        announce(1, 9);

        assertEquals(9, heads.shownNumber());
    }

    @Test
    void shouldHoldToTheHeadOfALostUpstreamForAWhile()
    {
        announce(0, 10);
        announce(1, 10);
        announce(0, 11);
        heads.setUp(0, false, nowNs);

        assertFalse(heads.isAtShown(1));
        pass(LaneHeads.LIMIT_ALONE_NS - 1);
        assertFalse(heads.isAtShown(1));
        pass(1);
        assertTrue(heads.isAtShown(1));
    }

    @Test
    void shouldPreferTheLastWordToNothingAfterAReconnect()
    {
        announce(0, 10);
        announce(1, 10);
        heads.setUp(1, false, nowNs);
        heads.setUp(1, true, nowNs);
        assertFalse(heads.isAtShown(1), "it has not said how far it is, and another one has");

        heads.setUp(0, false, nowNs);
        assertTrue(heads.isAtShown(1), "nobody else has");
        assertFalse(heads.isLive(1));
    }

    @Test
    void shouldTellTheBranchesOfAFork()
    {
        announce(0, 10);
        announce(1, 10);
        announce(0, 11, 11, 10);
        announce(1, 11, FORK + 11, 10);

        assertTrue(heads.isOnShown(0));
        assertFalse(heads.isOnShown(1));
        assertTrue(heads.isAtShown(1));
    }

    @Test
    void shouldKnowThatAnUpstreamHasTheBlockThatItGave()
    {
        announce(0, 10);
        announce(1, 10);
        announce(1, 11);
        heads.setUp(0, false, nowNs);
        heads.setUp(0, true, nowNs);
        assertFalse(heads.isAtShown(0));

        final byte[] latest = text(11, 11, 10);
        heads.onFetched(0, latest, 0, latest.length, nowNs);

        assertTrue(heads.isAtShown(0));
        assertEquals(11, heads.shownNumber());
    }

    /** Nodes answer from a block before they announce it, and later. */
    @Test
    void shouldHoldToABlockThatAnAnswerHasShown()
    {
        announce(0, 10);
        announce(1, 10);
        assertFalse(heads.onAnswered(0, 10, nowNs), "announced");
        assertTrue(heads.onAnswered(0, 11, nowNs), "new");
        assertFalse(heads.onAnswered(0, 11, nowNs), "not new");

        assertTrue(heads.hasReached(0, 11));
        assertFalse(heads.hasReached(1, 11));
        assertTrue(heads.hasReached(1, 10) && heads.hasReached(1, LaneHeads.NONE));
        assertTrue(heads.isAtShown(1), "who was shown no answer is not bound by it");

        assertFalse(heads.onAnswered(1, 11, nowNs), "not new");
        assertTrue(heads.hasReached(1, 11));
        heads.setUp(1, false, nowNs);
        heads.setUp(1, true, nowNs);
        assertFalse(heads.hasReached(1, 11), "it has not said how far it is");
        announce(1, 11);
        assertTrue(heads.hasReached(1, 11));
    }

    @Test
    void shouldHoldToAnAnswerOfALostUpstreamForAWhile()
    {
        announce(0, 10);
        announce(1, 10);
        heads.onAnswered(0, 11, nowNs);
        heads.setUp(0, false, nowNs);

        pass(LaneHeads.LIMIT_ALONE_NS - 1);
        assertFalse(heads.hasReached(1, 11));
        pass(1);
        assertTrue(heads.hasReached(1, 11));
    }

    @Test
    void shouldHoldNobodyToAnAbsurdAnswer()
    {
        assertFalse(heads.onAnswered(2, 5_000, nowNs), "nobody has announced a head");
        assertTrue(heads.hasReached(0, 5_000));
        announce(0, 10);
        announce(1, 10);

        assertFalse(heads.onAnswered(2, 11 + LaneHeads.LIMIT_JUMP, nowNs));
        assertTrue(heads.hasReached(0, 11 + LaneHeads.LIMIT_JUMP));
    }

    /** Test nodes go back at will: who was shown block 12 is not to wait until there is one. */
    @Test
    void shouldHoldNobodyToABlockThatTheChainHasLeft()
    {
        announce(0, 10);
        announce(1, 10);
        announce(1, 11);
        heads.onAnswered(0, 12, nowNs);
        announce(0, 11);
        announce(0, 12);
        announce(1, 12);
        announce(0, 9, FORK, 8);
        announce(1, 9, FORK, 8);
        assertTrue(heads.hasReached(0, 12) && heads.hasReached(1, 12));

        heads.onAnswered(0, 10, nowNs);
        assertFalse(heads.hasReached(1, 12));
        announce(0, 9, FORK + 1, 8);
        assertTrue(heads.hasReached(1, 12));
    }

    /** It says a parent that is known, or its own hash is; the number does not fit. */
    @ParameterizedTest
    @CsvSource({"77, 11", "11, 10"})
    void shouldNotBelieveAnAbsurdNumberGivenHashesOfTheProvedChain(final long hash, final long parent)
    {
        for (long number = 10; number <= 11; number++)
        {
            announce(0, number);
            announce(1, number);
            announce(2, number);
        }

        announce(2, 1L << 40, hash, parent);
        assertEquals(11, heads.shownNumber());
        fetch(11);
        fetch(12);
        announce(1, 12);

        assertEquals(12, heads.shownNumber());
        assertTrue(heads.isAtShown(0) && heads.isAtShown(1));
    }

    private boolean announce(final int lane, final long number)
    {
        return announce(lane, number, number, number - 1);
    }

    private boolean announce(final int lane, final long number, final long hash, final long parent)
    {
        return announce(heads, lane, number, hash, parent);
    }

    private boolean announce(
        final LaneHeads to, final int lane, final long number, final long hash, final long parent)
    {
        final byte[] head = text(number, hash, parent);
        return to.onHead(lane, head, 0, head.length, nowNs);
    }

    private boolean fetch(final long number)
    {
        final byte[] block = text(number, number, number - 1);
        return heads.onFetched(0, block, 0, block.length, nowNs);
    }

    private void pass(final long ns)
    {
        nowNs += ns;
        heads.onTick(nowNs);
    }

    private static byte[] text(final long number, final long hash, final long parent)
    {
        return String.format("{\"number\":\"0x%x\",\"hash\":\"0x%064x\",\"parentHash\":\"0x%064x\"}",
            number, hash, parent).getBytes(StandardCharsets.US_ASCII);
    }
}
