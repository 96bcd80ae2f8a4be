package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: a client with a session that had not read all of its past when its connection broke has, over all its
 * connections, the chain from its block on. What it has of blocks that the chain left meanwhile is taken back, the last
 * first, before what replaces it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SessionPastLawTest
{
    private static final int SEEDS = Seeds.count(30);
    private static final int STEPS = 150;
    /** More logs of a visited branch become known than were when a block below it was left, which had been read. */
    private static final long LATE_VISIT = 132;

    @Test
    void shouldTakeBackWhatAnEarlierConnectionWasTold()
    {
        final long[] seen = SeededTraffic.run(
            LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(LATE_VISIT)), STEPS, SessionPastTraffic::new);
        for (final SessionPastTraffic.Seen kind : SessionPastTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0 || kind == SessionPastTraffic.Seen.GAP, kind + " was never seen");
        }
        assertTrue(seen[SessionPastTraffic.Seen.GAP.ordinal()] <= SEEDS / 10, "too many gaps to prove anything");
    }
}
