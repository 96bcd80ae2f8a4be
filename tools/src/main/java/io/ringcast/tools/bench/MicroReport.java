package io.ringcast.tools.bench;

import io.ringcast.bench.MicroForm;
import io.ringcast.bench.MicroRow;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run found, as a table for the terminal and as a page with the conditions it was measured under.
 * Immutable.
 *
 * @param rows what was measured.
 * @param form how long it was measured.
 */
record MicroReport(List<MicroRow> rows, MicroForm form)
{
    private static final String[] HEAD = {"benchmark", "parameters", "ns/op", "error", "CPU ns/op", "error", "B/op"};
    private static final String RULE = "|---|---|---:|---:|---:|---:|---:|\n";
    private static final int FIRST_NUMBER = 2;
    /** The profiler's own objects show as a few hundredths of a byte. */
    private static final double NO_BYTES = 0.5;

    String table()
    {
        final List<String[]> lines = new ArrayList<>();
        lines.add(HEAD);
        rows.forEach(row -> lines.add(cells(row)));
        final int[] widths = new int[HEAD.length];
        for (final String[] line : lines)
        {
            for (int i = 0; i < widths.length; i++)
            {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        final StringBuilder text = new StringBuilder();
        for (final String[] line : lines)
        {
            for (int i = 0; i < widths.length; i++)
            {
                final String padding = " ".repeat(widths[i] - line[i].length());
                text.append(i < FIRST_NUMBER ? line[i] + padding : padding + line[i]).append("  ");
            }
            text.setLength(text.length() - 2);
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    String markdown()
    {
        final StringBuilder text = new StringBuilder()
            .append("| ").append(String.join(" | ", HEAD)).append(" |\n").append(RULE);
        for (final MicroRow row : rows)
        {
            text.append("| ").append(String.join(" | ", cells(row)).replace("|  |", "| |")).append(" |\n");
        }
        return text.append('\n').append(conditions()).append('\n').toString();
    }

    private String conditions()
    {
        return "Mean of " + form.describe() + ", one benchmark at a time; the error is half the 99.9 % " +
            "confidence interval. CPU is the time for which the thread had a core: on a busy machine that is the " +
            "figure. " +
            Runtime.getRuntime().availableProcessors() + " cores (" + CpuModel.read() + "), " +
            System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " +
            System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", flags `" +
            String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()) +
            "` and those of `RelayBenchmark`, commit " + Shell.line("git", "rev-parse", "--short=12", "HEAD") + ".";
    }

    private static String[] cells(final MicroRow row)
    {
        return new String[]{row.benchmark(), row.params(), number(row.nsPerOp()), number(row.errorNs()),
            number(row.cpuNsPerOp()), number(row.cpuErrorNs()),
            bytes(row.bytesPerOp())};
    }

    private static String number(final double value)
    {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String bytes(final double value)
    {
        return value < NO_BYTES ? "0" : number(value);
    }
}
