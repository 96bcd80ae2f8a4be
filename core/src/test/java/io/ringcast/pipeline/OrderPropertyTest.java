package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: who wants whole blocks is told, over all subscriptions of its connection, what the chain left in reverse,
 * then each new head and all logs of its block, marked and counted; whatever the upstreams do meanwhile.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OrderPropertyTest
{
    private static final int SEEDS = Seeds.count(40);
    /** Logs of two blocks are taken back that a client was never told. */
    private static final long TWO_BEFORE = 184;
    /** A client is told a block's head before its logs begin, and after the chain came back to it the logs too. */
    private static final long LOGS_LATER = 285;
    /** A slow client comes as the feed begins with a block that the chain leaves at once. */
    private static final long LEFT_AT_THE_START = 181;
    /** Somebody resumes behind a reorganisation whose new branch has logs below those of the one that was left. */
    private static final long LOWER_LOGS = 297;
    private static final int STEPS = 60;

    @Test
    void shouldTellWholeBlocksInOrder()
    {
        final long[] seen = SeededTraffic.run(
            LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(TWO_BEFORE, LOGS_LATER)).distinct(), STEPS,
            seed -> new OrderTraffic(seed, false));
        for (final OrderTraffic.Seen kind : OrderTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0 || kind == OrderTraffic.Seen.GAP ||
                kind == OrderTraffic.Seen.RESUMPTION, kind + " was never seen");
        }
        assertTrue(seen[OrderTraffic.Seen.GAP.ordinal()] <= SEEDS / 10, "too many gaps to prove anything");
    }

    @Test
    void shouldTellTheSameOnceGivenClientsThatGoAwayAndComeBackOrAreSlow()
    {
        final long[] seen = SeededTraffic.run(
            LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(LEFT_AT_THE_START, LOWER_LOGS)).distinct(),
            STEPS,
            seed -> new OrderTraffic(seed, true));
        assertTrue(seen[OrderTraffic.Seen.RESUMPTION.ordinal()] > SEEDS, "too few to prove anything");
        assertTrue(seen[OrderTraffic.Seen.GAP.ordinal()] <= SEEDS / 10, "too many gaps to prove anything");
    }
}
