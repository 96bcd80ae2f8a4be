package io.ringcast.tools.bench;

import io.ringcast.tools.load.IdleClients;
import io.ringcast.tools.load.LoadObserver;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Puts each subject under each load in turn, and again for as many rounds.
 * Confined to the main thread.
 */
final class FanoutBench
{
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<Subject> subjects;
    private final Consumer<String> screen;
    private final boolean hasCounters = PerfCounter.missing() == null;

    FanoutBench(final List<Subject> subjects, final Consumer<String> screen)
    {
        this.subjects = subjects;
        this.screen = screen;
    }

    /** All rounds of one scenario by subject; a subject that failed has fewer. */
    Map<String, List<Measurement>> run(final Scenario scenario, final int rounds) throws InterruptedException
    {
        final Map<String, List<Measurement>> results = new LinkedHashMap<>();
        screen.accept("");
        screen.accept(scenario.title());
        for (int round = 1; round <= rounds; round++)
        {
            for (final Subject subject : subjects)
            {
                if (subject.takes(scenario))
                {
                    measure(subject, scenario, round, results.computeIfAbsent(
                        subject.name(), name -> new ArrayList<>()));
                }
            }
        }
        return results;
    }

    private void measure(
        final Subject subject, final Scenario scenario, final int round, final List<Measurement> results)
        throws InterruptedException
    {
        try (Subject.Running running = subject.start(scenario))
        {
            final Measurement measurement = scenario.isIdle() ? idle(running, scenario) : load(running, scenario);
            results.add(measurement);
            screen.accept(line(subject, round, measurement));
        }
        catch (final IOException ex)
        {
            screen.accept(String.format(Locale.ROOT, "  %d %-16s failed: %s", round, subject.name(), ex.getMessage()));
        }
    }

    private Measurement load(final Subject.Running running, final Scenario scenario)
        throws IOException, InterruptedException
    {
        final CpuWindow window = new CpuWindow(running.pid(), hasCounters);
        final LoadResult result = LoadRun.run(scenario.plan(), running.target(), running.source(), window);
        final double measured = Math.max(1, result.measured());
        return new Measurement(result, window.seconds * 1e6 / measured, window.compilerSeconds * 1e6 / measured,
            window.instructions / measured, ProcStat.rssBytes(running.pid()), 0);
    }

    private static Measurement idle(final Subject.Running running, final Scenario scenario)
        throws IOException, InterruptedException
    {
        // One connection first: what the subject loads for its first client is not the price of each.
        IdleClients.open(running.target(), 1).close();
        LockSupport.parkNanos(SETTLE_NS);
        final long before = ProcStat.rssBytes(running.pid());
        try (IdleClients all = IdleClients.open(running.target(), scenario.idleConnections()))
        {
            LockSupport.parkNanos(SETTLE_NS);
            final long after = ProcStat.rssBytes(running.pid());
            return new Measurement(null, 0, 0, Double.NaN, after, (after - before) / (double)all.count());
        }
    }

    private static String line(final Subject subject, final int round, final Measurement measurement)
    {
        final LoadResult result = measurement.result();
        if (result == null)
        {
            return String.format(Locale.ROOT, "  %d %-16s %,.0f bytes a connection, RSS %,d MiB", round, subject.name(),
                measurement.bytesPerIdle(), measurement.rssBytes() >> 20);
        }
        return String.format(Locale.ROOT,
            "  %d %-16s %,.0f/s  p50 %,d µs  p99 %,d µs  CPU %.2f µs each%s  RSS %,d MiB%s%s", round,
            subject.name(),
            result.perSecond(), result.latencyNs().getValueAtPercentile(50) / 1000,
            result.latencyNs().getValueAtPercentile(99) / 1000, measurement.cpuUs(),
            measurement.compilerUs() == 0 ? "" :
                String.format(Locale.ROOT, " (%.2f to compile)", measurement.compilerUs()),
            measurement.rssBytes() >> 20, result.counts().isClean() ? "" : "  FAULTS " + result.counts(),
            result.verdict().isBottleneck() ? "  (client a bottleneck)" : "");
    }

    /** Reads the subject's CPU time and instructions around what is measured. Confined to the main thread. */
    private static final class CpuWindow implements LoadObserver
    {
        private final long pid;
        private final boolean hasCounters;
        private PerfCounter counter;
        private CpuTimes atStart;
        private double seconds;
        private double compilerSeconds;
        private double instructions = Double.NaN;

        private CpuWindow(final long pid, final boolean hasCounters)
        {
            this.pid = pid;
            this.hasCounters = hasCounters;
        }

        @Override
        public void onProgress(final String line)
        {
            // One line a round is enough.
        }

        @Override
        public void onMeasureStart()
        {
            try
            {
                counter = hasCounters ? PerfCounter.start(pid) : null;
                atStart = CpuTimes.of(pid);
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException("the subject has ended", ex);
            }
        }

        @Override
        public void onMeasureEnd()
        {
            try
            {
                final CpuTimes atEnd = CpuTimes.of(pid);
                seconds = atEnd.secondsSince(atStart);
                compilerSeconds = atEnd.compilerSecondsSince(atStart);
                instructions = counter == null ? Double.NaN : counter.stop();
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException("the subject has ended", ex);
            }
        }

        @Override
        public boolean awaitStopMs(final long timeoutMs)
        {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMs));
            return false;
        }
    }
}
