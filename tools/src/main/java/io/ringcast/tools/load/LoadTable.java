package io.ringcast.tools.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The outcome of a run as lines for a terminal. Any thread; no state. */
public final class LoadTable
{
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private LoadTable()
    {
    }

    /**
     * Writes the table.
     *
     * @param result the outcome.
     * @return its lines.
     */
    public static List<String> lines(final LoadResult result)
    {
        final List<String> lines = new ArrayList<>();
        final LoadCounts counts = result.counts();
        final boolean isCalls = result.plan().isCalls();
        final String what = isCalls ? "answers" : "deliveries";
        lines.add("");
        row(lines, isCalls ? "connections" : "subscribers", number(result.plan().subscribers()));
        if (counts.sent() > 0)
        {
            row(lines, isCalls ? "calls sent" : "items sent", number(counts.sent()));
            row(lines, what + " owed", number(counts.expected()));
        }
        row(lines, what, number(counts.received()));
        row(lines, what + " a second, after the warm-up", String.format(Locale.ROOT, "%,.0f", result.perSecond()));
        faults(lines, result);
        lines.add("");
        if (result.latencyNs().getTotalCount() > 0)
        {
            latency(lines, result.latencyNs(), isCalls);
        }
        else if (!result.hasStamps())
        {
            lines.add("The items are not this tool's and have no stamp: latency, loss and doubles can't be told. " +
                "Point the relay at this tool with --upstream-listen to measure them.");
        }
        lines.add("");
        lines.add(result.verdict().text());
        lines.add(verdict(result));
        return lines;
    }

    private static void faults(final List<String> lines, final LoadResult result)
    {
        final LoadCounts counts = result.counts();
        if (!result.hasStamps())
        {
            row(lines, "block numbers missing", number(counts.lost()));
            row(lines, "block numbers stepping back", number(counts.stepsBack()));
        }
        else if (result.plan().isCalls())
        {
            row(lines, "unanswered", number(counts.lost()));
            row(lines, "answered twice or not asked", number(counts.duplicates()));
            row(lines, "errors", number(counts.errors()));
        }
        else
        {
            row(lines, "lost", number(counts.lost()));
            row(lines, "doubled", number(counts.duplicates()));
            row(lines, "reordered", number(counts.reordered()));
            row(lines, "not matching the filter", number(counts.strays()));
        }
        row(lines, "connections closed by the relay", number(counts.closed()));
    }

    private static void latency(final List<String> lines, final Histogram histogramNs, final boolean isCalls)
    {
        lines.add(isCalls ? "latency from the call to its answer (closed loop: not schedule-corrected)" :
            "latency from the scheduled send to the client's read");
        for (final double percentile : PERCENTILES)
        {
            row(lines, "p" + (percentile == Math.rint(percentile) ?
                String.valueOf((long)percentile) : String.valueOf(percentile)),
                us(histogramNs.getValueAtPercentile(percentile)));
        }
        row(lines, "max", us(histogramNs.getMaxValue()));
    }

    private static String verdict(final LoadResult result)
    {
        final LoadCounts counts = result.counts();
        if (!counts.isClean())
        {
            return "FAILED: lost " + counts.lost() + ", doubled " + counts.duplicates() + ", reordered " +
                counts.reordered() + ", not matching " + counts.strays() + ", errors " + counts.errors() +
                ", connections closed " + counts.closed() +
                (result.failure() == null ? "" : " (first: " + result.failure() + ")") + ".";
        }
        if (result.failure() != null)
        {
            return "Nothing is missing, but: " + result.failure() + ".";
        }
        return result.hasStamps() ? "Nothing lost, doubled or reordered." : "No gap in what was received.";
    }

    private static void row(final List<String> lines, final String name, final String value)
    {
        lines.add(String.format(Locale.ROOT, "  %-36s %16s", name, value));
    }

    private static String number(final long value)
    {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String us(final long ns)
    {
        return String.format(Locale.ROOT, "%,.1f µs", ns / 1000.0);
    }
}
