package io.ringcast.bench;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

import java.io.PrintWriter;
import java.util.Collection;

/**
 * Says in one line per process of a run what is being measured and how long it will take, and shows what went wrong.
 * Any thread: JMH calls it from the one that runs the benchmarks and from the one that listens to their processes.
 */
final class MicroProgress implements OutputFormat
{
    private static final String PROGRESS = "# Run progress: ";

    private final PrintWriter out;
    private volatile String benchmark = "";

    MicroProgress(final PrintWriter out)
    {
        this.out = out;
    }

    @Override
    public void startBenchmark(final BenchmarkParams params)
    {
        benchmark = (MicroRow.name(params) + " " + MicroRow.params(params)).strip();
    }

    /** JMH's own lines begin with a #; what is left is what a benchmark or its JVM printed, mostly a failure. */
    @Override
    public void println(final String line)
    {
        if (line.startsWith(PROGRESS))
        {
            out.println(line.substring(PROGRESS.length()) + "  " + benchmark);
        }
        else if (!line.isBlank() && !line.startsWith("#"))
        {
            out.println(line);
        }
        out.flush();
    }

    @Override
    public void print(final String text)
    {
        // Parts of lines: the scores of single iterations.
    }

    @Override
    public void verbosePrintln(final String line)
    {
        // Only wanted when JMH itself is looked into.
    }

    @Override
    public void iteration(final BenchmarkParams params, final IterationParams iteration, final int number)
    {
        // A line per process is enough.
    }

    @Override
    public void iterationResult(
        final BenchmarkParams params, final IterationParams iteration, final int number, final IterationResult result)
    {
        // The table at the end has the figures.
    }

    @Override
    public void endBenchmark(final BenchmarkResult result)
    {
        // The table at the end has the figures.
    }

    @Override
    public void startRun()
    {
        // The first benchmark says enough.
    }

    @Override
    public void endRun(final Collection<RunResult> results)
    {
        // The caller prints the table.
    }

    @Override
    public void write(final int character)
    {
        // What a benchmark's process printed, character by character; failures come as lines as well.
    }

    @Override
    public void write(final byte[] text)
    {
        // As above.
    }

    @Override
    public void flush()
    {
        out.flush();
    }

    @Override
    public void close()
    {
        out.flush();
    }
}
