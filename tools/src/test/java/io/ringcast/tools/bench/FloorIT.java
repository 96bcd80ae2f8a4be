package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay in C that figures are measured against: it must deliver all, in order. Confined to the test thread. */
final class FloorIT
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    @Timeout(60)
    void shouldDeliverEverythingInOrder(final int burst) throws InterruptedException
    {
        final FloorSubject floor = new FloorSubject(directory, List.of());
        Assumptions.assumeTrue(floor.missing() == null, floor.missing());
        final Scenario scenario = new Scenario("test", "test",
            LoadPlan.of(LoadKind.HEADS, 20, 320).withBurst(burst).withSeconds(0.2, 0.5), 0);

        final Map<String, List<Measurement>> results =
            new FanoutBench(List.of(floor), line -> { }).run(scenario, 1);

        final List<Measurement> rounds = results.get(FloorSubject.NAME);
        assertEquals(1, rounds.size());
        assertEquals(0, Measurement.faults(rounds));
        assertEquals(20 * 160, rounds.get(0).result().measured());
    }

    @Test
    void shouldLeaveLogsAndCallsToOthers()
    {
        final FloorSubject floor = new FloorSubject(directory, List.of());

        assertEquals(List.of("window-1", "burst-32", "single", "hundred"),
            Scenario.all(true, 10_000).stream().filter(floor::takes).map(Scenario::name).toList());
    }
}
