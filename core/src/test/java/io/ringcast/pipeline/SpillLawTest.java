package io.ringcast.pipeline;

import io.ringcast.law.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The law: what a slow client that is to be read on for sees, joined together, is the stream: the chain's items, once
 * for each time that the chain came to them, with those removed that the chain left, however far it lags and whatever
 * the chain does meanwhile.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SpillLawTest
{
    private static final int SEEDS = Seeds.count(12);
    private static final int STEPS = 60;

    @Test
    void shouldJoinToTheChainGivenReorganisationsWhileItLags()
    {
        final long[] seen = SeededTraffic.run(LongStream.range(0, SEEDS), STEPS, SpillTraffic::new);
        for (final SpillTraffic.Seen kind : SpillTraffic.Seen.values())
        {
            assertTrue(seen[kind.ordinal()] > 0 || kind == SpillTraffic.Seen.LOSS, kind + " was never seen");
        }
        assertTrue(seen[SpillTraffic.Seen.LOSS.ordinal()] <= SEEDS / 20, "too many losses to prove anything");
    }
}
