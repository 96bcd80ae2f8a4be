package io.ringcast.tools.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One line of the table of bars: what was measured, against what, and whether it is enough.
 * Immutable.
 *
 * @param what     the load and the measure.
 * @param own      ringcast's figure.
 * @param other    the figure it is held against; empty for a bar that is a number.
 * @param measured the ratio or number that the bar is for.
 * @param limit    the bar in words.
 * @param isMet    whether it is reached; false too if it could not be measured.
 */
record Bar(String what, String own, String other, String measured, String limit, boolean isMet)
{
    /** No bar. */
    static final double NONE = Double.POSITIVE_INFINITY;
    private static final String NO_BAR = "none";
    private static final String MISSING = "not measured";

    /**
     * A bar for a ratio: the median of the ratios of the rounds, in each of which both ran one after the other.
     *
     * @param what  the load and the measure.
     * @param unit  of both figures.
     * @param own   ringcast's rounds.
     * @param other the rounds that they are held against.
     * @param value the figure of a round.
     * @param limit the greatest ratio that is enough; {@link #NONE} for a comparison without a bar.
     * @return the line.
     */
    static Bar ratio(
        final String what, final String unit, final List<Measurement> own, final List<Measurement> other,
        final ToDoubleFunction<Measurement> value, final double limit)
    {
        final String words = limit == NONE ? NO_BAR : String.format(Locale.ROOT, "at most %.2f", limit);
        final double[] ratios = ratios(own, other, value);
        if (ratios.length == 0)
        {
            return new Bar(what, MISSING, MISSING, MISSING, words, false);
        }
        final double median = median(ratios);
        return new Bar(what, figure(own, value, unit), figure(other, value, unit), spread(ratios), words,
            median <= limit);
    }

    /** A bar for being ahead: more is better. */
    static Bar ahead(
        final String what, final String unit, final List<Measurement> own, final List<Measurement> other,
        final ToDoubleFunction<Measurement> value)
    {
        final double[] ratios = ratios(own, other, value);
        if (ratios.length == 0)
        {
            return new Bar(what, MISSING, MISSING, MISSING, "above 1.00", false);
        }
        return new Bar(what, figure(own, value, unit), figure(other, value, unit), spread(ratios), "above 1.00",
            median(ratios) > 1);
    }

    /** A bar that is a number of its own. */
    static Bar number(
        final String what, final String unit, final double[] values, final double limit, final String words)
    {
        if (values.length == 0)
        {
            return new Bar(what, MISSING, "", MISSING, words, false);
        }
        final double median = median(values);
        return new Bar(what, format(median) + " " + unit, "", spread(values), words, median <= limit);
    }

    String markdown()
    {
        return "| " + String.join(" | ", what, own, other, measured, limit,
            MISSING.equals(measured) ? MISSING : NO_BAR.equals(limit) ? "" : isMet ? "met" : "**missed**") + " |";
    }

    private static double[] ratios(
        final List<Measurement> own, final List<Measurement> other, final ToDoubleFunction<Measurement> value)
    {
        if (own == null || other == null || own.isEmpty() || own.size() != other.size())
        {
            // A round that failed leaves nobody to pair with.
            return new double[0];
        }
        final double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++)
        {
            ratios[i] = value.applyAsDouble(own.get(i)) / value.applyAsDouble(other.get(i));
        }
        return ratios;
    }

    private static String figure(
        final List<Measurement> rounds, final ToDoubleFunction<Measurement> value, final String unit)
    {
        return format(Measurement.median(rounds, value)) + " " + unit;
    }

    private static String spread(final double[] values)
    {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return format(median(values)) + " (" + format(sorted[0]) + " to " + format(sorted[sorted.length - 1]) + ")";
    }

    static double median(final double[] values)
    {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String format(final double value)
    {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }
}
