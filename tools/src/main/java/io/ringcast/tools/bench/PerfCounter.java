package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Counts the instructions of a process by {@code perf stat}, where the machine has counters.
 * Confined to the main thread.
 */
final class PerfCounter
{
    private static final long ANSWER_SECONDS = 10;
    private static final String EVENT = "instructions";

    private final Process process;
    private final Path output;

    private PerfCounter(final Process process, final Path output)
    {
        this.process = process;
        this.output = output;
    }

    /** Why instructions can't be counted here, or null. */
    static String missing()
    {
        if (!Shell.has("perf"))
        {
            return "perf is not installed (Debian: linux-perf)";
        }
        try
        {
            final Path output = Files.createTempFile("ringcast-perf", ".txt");
            Shell.line("perf", "stat", "-x", ",", "-e", EVENT, "-o", output.toString(), "true");
            final double count = parse(Files.readString(output));
            Files.delete(output);
            return Double.isNaN(count) ? "this machine has no counters (perf stat: not supported)" : null;
        }
        catch (final IOException e)
        {
            return "perf failed: " + e.getMessage();
        }
    }

    /** Begins to count. */
    static PerfCounter start(final long pid) throws IOException
    {
        final Path output = Files.createTempFile("ringcast-perf", ".txt");
        return new PerfCounter(new ProcessBuilder("perf", "stat", "-x", ",", "-e", EVENT, "-o", output.toString(),
            "-p", String.valueOf(pid)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start(), output);
    }

    /** Ends and tells the count; NaN if there is none. */
    double stop() throws IOException
    {
        try
        {
            // perf writes its figures when it is interrupted, not when it is terminated.
            Shell.line("kill", "-INT", String.valueOf(process.pid()));
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
            return parse(Files.readString(output));
        }
        catch (final InterruptedException e)
        {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
        finally
        {
            Files.deleteIfExists(output);
        }
    }

    /** Reads lines such as {@code 123456,,instructions:u,...}; a hybrid machine has one for each kind of core. */
    static double parse(final String text)
    {
        double sum = Double.NaN;
        for (final String line : text.lines().toList())
        {
            final String[] fields = line.split(",");
            if (fields.length > 2 && fields[2].contains(EVENT) && fields[0].matches("[0-9]+"))
            {
                sum = (Double.isNaN(sum) ? 0 : sum) + Double.parseDouble(fields[0]);
            }
        }
        return sum;
    }
}
