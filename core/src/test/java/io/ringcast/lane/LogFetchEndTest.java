package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A block's logs are asked for as long as the chain leads through it, and no longer. Confined to the test's thread. */
class LogFetchEndTest extends TwoLaneLogs
{
    private static final long LONGEST_NS = DEADLINE_NS * LaneRules.LONGEST_REPAIR_DEADLINES;
    private static final byte[] ONE_LOG = SimBlock.text("[{\"blockNumber\":\"0x9\",\"blockHash\":\"0x" +
        "0".repeat(15) + "9" + "0".repeat(48) + "\",\"logIndex\":\"0x0\"}]");

    @BeforeEach
    void askForTheLogsOfAFetchedHead()
    {
        arbiter.onLaneLive(0, nowNs);
        arbiter.onLaneLive(1, nowNs);
        head(8, 8);
        head(9, 9);
        assertEquals("9", askedBlocks.get(askedBlocks.size() - 1));
    }

    @Test
    void shouldAskOnWhileTheChainLeadsThroughTheBlock()
    {
        forgetAsked();
        pass(LONGEST_NS / 2);

        assertTrue(askedBlocks.contains("9"), askedBlocks::toString);
    }

    @Test
    void shouldNotAskAgainForABlockThatTheChainHasLeft()
    {
        head(9, 0xa);
        forgetAsked();
        pass(LONGEST_NS * 2);

        assertTrue(askedBlocks.contains("a"), askedBlocks::toString);
        assertFalse(askedBlocks.contains("9"), askedBlocks::toString);
        assertEquals(1, counters.get(RelayCounter.LOG_GAPS), "only the new block's are missed");
    }

    @Test
    void shouldAskAnewWhenTheChainComesBack()
    {
        head(9, 0xa);
        forgetAsked();
        head(9, 9);

        assertEquals(List.of("9"), askedBlocks);
        arbiter.onFetched(0, lastCallId, false, ONE_LOG, 0, ONE_LOG.length, nowNs);
        assertEquals(List.of(9L), toldHashes);
    }

    private void head(final long number, final long hash)
    {
        final Head head = new Head();
        head.number = number;
        head.hash[0] = hash;
        head.hasBloom = true;
        // That the first one is not leaves its logs to who pushes them.
        head.isFetched = number > 8;
        arbiter.onHead(head, 0);
        arbiter.onTime(nowNs);
    }
}
