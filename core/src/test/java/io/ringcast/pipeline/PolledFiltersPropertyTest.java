package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: what the polls of a filter give together is what a subscriber of the same thing was told since the filter
 * was made, within its blocks, whatever happened to the upstreams; and a filter ends when it has to, not sooner. The
 * replay of such a run, with its reorgs, lost upstreams, fetches, polls and slow subscribers, sends the same bytes.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PolledFiltersPropertyTest
{
    private static final int SEEDS = Seeds.count(60);
    private static final int STEPS = 200;

    @Test
    void shouldTellPollersWhatSubscribersAreTold()
    {
        final long[] seen = SeededTraffic.run(LongStream.range(0, SEEDS), STEPS, PolledTraffic::new);
        for (final PolledTraffic.Seen kind : PolledTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0, kind + " was never seen");
        }
    }
}
