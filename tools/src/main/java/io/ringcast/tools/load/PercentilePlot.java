package io.ringcast.tools.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Draws latency over percentiles as SVG: the percentile axis is logarithmic in what lies above, so that the tail has
 * room; the latency axis is logarithmic when the values span more than a factor of 20.
 * Confined to one thread.
 */
public final class PercentilePlot
{
    private static final int WIDTH = 960;
    private static final int HEIGHT = 540;
    private static final int LEFT = 84;
    private static final int RIGHT = 44;
    private static final int TOP = 88;
    private static final int BOTTOM = 66;
    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final int STEPS = 400;
    private static final String[] COLOURS = {"#0b6bcb", "#d1495b", "#2e8b57", "#e08e0b", "#7b4fa3", "#4a4e57"};
    private static final String[] DASHES = {"", "8 4", "3 3", "10 3 2 3", "14 5", "2 5"};
    private static final String[] PERCENTS = {"0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"};

    private final String title;
    private final String subtitle;
    private final List<String> names = new ArrayList<>();
    private final List<Histogram> histogramsNs = new ArrayList<>();

    /**
     * Begins a plot.
     *
     * @param title    its first line.
     * @param subtitle its second line: the conditions.
     */
    public PercentilePlot(final String title, final String subtitle)
    {
        this.title = title;
        this.subtitle = subtitle;
    }

    /**
     * Adds a line.
     *
     * @param name        what the legend calls it.
     * @param histogramNs the latencies in nanoseconds; one without any is left out.
     * @return this.
     */
    public PercentilePlot add(final String name, final Histogram histogramNs)
    {
        if (histogramNs.getTotalCount() > 0)
        {
            names.add(name);
            histogramsNs.add(histogramNs);
        }
        return this;
    }

    /**
     * Draws.
     *
     * @return the SVG document.
     */
    public String toSvg()
    {
        final StringBuilder svg = new StringBuilder(32_768);
        put(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" " +
            "font-family=\"'Helvetica Neue', Helvetica, Arial, sans-serif\">%n", WIDTH, HEIGHT, WIDTH, HEIGHT);
        put(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, HEIGHT);
        text(svg, LEFT, 30, "font-size=\"19\" font-weight=\"bold\" fill=\"#1d2129\"", title);
        text(svg, LEFT, 50, "font-size=\"12.5\" fill=\"#5b616e\"", subtitle);
        final LatencyAxis axis = LatencyAxis.of(histogramsNs);
        final int decades = decades();
        drawGrid(svg, axis, decades);
        for (int i = 0; i < histogramsNs.size(); i++)
        {
            drawLine(svg, axis, decades, i);
        }
        drawLegend(svg);
        return svg.append("</svg>\n").toString();
    }

    /** As many as the largest histogram has samples for, 90 to 99.999 %. */
    private int decades()
    {
        long most = 1;
        for (final Histogram histogram : histogramsNs)
        {
            most = Math.max(most, histogram.getTotalCount());
        }
        return (int)Math.max(2, Math.min(PERCENTS.length - 1, Math.ceil(Math.log10(most))));
    }

    private void drawGrid(final StringBuilder svg, final LatencyAxis axis, final int decades)
    {
        for (final double tickUs : axis.ticksUs())
        {
            final double y = y(axis, tickUs);
            put(svg, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#e3e6eb\"/>%n",
                LEFT, y, LEFT + PLOT_WIDTH, y);
            text(svg, LEFT - 10, y + 4, "font-size=\"12\" text-anchor=\"end\" fill=\"#3c4250\"", number(tickUs));
        }
        for (int decade = 0; decade <= decades; decade++)
        {
            drawPercentile(svg, (double)decade / decades, PERCENTS[decade]);
        }
        drawPercentile(svg, Math.log10(2) / decades, "50 %");
        put(svg, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#9aa1ad\"/>%n",
            LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT);
        text(svg, LEFT + PLOT_WIDTH / 2.0, HEIGHT - 18,
            "font-size=\"13\" text-anchor=\"middle\" fill=\"#1d2129\"", "percentile of the deliveries");
        final double middle = TOP + PLOT_HEIGHT / 2.0;
        text(svg, 22, middle, String.format(Locale.ROOT,
            "font-size=\"13\" text-anchor=\"middle\" fill=\"#1d2129\" transform=\"rotate(-90 22 %.1f)\"", middle),
            axis.isLogarithmic() ? "latency in µs (logarithmic)" : "latency in µs");
    }

    private static void drawPercentile(final StringBuilder svg, final double share, final String label)
    {
        final double x = LEFT + PLOT_WIDTH * share;
        put(svg, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#e3e6eb\"/>%n",
            x, TOP, x, TOP + PLOT_HEIGHT);
        text(svg, x, TOP + PLOT_HEIGHT + 20, "font-size=\"12\" text-anchor=\"middle\" fill=\"#3c4250\"", label);
    }

    private void drawLine(final StringBuilder svg, final LatencyAxis axis, final int decades, final int index)
    {
        final Histogram histogram = histogramsNs.get(index);
        final double last = Math.min(decades, Math.log10(histogram.getTotalCount()));
        put(svg, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2.2\" stroke-linejoin=\"round\" " +
            "stroke-dasharray=\"%s\" points=\"", COLOURS[index % COLOURS.length], DASHES[index % DASHES.length]);
        double lastY = Double.NaN;
        for (int step = 0; step <= STEPS; step++)
        {
            final double decade = last * step / STEPS;
            final double percentile = 100 - 100 / Math.pow(10, decade);
            final double y = y(axis, histogram.getValueAtPercentile(percentile) / 1000.0);
            if (y != lastY || step == STEPS)
            {
                put(svg, "%.1f,%.1f ", LEFT + PLOT_WIDTH * decade / decades, y);
                lastY = y;
            }
        }
        svg.append("\"/>\n");
    }

    private void drawLegend(final StringBuilder svg)
    {
        double x = LEFT;
        for (int i = 0; i < names.size(); i++)
        {
            put(svg, "<line x1=\"%.1f\" y1=\"70\" x2=\"%.1f\" y2=\"70\" stroke=\"%s\" stroke-width=\"3\" " +
                "stroke-dasharray=\"%s\"/>%n", x, x + 28, COLOURS[i % COLOURS.length], DASHES[i % DASHES.length]);
            text(svg, x + 35, 74, "font-size=\"12.5\" fill=\"#1d2129\"", names.get(i));
            x += 35 + 7.2 * names.get(i).length() + 24;
        }
    }

    private static double y(final LatencyAxis axis, final double us)
    {
        return TOP + PLOT_HEIGHT * (1 - axis.share(us));
    }

    private static String number(final double us)
    {
        return us < 1 ? String.format(Locale.ROOT, "%.1f", us) : String.format(Locale.ROOT, "%,.0f", us);
    }

    private static void put(final StringBuilder svg, final String format, final Object... values)
    {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    private static void text(
        final StringBuilder svg, final double x, final double y, final String attributes, final String text)
    {
        put(svg, "<text x=\"%.1f\" y=\"%.1f\" %s>%s</text>\n", x, y, attributes,
            text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
}
