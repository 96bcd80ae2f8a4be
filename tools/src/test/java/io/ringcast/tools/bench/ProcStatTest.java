package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class ProcStatTest
{
    @Test
    void shouldAddUserAndSystemTimeWhenTheNameHasBracketsAndSpaces()
    {
        final String stat = "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 1 2 3 4 150 75 9 9 20 0 1 0 100 1000 10";

        assertEquals(2.25, ProcStat.parseCpuSeconds(stat), 1e-9);
    }
}
