package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadCounts;
import io.ringcast.tools.load.LoadKind;
import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures what a reader that hangs, and clients that resume, cost the others. Confined to the main thread. */
@Command(name = "delivery", description = "Measures what the others notice of a subscriber that never reads, and " +
    "of 1,000 clients that resume at once, and writes it into benchmarks.md. 15 minutes. Exits with 1 when something " +
    "was lost, doubled or reordered.", mixinStandardHelpOptions = true, sortOptions = false)
final class DeliveryCommand implements Callable<Integer>
{
    private static final String NOBODY = "none";

    @Spec
    private CommandSpec spec;

    @Mixin
    private final BenchFlags flags = new BenchFlags("delivery", 5);

    private final List<String> lines = new ArrayList<>();
    private boolean isClean = true;
    private Subject relay;

    @Override
    public Integer call() throws Exception
    {
        flags.check();
        relay = new RingcastSubject(RingcastSubject.NAME, flags.prefix(), List.of());
        lines.addAll(List.of("## Slow and returning clients", ""));
        neverReading();
        returning();
        lines.add("");
        flags.write(PageSection.DELIVERY, lines);
        print("Written: " + flags.page());
        return isClean ? 0 : 1;
    }

    private void neverReading() throws InterruptedException, IOException
    {
        final int others = flags.isQuick() ? 50 : 999;
        final LoadPlan plan = LoadPlan.of(LoadKind.HEADS, others, flags.isQuick() ? 20 : 50)
            .withSeconds(flags.isQuick() ? 1 : 10, flags.isQuick() ? 1 : 15);
        final Map<String, String> lags = new LinkedHashMap<>();
        lags.put(NOBODY, null);
        lags.put("`disconnect`, which is the default", null);
        lags.put("`spill`", "{\"policy\":\"spill\"}");
        lags.put("`dropOldest`", "{\"policy\":\"dropOldest\"}");
        lags.put("`conflate`", "{\"policy\":\"conflate\"}");
        lines.addAll(List.of("### A subscriber that never reads", "",
            String.format(Locale.ROOT, "Beside %,d subscribers to heads, %.0f a second, one subscribes and then " +
                "reads nothing, behind a receive buffer of 4 KiB. The rows alternate. The p99 is taken in each " +
                "second, and the middle one of a round's %.0f seconds counts: a machine that stands still for a " +
                "moment spoils one of them. The ratio is to the same round without such a one, its median, least " +
                "and greatest.", others, plan.itemsPerSecond(), plan.seconds()), "",
            "| its policy | p50 µs of the others | p99 µs of the others | ratio of p99 | faults of the others |",
            "|---|--:|--:|--:|--:|"));
        final Map<String, List<NeverReadRound.Outcome>> results = new LinkedHashMap<>();
        for (int round = 1; round <= flags.rounds(); round++)
        {
            for (final Map.Entry<String, String> lag : lags.entrySet())
            {
                final NeverReadRound.Outcome outcome =
                    NeverReadRound.run(relay, plan, !NOBODY.equals(lag.getKey()), lag.getValue());
                results.computeIfAbsent(lag.getKey(), key -> new ArrayList<>()).add(outcome);
                final LoadCounts counts = outcome.others().counts();
                print(String.format(Locale.ROOT, "%d never reads: %s: p99 of the others %,.0f µs%s", round,
                    lag.getKey(), outcome.p99UsOfTheMiddleSecond(), counts.isClean() ? "" : " FAULTS " + counts));
            }
        }
        final double[] alone = results.get(NOBODY).stream()
            .mapToDouble(NeverReadRound.Outcome::p99UsOfTheMiddleSecond).toArray();
        results.forEach((lag, own) ->
        {
            final double[] ratios = new double[own.size()];
            for (int i = 0; i < ratios.length; i++)
            {
                ratios[i] = own.get(i).p99UsOfTheMiddleSecond() / alone[i];
            }
            final long faults = own.stream().filter(each -> !each.others().counts().isClean()).count();
            isClean &= faults == 0;
            lines.add(String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %s | %d |", lag,
                median(own, each -> each.others().latencyNs().getValueAtPercentile(50) / 1000.0),
                median(own, NeverReadRound.Outcome::p99UsOfTheMiddleSecond),
                NOBODY.equals(lag) ? "" : spread(ratios), faults));
        });
        lines.add("");
    }

    private void returning() throws InterruptedException, IOException
    {
        final int count = flags.isQuick() ? 50 : 1_000;
        final int missed = flags.isQuick() ? 20 : 100;
        final LoadPlan plan = LoadPlan.of(LoadKind.HEADS, flags.isQuick() ? 10 : 100, 100)
            .withSeconds(flags.isQuick() ? 1 : 10, flags.isQuick() ? 1 : 10);
        lines.addAll(List.of("### Clients that resume at once", "",
            String.format(Locale.ROOT, "%,d clients connect at once and resume behind a block, by its portable " +
                "cursor; each has missed %d heads of 1.8 KB. A client is live when it has read the newest head " +
                "that there is. Meanwhile %d others get %.0f heads a second; their figures are of the 10 s that " +
                "begin with the first connect, and of the same time in a round without returning clients.",
                count, missed, plan.subscribers(), plan.itemsPerSecond()), "",
            "| | median client live after ms | all live after ms | p50 µs of the others | p99 µs of the others | " +
                "faults |",
            "|---|--:|--:|--:|--:|--:|"));
        final List<ReturnRound.Outcome> without = new ArrayList<>();
        final List<ReturnRound.Outcome> with = new ArrayList<>();
        for (int round = 1; round <= flags.rounds(); round++)
        {
            without.add(ReturnRound.run(relay, plan, 0, 0));
            with.add(ReturnRound.run(relay, plan, count, missed));
            final ReturnRound.Outcome last = with.get(with.size() - 1);
            print(String.format(Locale.ROOT, "%d return: all live after %,d ms, p99 of the others %,.0f µs, faults %d",
                round, last.liveAfterNs().getMaxValue() / 1_000_000, p99(last.others()), last.faults()));
        }
        row("nobody returns", without);
        row(String.format(Locale.ROOT, "%,d return", count), with);
    }

    private void row(final String title, final List<ReturnRound.Outcome> outcomes)
    {
        final long faults = outcomes.stream()
            .mapToLong(each -> each.faults() + (each.others().counts().isClean() ? 0 : 1)).sum();
        isClean &= faults == 0;
        lines.add(String.format(Locale.ROOT, "| %s | %s | %s | %,.0f | %,.0f | %d |", title,
            liveMs(outcomes, histogram -> histogram.getValueAtPercentile(50)),
            liveMs(outcomes, Histogram::getMaxValue),
            median(outcomes, each -> each.others().latencyNs().getValueAtPercentile(50) / 1000.0),
            median(outcomes, each -> p99(each.others())), faults));
    }

    private static String liveMs(
        final List<ReturnRound.Outcome> outcomes, final ToDoubleFunction<Histogram> value)
    {
        return outcomes.get(0).liveAfterNs().getTotalCount() == 0 ? "" : String.format(Locale.ROOT, "%,.0f",
            median(outcomes, each -> value.applyAsDouble(each.liveAfterNs()) / 1e6));
    }

    private static double p99(final LoadResult result)
    {
        return result.latencyNs().getValueAtPercentile(99) / 1000.0;
    }

    private static String spread(final double[] ratios)
    {
        final double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", Bar.median(ratios), sorted[0],
            sorted[sorted.length - 1]);
    }

    private static <T> double median(final List<T> rounds, final ToDoubleFunction<T> value)
    {
        return Bar.median(rounds.stream().mapToDouble(value).toArray());
    }

    private void print(final String line)
    {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
