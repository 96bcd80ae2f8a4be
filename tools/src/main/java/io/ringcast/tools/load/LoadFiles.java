package io.ringcast.tools.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The files of a run: {@code load.hgrm} and {@code load.svg}. Any thread; no state. */
public final class LoadFiles
{
    private static final double NS_PER_US = 1000.0;
    private static final int TICKS_PER_HALF = 5;

    private LoadFiles()
    {
    }

    /**
     * Writes both.
     *
     * @param directory made if it is not there.
     * @param result    what to write.
     * @throws IOException if it can't be written.
     */
    public static void write(final Path directory, final LoadResult result) throws IOException
    {
        Files.createDirectories(directory);
        writeHistogram(directory.resolve("load.hgrm"), result.latencyNs());
        final LoadPlan plan = result.plan();
        final String what = plan.isCalls() ?
            String.format(Locale.ROOT, "%,d connections, %d calls outstanding each", plan.subscribers(),
                plan.callsOutstanding()) :
            String.format(Locale.ROOT, "%,d subscribers to %s, %,.6g items a second%s", plan.subscribers(),
                plan.kind().word(), plan.itemsPerSecond(), plan.burst() > 1 ? " in bursts of " + plan.burst() : "");
        final String svg = new PercentilePlot(
            plan.isCalls() ? "Latency of calls" : "Delivery latency, from the scheduled send", what)
            .add(String.format(Locale.ROOT, "%,d %s", result.measured(), plan.isCalls() ? "answers" : "deliveries"),
                result.latencyNs())
            .toSvg();
        Files.writeString(directory.resolve("load.svg"), svg);
    }

    /**
     * Writes a percentile distribution in microseconds, as HdrHistogram's plotters read it.
     *
     * @param file        where to.
     * @param histogramNs in nanoseconds.
     * @throws IOException if it can't be written.
     */
    public static void writeHistogram(final Path file, final Histogram histogramNs) throws IOException
    {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        histogramNs.outputPercentileDistribution(
            new PrintStream(text, true, StandardCharsets.UTF_8), TICKS_PER_HALF, NS_PER_US);
        Files.write(file, text.toByteArray());
    }
}
