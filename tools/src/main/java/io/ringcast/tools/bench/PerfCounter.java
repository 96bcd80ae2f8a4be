package io.ringcast.tools.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Counts the instructions of a process by {@code perf stat}, where the machine has counters.
 * Confined to the main thread.
 */
final class PerfCounter
{
    private static final String EVENT = "instructions";

    private final ProcessWatch watch;

    private PerfCounter(final ProcessWatch watch)
    {
        this.watch = watch;
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
        return new PerfCounter(ProcessWatch.start(pid, "perf", "stat", "-x", ",", "-e", EVENT));
    }

    /** Ends and tells the count; NaN if there is none. */
    double stop() throws IOException
    {
        return parse(watch.stop());
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
