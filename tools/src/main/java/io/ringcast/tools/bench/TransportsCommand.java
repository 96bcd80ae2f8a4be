package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadObserver;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Measures what epoll, io_uring and NIO give for one-to-many writes, and io_uring with rings of several sizes.
 * Confined to the main thread.
 */
@Command(name = "transports", description = "Puts ringcast on each transport under the same loads, counts its " +
    "system calls, and writes a table into benchmarks.md.", mixinStandardHelpOptions = true, sortOptions = false)
final class TransportsCommand implements Callable<Integer>
{
    private static final double COUNTED_SECONDS = 3;
    private static final int SHOWN_CALLS = 3;
    private static final List<String> VARIANTS = List.of(
        "--transport epoll", "--transport nio", "--transport io_uring --io-uring-entries 128",
        "--transport io_uring --io-uring-entries 512", "--transport io_uring --io-uring-entries 1024",
        "--transport io_uring --io-uring-entries 4096");

    @Spec
    private CommandSpec spec;

    @Mixin
    private final BenchFlags flags = new BenchFlags("transports", 3);

    @Override
    public Integer call() throws Exception
    {
        flags.check();
        final List<String> prefix = flags.prefix();
        final List<Subject> subjects = VARIANTS.stream()
            .map(words -> (Subject)new RingcastSubject(words.replaceAll("--(transport|io-uring-)", "").strip(), prefix,
                FanoutCommand.words(words)))
            .toList();
        final List<String> lines = new ArrayList<>(List.of(
            "## Transports", "",
            "System calls are counted by `strace -c -f` in runs of their own, which they slow down.", ""));
        boolean isClean = true;
        for (final String name : List.of("window-1", "burst-32", "single"))
        {
            isClean &= measure(subjects, scenario(name), lines);
        }
        flags.write(PageSection.TRANSPORTS, lines);
        print("Written: " + flags.page());
        return isClean ? 0 : 1;
    }

    private boolean measure(final List<Subject> subjects, final Scenario scenario, final List<String> lines)
        throws InterruptedException
    {
        final Map<String, List<Measurement>> results =
            new FanoutBench(subjects, this::print).run(scenario, flags.rounds());
        boolean isClean = true;
        lines.add("### " + scenario.title());
        lines.add("");
        lines.add("| | p50 µs | p99 µs | CPU µs each, without the JVM's compiler | system calls a delivery | which |");
        lines.add("|---|--:|--:|--:|--:|---|");
        for (final Subject subject : subjects)
        {
            final List<Measurement> own = results.get(subject.name());
            isClean &= own.size() == flags.rounds() && Measurement.faults(own) == 0;
            final String row = String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %.2f | %s |", subject.name(),
                Measurement.latencyUs(own, 50),
                Measurement.latencyUs(own, 99),
                Measurement.median(own, Measurement::cpuUsWithoutCompiler), calls(subject, scenario));
            lines.add(row);
            print(row);
        }
        lines.add("");
        return isClean;
    }

    private String calls(final Subject subject, final Scenario scenario) throws InterruptedException
    {
        if (SystemCalls.missing() != null)
        {
            return "not counted | to have it: " + SystemCalls.missing();
        }
        final LoadPlan plan = scenario.plan().withSeconds(
            scenario.plan().warmUpSeconds(), flags.isQuick() ? 1 : COUNTED_SECONDS);
        try (Subject.Running running = subject.start(scenario))
        {
            final CallWindow window = new CallWindow(running.pid());
            final LoadResult result = LoadRun.run(plan, running.target(), running.source(), window);
            final double measured = Math.max(1, result.measured());
            return String.format(Locale.ROOT, "%.3f | %s",
                window.counts.values().stream().mapToLong(Long::longValue).sum() / measured,
                window.counts.entrySet().stream().limit(SHOWN_CALLS)
                    .map(each -> String.format(Locale.ROOT, "%s %.3f", each.getKey(), each.getValue() / measured))
                    .collect(Collectors.joining(", ")));
        }
        catch (final IOException | UncheckedIOException e)
        {
            return "failed | " + e.getMessage();
        }
    }

    private Scenario scenario(final String name) throws IOException
    {
        return Scenario.all(flags.isQuick(), Conditions.fileLimit()).stream().filter(each -> each.name().equals(name))
            .findFirst().orElseThrow();
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** Counts system calls while a load is measured. Confined to the main thread. */
    private static final class CallWindow implements LoadObserver
    {
        private final long pid;
        private SystemCalls calls;
        private Map<String, Long> counts = Map.of();

        private CallWindow(final long pid)
        {
            this.pid = pid;
        }

        @Override
        public void onProgress(final String line)
        {
            // One line a run is enough.
        }

        @Override
        public void onMeasureStart()
        {
            try
            {
                calls = SystemCalls.start(pid);
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onMeasureEnd()
        {
            try
            {
                counts = calls.stop();
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException(e);
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
