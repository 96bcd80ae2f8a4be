package io.ringcast.bench;

import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long a run takes.
 * Immutable.
 *
 * <p>JMH's error is that of the mean at 99.9 %, by Student's t: of three iterations it is 18 times their standard
 * deviation, of ten it is 1.5 times. So a short run is many short iterations, or its error says nothing.
 */
public enum MicroForm
{
    /** Shows an order of magnitude: one process, two seconds to warm up and three to measure. */
    SHORT(1, 4, 500, 10, 300),
    /** For figures to compare: three processes, ten seconds each to warm up and to measure. */
    FULL(3, 5, 2_000, 5, 2_000);

    private final int forks;
    private final int warmupIterations;
    private final int warmupMs;
    private final int measuredIterations;
    private final int measuredMs;

    MicroForm(
        final int forks, final int warmupIterations, final int warmupMs, final int measuredIterations,
        final int measuredMs)
    {
        this.forks = forks;
        this.warmupIterations = warmupIterations;
        this.warmupMs = warmupMs;
        this.measuredIterations = measuredIterations;
        this.measuredMs = measuredMs;
    }

    /**
     * How many processes measure, one after the other.
     *
     * @return at least 1.
     */
    public int forks()
    {
        return forks;
    }

    /**
     * Says it for a page of results.
     *
     * @return such as {@code 1 fork, 4 x 500 ms warm-up, 10 x 300 ms}.
     */
    public String describe()
    {
        return forks + (forks == 1 ? " fork, " : " forks, ") + warmupIterations + " x " + warmupMs +
            " ms warm-up, " + measuredIterations + " x " + measuredMs + " ms";
    }

    void applyTo(final ChainedOptionsBuilder options)
    {
        options.forks(forks)
            .warmupIterations(warmupIterations)
            .warmupTime(TimeValue.milliseconds(warmupMs))
            .measurementIterations(measuredIterations)
            .measurementTime(TimeValue.milliseconds(measuredMs));
    }
}
