package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.lane.LaneSimulation.Beginning;
import io.ringcast.law.Seeds;
import io.ringcast.metrics.RelayCounter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The law: whatever one to four lanes lose, double and delay, the output is the one stream, in order, each item once
 * for each time that the chain came to it.
 *
 * <p>The one thing that nobody can know is granted: a tip on another branch that a lane did not say, or whose
 * forerunner it did not say so that it can't be told from one that is behind, may count as never told, if that explains
 * the output. Any other tip must have been told. Of the logs of branches that were left again nothing is missing that
 * is not declared; and nothing at all if one lane carries all and no tip was left out so far, see {@link LogOracle}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ArbitrationPropertyTest
{
    private static final int SEEDS = Seeds.count(120);
    /** Seeds that have failed once. */
    private static final long[] REGRESSIONS =
        {1, 6, 60, 72, 82, 120, 124, 259, 264, 276, 303, 427, 439, 536, 576, 598, 630, 635, 707, 926, 963, 1_075, 1_109,
        1_399, 1_442, 1_457, 1_496, 1_502, 1_833, 3_609, 3_881, 4_096, 4_114, 4_128, 4_152, 4_288, 4_586, 4_685, 5_370};

    @Test
    void shouldPublishTheOneStreamOfHeads()
    {
        check(LaneSimulation.Kind.HEADS);
    }

    @Test
    void shouldPublishTheOneStreamOfAllLogs()
    {
        check(LaneSimulation.Kind.ALL_LOGS);
    }

    @Test
    void shouldPublishTheOneStreamOfAllLogsWhenSomeLanesTellNone()
    {
        assertTrue(check(LaneSimulation.Kind.SILENT_LOGS) > 0, "no silent lane was found");
    }

    @Test
    void shouldPublishTheOneStreamOfFilteredLogs()
    {
        check(LaneSimulation.Kind.FILTERED_LOGS);
    }

    @Test
    void shouldPublishTheOneStreamOfFilteredLogsWhenTheOnlyLaneTellsNone()
    {
        assertTrue(check(LaneSimulation.Kind.SILENT_FILTERED_LOGS) > 0, "no silent lane was found");
    }

    @Test
    void shouldPublishTheOneStreamOfFilteredLogsWhenTheOnlyLaneFallsSilent()
    {
        assertTrue(check(LaneSimulation.Kind.FALLEN_SILENT_FILTERED_LOGS) > 0, "no silent lane was found");
    }

    @Test
    void shouldPublishTheOneStreamOfAllLogsWhenALaneLeavesOutTheLastOfABlock()
    {
        check(LaneSimulation.Kind.CUT_LOGS);
    }

    @Test
    void shouldPublishTheOneStreamOfFilteredLogsWhenALaneLeavesOutTheLastOfABlock()
    {
        check(LaneSimulation.Kind.CUT_FILTERED_LOGS);
    }

    /** Returns how many lanes were found silent. */
    private static long check(final LaneSimulation.Kind kind)
    {
        // The chains of these are longer.
        final int seeds = kind == LaneSimulation.Kind.FALLEN_SILENT_FILTERED_LOGS ? SEEDS / 4 : SEEDS;
        final long regressions = LongStream.of(REGRESSIONS).map(seed -> Stream.of(Beginning.values())
            .mapToLong(beginning -> silentLanes(kind, seed, beginning)).sum()).sum();
        return regressions + LongStream.range(0, seeds).map(seed ->
            silentLanes(kind, seed, seed % 2 == 1 ? Beginning.LOGS_LATE : Beginning.WITH_CHAIN) +
            silentLanes(kind, seed, Beginning.AWAY)).sum();
    }

    private static long silentLanes(
        final LaneSimulation.Kind kind, final long seed, final Beginning beginning)
    {
        try
        {
            final LaneSimulation simulation = new LaneSimulation(seed, kind, beginning);
            checkOne(simulation);
            return simulation.count(RelayCounter.LOG_LANES_SILENT);
        }
        catch (final Throwable e)
        {
            throw new AssertionError(
                kind + " begun " + beginning + " seed " + seed + ": " + e.getMessage(), e);
        }
    }

    static void checkOne(final LaneSimulation simulation)
    {
        checkHeads(simulation);
        checkLogs(simulation);
    }

    private static void checkLogs(final LaneSimulation simulation)
    {
        final LogOracle oracle = new LogOracle(simulation);
        assertNull(oracle.complaint(), () -> oracle.complaint() + "\n" + simulation.output);
        assertNull(simulation.told.complaint(), () -> simulation.told.complaint() + "\n" + simulation.output);
        // What was told before the feed had its first head may have no place any more by then: that is declared.
        final long start = simulation.startIndex < simulation.output.size() ?
            simulation.output.get(simulation.startIndex).number : Long.MAX_VALUE;
        assertEquals(List.of(), simulation.logGaps.stream()
            .filter(number -> number > start && !simulation.told.wasToldEarly(number) && !isLeft(simulation, number))
            .toList(), "gaps in logs");
    }

    /** Of a block that the chain left again nobody may have been able to tell all logs. */
    private static boolean isLeft(final LaneSimulation simulation, final long number)
    {
        final SimBlock tip = simulation.output.get(simulation.output.size() - 1);
        return simulation.output.stream().anyMatch(block -> block.number == number && !block.isAncestorOf(tip));
    }

    private static void checkHeads(final LaneSimulation simulation)
    {
        simulation.run();
        final List<SimBlock> output = simulation.output;
        if (simulation.lost.isEmpty() && simulation.tipBefore < 0)
        {
            assertEquals(simulation.truth.stream(), output);
        }
        assertTrue(isExplained(simulation), () -> "tips " + simulation.truth.tips + "\nlost " + simulation.lost +
            " of " + simulation.laneCount + " lanes\nwant " + simulation.truth.stream() + "\n got " + output);
        assertEquals(0, simulation.count(RelayCounter.HEAD_GAPS));
        assertEquals(0, simulation.count(RelayCounter.LANES_LEFT_OUT));
    }

    /** Whether the output is what a subset of the tips says, in which each is that must have been told. */
    private static boolean isExplained(final LaneSimulation simulation)
    {
        final List<SimBlock> tips = simulation.truth.tips;
        final List<SimBlock> output = simulation.output;
        if (output.isEmpty())
        {
            return false;
        }
        final long base = output.get(0).number;
        // For each tip that may be the last one told, how much of the output is explained then.
        final List<Set<Integer>> explained = new ArrayList<>();
        final int anchor = simulation.anchorTip;
        for (int i = 0; i < tips.size(); i++)
        {
            explained.add(new HashSet<>());
            if (i == anchor)
            {
                // What is mined from here on is to be told.
                explained.get(i).add(0);
            }
            final boolean mayBegin = anchor < 0 || base <= tips.get(anchor).number;
            if (tips.get(i) == output.get(0) && mayBegin && isSkippable(simulation, simulation.tipBefore + 1, i))
            {
                explained.get(i).add(1);
            }
            for (int j = i - 1; j >= 0; j--)
            {
                final List<SimBlock> path = tips.get(j).pathTo(tips.get(i));
                path.removeIf(block -> block.number < base);
                for (final int from : explained.get(j))
                {
                    if (from + path.size() <= output.size() &&
                        path.equals(output.subList(from, from + path.size())))
                    {
                        explained.get(i).add(from + path.size());
                    }
                }
                if (!simulation.isUnsure(j))
                {
                    break;
                }
            }
        }
        return explained.get(tips.size() - 1).contains(output.size());
    }

    private static boolean isSkippable(final LaneSimulation simulation, final int from, final int to)
    {
        for (int i = from; i < to; i++)
        {
            if (!simulation.isUnsure(i))
            {
                return false;
            }
        }
        return true;
    }
}
