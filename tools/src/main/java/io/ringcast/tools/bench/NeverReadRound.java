package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import io.ringcast.tools.load.NeverReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * One round in which a subscriber never reads, or is not there, while others are live.
 * Confined to the main thread.
 */
final class NeverReadRound extends QuietObserver
{
    /**
     * What a round gave.
     * Immutable.
     *
     * @param others what the live subscribers saw.
     * @param p99Us  the 99th percentile of their latency in each second, in microseconds.
     */
    record Outcome(LoadResult others, List<Double> p99Us)
    {
        /**
         * The middle one of all seconds: a machine that stands still for 100 ms spoils one of them, and the 99th
         * percentile of the whole round.
         */
        double p99UsOfTheMiddleSecond()
        {
            return p99Us.stream().sorted().skip(p99Us.size() / 2).findFirst().orElse(Double.NaN);
        }
    }

    private final List<Double> p99Us = new ArrayList<>();

    private NeverReadRound()
    {
    }

    /**
     * Runs.
     *
     * @param subject the relay.
     * @param plan    what the others do.
     * @param isThere whether somebody subscribes who never reads.
     * @param lag     its option {@code lag} as JSON, or null.
     * @return what the others saw.
     * @throws IOException          if it could not begin.
     * @throws InterruptedException if the thread is interrupted.
     */
    static Outcome run(final Subject subject, final LoadPlan plan, final boolean isThere, final String lag)
        throws IOException, InterruptedException
    {
        final NeverReadRound round = new NeverReadRound();
        try (Subject.Running running = subject.start(new Scenario("never-reads", "", plan, 0)))
        {
            if (!isThere)
            {
                return round.measure(plan, running);
            }
            final NeverReader reader = NeverReader.open(running.target(), lag);
            try (reader)
            {
                return round.measure(plan, running);
            }
        }
    }

    private Outcome measure(final LoadPlan plan, final Subject.Running running)
        throws IOException, InterruptedException
    {
        return new Outcome(LoadRun.run(plan, running.target(), running.source(), this), p99Us);
    }

    @Override
    public void onSecond(final Histogram latencyNs)
    {
        p99Us.add(latencyNs.getValueAtPercentile(99) / 1000.0);
    }
}
