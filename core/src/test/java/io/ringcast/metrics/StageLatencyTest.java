package io.ringcast.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

class StageLatencyTest
{
    @Test
    void shouldCountEachTimeInTheFirstBucketWhoseBoundItDoesNotPass()
    {
        final StageLatency latency = new StageLatency("match");
        final SplittableRandom random = new SplittableRandom(1);
        final long[] timesNs = LongStream.range(0, 10_000)
            .map(i -> (long)Math.pow(10, random.nextDouble(0, 10)) - 5).toArray();

        for (final long timeNs : timesNs)
        {
            latency.record(timeNs);
        }

        long below = -1;
        for (int bucket = 0; bucket <= StageLatency.boundCount(); bucket++)
        {
            final long from = below;
            final long to = bucket == StageLatency.boundCount() ? Long.MAX_VALUE : StageLatency.boundNs(bucket);
            assertEquals(LongStream.of(timesNs).map(each -> Math.max(0, each))
                .filter(each -> each > from && each <= to).count(), latency.count(bucket), "bucket " + bucket);
            below = to;
        }
        assertEquals(LongStream.of(timesNs).map(each -> Math.max(0, each)).sum(), latency.sumNs());
    }

    @Test
    void shouldSampleOneOfSoMany()
    {
        assertEquals(1_000, LongStream.range(0, 1_000L * StageLatency.SAMPLED)
            .filter(StageLatency::isSampled).count());
        assertTrue(StageLatency.isSampled(0));
    }
}
