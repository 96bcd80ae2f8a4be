package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.EnumMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Over one to four nodes that do their worst, every call is answered once, with its own answer or an error that the
 * relay may give; no node gets a write twice; no answer is from before what its caller was shown. A failure names its
 * seed.
 */
class CallTrafficTest
{
    private static final int SEEDS = Seeds.count(160);
    private static final int STEPS = 500;
    /** What has to happen often enough for the test to mean something. */
    private static final RelayCounter[] MUST_HAPPEN =
    {
        RelayCounter.CALLS_FAILED_OVER, RelayCounter.CALLS_HELD, RelayCounter.CALLS_BROADCAST,
        RelayCounter.CALLS_JOINED, RelayCounter.CACHE_HITS, RelayCounter.CALLS_TIMED_OUT,
        RelayCounter.CALLS_LOST_UPSTREAM, RelayCounter.UPSTREAM_LATE_ANSWERS, RelayCounter.UPSTREAM_UNKNOWN_IDS,
        RelayCounter.BREAKERS_OPENED
    };

    @Test
    void shouldAnswerEachCallOnceAndRightlyGivenNodesThatDoNot()
    {
        final Map<RelayCounter, Long> happened = new EnumMap<>(RelayCounter.class);
        int results = 0;
        for (long seed = 0; seed < SEEDS; seed++)
        {
            try (CallTraffic traffic = new CallTraffic(seed, seed % 20 == 0))
            {
                for (int step = 0; step < STEPS; step++)
                {
                    traffic.step();
                }
                traffic.finish();
                results += traffic.results;
                for (final RelayCounter counter : MUST_HAPPEN)
                {
                    happened.merge(counter, traffic.count(counter), Long::sum);
                }
            }
            catch (final AssertionError e)
            {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertTrue(results > SEEDS * STEPS / 10, "too few results: " + results);
        for (final RelayCounter counter : MUST_HAPPEN)
        {
            assertTrue(happened.get(counter) > SEEDS / 4, counter + " happened too seldom: " + happened.get(counter));
        }
    }
}
