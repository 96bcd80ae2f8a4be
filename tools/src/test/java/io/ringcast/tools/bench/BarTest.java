package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class BarTest
{
    @Test
    void shouldTakeTheMedianOfTheRatiosOfTheRounds()
    {
        // The second round was disturbed, for both alike: its ratio counts, not its figures.
        final Bar bar = Bar.ratio("x", "µs", rounds(10, 90, 12), rounds(10, 75, 10), Measurement::cpuUs, 1.2);

        assertTrue(bar.isMet());
        assertEquals("| x | 12.00 µs | 10.00 µs | 1.20 (1.00 to 1.20) | at most 1.20 | met |", bar.markdown());
    }

    @Test
    void shouldSayWhenABarIsMissed()
    {
        final Bar bar = Bar.number("x", "bytes", new double[]{3}, 1, "below 1 byte");

        assertFalse(bar.isMet());
        assertEquals("| x | 3.00 bytes |  | 3.00 (3.00 to 3.00) | below 1 byte | **missed** |", bar.markdown());
    }

    @Test
    void shouldNotJudgeWhenARoundFailed()
    {
        final Bar bar = Bar.ratio("x", "µs", rounds(1, 2), rounds(1), Measurement::cpuUs, 2);

        assertFalse(bar.isMet());
        assertTrue(bar.markdown().endsWith("| not measured | at most 2.00 | not measured |"), bar.markdown());
    }

    @Test
    void shouldWantMoreWhenTheBarIsToBeAhead()
    {
        assertTrue(Bar.ahead("x", "a second", rounds(11), rounds(10), Measurement::cpuUs).isMet());
        assertFalse(Bar.ahead("x", "a second", rounds(10), rounds(10), Measurement::cpuUs).isMet());
    }

    private static List<Measurement> rounds(final double... cpuUs)
    {
        return Arrays.stream(cpuUs).mapToObj(each -> new Measurement(null, each, 0, Double.NaN, 0, 0)).toList();
    }
}
