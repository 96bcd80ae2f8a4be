package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What other programs print, and what the kernel tells. Confined to the test thread. */
final class CountersTest
{
    @Test
    void shouldAddTheKindsOfCoresWhenPerfCountsThemApart()
    {
        final String text = "# started on Sun Nov 22\n\n120,,cpu_atom/instructions/,5,10.00,,\n" +
            "1000,,cpu_core/instructions/,50,90.00,,\n";

        assertEquals(1120, PerfCounter.parse(text));
    }

    @Test
    void shouldSayThatThereIsNoNumberWhenPerfHasNoCounter()
    {
        assertTrue(Double.isNaN(PerfCounter.parse("<not supported>,,instructions,0,100.00,,\n")));
    }

    @Test
    void shouldReadTheCallsOfStraceByFrequency()
    {
        final String text = """
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             51.05    0.002179           9       228         3 epoll_pwait2
             48.95    0.002089           2      9000           sendto
            ------ ----------- ----------- --------- --------- ----------------
            100.00    0.004268          18      9228         3 total
            """;

        final Map<String, Long> calls = SystemCalls.parse(text);

        assertEquals(List.of("sendto", "epoll_pwait2"), List.copyOf(calls.keySet()));
        assertEquals(9000, calls.get("sendto"));
    }

    @Test
    void shouldCountNanosecondsWhenNoThreadHasEnded()
    {
        final CpuTimes before = new CpuTimes(Map.of(1L, 1_000L, 2L, 5_000L), 0, 7.00);
        final CpuTimes after = new CpuTimes(Map.of(1L, 2_000L, 2L, 6_000L, 3L, 500L), 0, 7.01);

        assertEquals(2_500e-9, after.secondsSince(before), 1e-12);
    }

    @Test
    void shouldCountStepsWhenAThreadHasEnded()
    {
        final CpuTimes before = new CpuTimes(Map.of(1L, 1_000L, 2L, 5_000L), 0, 7.00);
        final CpuTimes after = new CpuTimes(Map.of(1L, 2_000L), 0, 7.25);

        assertEquals(0.25, after.secondsSince(before), 1e-9);
    }

    @Test
    void shouldTellTheCompilersShareUnlessItsThreadHasEnded()
    {
        final CpuTimes before = new CpuTimes(Map.of(1L, 1_000L, 2L, 5_000L), 5_000, 7.00);

        assertEquals(3_000e-9, new CpuTimes(Map.of(1L, 2_000L, 2L, 8_000L), 8_000, 7.01).compilerSecondsSince(before),
            1e-12);
        assertEquals(0, new CpuTimes(Map.of(1L, 2_000L), 0, 7.01).compilerSecondsSince(before), 1e-12);
    }
}
