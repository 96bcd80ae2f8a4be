package io.ringcast.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** That every benchmark runs; how fast is not asked, on machines whose cores are shared. Confined to one thread. */
class SmokeTest
{
    @BeforeAll
    static void allowOtherRuns()
    {
        // Nothing is measured, so another run on this machine does no harm.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    @Timeout(60)
    void shouldRunWhenGivenAnIterationOfAFewMilliseconds() throws RunnerException
    {
        final OptionsBuilder options = new OptionsBuilder();
        options.include("io\\.ringcast\\.bench\\..*")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(5))
            .param("filters", "100")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true);

        final Collection<RunResult> results = new Runner(options.build()).run();

        final Set<String> classes = results.stream().map(MicroRow::of)
            .map(row -> row.benchmark().substring(0, row.benchmark().indexOf('.'))).collect(Collectors.toSet());
        assertEquals(Set.of("FrameParserBenchmark", "DecoderBenchmark", "HandOffBenchmark", "CorrelateBenchmark",
            "TopicIndexBenchmark", "BusyAddressBenchmark", "EncoderBenchmark", "FanOutBenchmark", "Utf8Benchmark",
            "ArbitrationBenchmark", "TopicChurnBenchmark", "HistoryBenchmark", "BlockOrderBenchmark",
            "StageLatencyBenchmark"),
            classes);
        for (final RunResult result : results)
        {
            assertTrue(result.getPrimaryResult().getScore() > 0, () -> MicroRow.of(result).toString());
        }
    }
}
