package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: a client of a session that wants whole blocks and loses its connection at any item is told, over all its
 * connections, what it would have been told had it stayed, in that order over all its subscriptions; some of it again,
 * nothing that it has proved to have read.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OrderSessionLawTest
{
    private static final int SEEDS = Seeds.count(60);
    private static final int STEPS = 80;

    @Test
    void shouldJoinToTheOrderedStreamOverAllConnections()
    {
        final long[] seen = SeededTraffic.run(LongStream.range(0, SEEDS), STEPS, OrderSessionTraffic::new);
        assertTrue(seen[OrderSessionTraffic.Seen.RETURN.ordinal()] > SEEDS, "too few returns to prove anything");
        assertTrue(seen[OrderSessionTraffic.Seen.REPEAT.ordinal()] > SEEDS / 2, "too few repeats to prove anything");
        assertTrue(seen[OrderSessionTraffic.Seen.BROKEN_BRACKET.ordinal()] > 0, "no bracket was broken");
    }
}
