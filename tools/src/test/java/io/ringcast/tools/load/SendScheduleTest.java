package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined to the test thread. */
final class SendScheduleTest
{
    @ParameterizedTest
    @CsvSource({
        "500, 1, 1, 0",
        "500, 1, 2, 2000000",
        "500, 1, 500001, 1000000000000",
        "3, 1, 4, 1000000000",
        "3, 1, 3000000001, 1000000000000000000",
        "320, 32, 32, 0",
        "320, 32, 33, 100000000",
        "0.5, 1, 2, 2000000000"})
    void shouldBeDueAtFixedRateWhenTimePasses(
        final double rate, final int burst, final long sequence, final long dueNs)
    {
        assertEquals(dueNs, SendSchedule.steady(rate, burst).dueNs(sequence));
    }

    @ParameterizedTest
    @CsvSource({"500, 1, 2, 1000", "320, 32, 0.5, 160", "10, 32, 1, 32", "10, 1, 0, 0"})
    void shouldCountWholeBurstsWhenSecondsAreGiven(
        final double rate, final int burst, final double seconds, final long items)
    {
        assertEquals(items, SendSchedule.steady(rate, burst).itemsIn(seconds));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0", "32, 0", "33, 50000000", "96, 100000000",
        "97, 2150000000", "128, 2150000000", "129, 2650000000"})
    void shouldPauseBetweenTheWarmUpAndWhatIsMeasuredGivenAFasterWarmUp(final long sequence, final long dueNs)
    {
        // three bursts of 32 in the warm-up at 640 a second, then 64 a second
        final SendSchedule schedule = SendSchedule.of(LoadPlan.of(LoadKind.HEADS, 1, 64).withBurst(32)
            .withSeconds(0.15, 10).withWarmUpPerSecond(640));

        assertEquals(dueNs, schedule.dueNs(sequence));
        assertEquals(96, schedule.warmUpItems());
    }

    @Test
    void shouldChargeEachItemWithThePauseWhenTheSenderStalls()
    {
        // given 1,000 items a second, delivered 10 us after they are sent, and a stall of 100 ms before item 501
        final SendSchedule schedule = SendSchedule.steady(1000, 1);
        final long stallNs = 100_000_000;
        final LatencyRecorder corrected = new LatencyRecorder();

        // when the sender catches up without a pause
        long freeNs = 0;
        for (long sequence = 1; sequence <= 1000; sequence++)
        {
            freeNs = Math.max(freeNs, schedule.dueNs(sequence)) + (sequence == 501 ? stallNs : 0);
            corrected.record(freeNs + 10_000 - schedule.dueNs(sequence));
        }

        // then a tenth of the items shows the stall, from 100 ms down
        assertEquals(100_010_000, corrected.total().getMaxValue(), 100_000);
        assertEquals(50_000_000, corrected.total().getValueAtPercentile(95), 2_000_000);
        assertTrue(corrected.total().getValueAtPercentile(89) < 11_000);
    }

    @Test
    void shouldRefuseWhenThereIsNoRate()
    {
        assertThrows(IllegalArgumentException.class, () -> SendSchedule.steady(0, 1));
        assertThrows(IllegalArgumentException.class, () -> SendSchedule.steady(1, 0));
    }
}
