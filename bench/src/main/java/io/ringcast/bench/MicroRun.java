package io.ringcast.bench;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs the benchmarks, each in processes of its own, and counts what they allocate.
 * Confined to one thread.
 */
public final class MicroRun
{
    private MicroRun()
    {
    }

    /**
     * Runs, which takes minutes.
     *
     * @param form     how long each benchmark takes.
     * @param include  a regular expression; benchmarks in whose full name it is found are run.
     * @param json     where to write everything that JMH knows of the run, or null.
     * @param progress takes a line for each process.
     * @return a row per benchmark and parameters, in the order of the names.
     * @throws RunnerException if nothing is to be run, or a benchmark fails.
     */
    public static List<MicroRow> run(
        final MicroForm form, final String include, final Path json, final PrintWriter progress)
        throws RunnerException
    {
        final ChainedOptionsBuilder options = new OptionsBuilder()
            .include(include)
            .addProfiler(GCProfiler.class)
            .addProfiler(CpuTimeProfiler.class)
            .shouldFailOnError(true);
        form.applyTo(options);
        if (json != null)
        {
            options.resultFormat(ResultFormatType.JSON).result(json.toString());
        }
        return new Runner(options.build(), new MicroProgress(progress)).run().stream()
            .map(MicroRow::of)
            .collect(Collectors.toList());
    }
}
