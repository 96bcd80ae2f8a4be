package io.ringcast.tools.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The latency axis of a plot: its range, its ticks, and where on it a value lies.
 * Immutable.
 *
 * @param lowUs         the value at the bottom.
 * @param highUs        the value at the top.
 * @param isLogarithmic whether equal distances are equal factors.
 * @param ticksUs       where lines are drawn.
 */
record LatencyAxis(double lowUs, double highUs, boolean isLogarithmic, List<Double> ticksUs)
{
    private static final double LOG_SPAN = 20;
    /** A histogram gives the upper end of a bucket: 100 us read as 100.03 need no further tick. */
    private static final double NEARLY = 0.999;
    private static final int LINEAR_TICKS = 8;
    private static final double[] STEPS = {1, 2, 5, 10};

    static LatencyAxis of(final List<Histogram> histogramsNs)
    {
        double least = Double.MAX_VALUE;
        double most = 1;
        for (final Histogram histogram : histogramsNs)
        {
            least = Math.min(least, histogram.getMinValue() / 1000.0);
            most = Math.max(most, NEARLY * histogram.getMaxValue() / 1000.0);
        }
        least = Math.max(0.1, Math.min(least, most));
        return most / least > LOG_SPAN ? logarithmic(least, most) : linear(most);
    }

    private static LatencyAxis linear(final double most)
    {
        final double rough = most / LINEAR_TICKS;
        final double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power;
        for (final double factor : STEPS)
        {
            step = factor * power;
            if (step >= rough)
            {
                break;
            }
        }
        final List<Double> ticks = new ArrayList<>();
        for (int i = 0; ticks.isEmpty() || (i - 1) * step < most; i++)
        {
            ticks.add(i * step);
        }
        return new LatencyAxis(0, ticks.get(ticks.size() - 1), false, List.copyOf(ticks));
    }

    /** From a 1, 2 or 5 at or below the least to one at or above the most. */
    private static LatencyAxis logarithmic(final double least, final double most)
    {
        final List<Double> ticks = new ArrayList<>();
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        while (ticks.isEmpty() || ticks.get(ticks.size() - 1) < most)
        {
            for (int i = 0; i < 3 && (ticks.isEmpty() || ticks.get(ticks.size() - 1) < most); i++)
            {
                final double tick = STEPS[i] * power;
                if (STEPS[i + 1] * power > least)
                {
                    ticks.add(tick);
                }
            }
            power *= 10;
        }
        return new LatencyAxis(ticks.get(0), ticks.get(ticks.size() - 1), true, List.copyOf(ticks));
    }

    /** 0 at the bottom to 1 at the top. */
    double share(final double us)
    {
        final double inside = Math.max(lowUs, Math.min(highUs, us));
        return isLogarithmic ?
            Math.log(inside / lowUs) / Math.log(highUs / lowUs) : (inside - lowUs) / (highUs - lowUs);
    }
}
