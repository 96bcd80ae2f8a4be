package io.ringcast.tools.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One run: opens the connections, starts the source, follows it, drains, and adds up.
 * Confined to the thread that called it.
 */
public final class LoadRun
{
    private static final long CONNECT_SECONDS = 60;
    /** Longer than a relay's fallback for subscriptions that wait for a pong. */
    private static final long SETTLE_MS = 400;
    private static final long POLL_MS = 5;
    /** What a line of progress begins with. */
    private static final String WARM_UP = "warm-up ";
    private static final String MEASURED = "";

    private final LoadPlan plan;
    private final ItemSource source;
    private final LoadObserver observer;
    private final LoadClock clock = new LoadClock();
    private final LoadClients clients;
    private final SendSchedule schedule;
    private final long warmUpItems;
    private final long itemCount;
    private final List<Long> cpuNs = new ArrayList<>();
    private long measureStartNs;
    private long measureEndNs;
    private long progressReceived;
    private long wireBytes;

    private LoadRun(
        final LoadPlan plan, final LoadTarget target, final ItemSource source, final LoadObserver observer)
    {
        this.plan = plan;
        this.source = source;
        this.observer = observer;
        clients = new LoadClients(target, plan.clientThreads(), clock);
        schedule = SendSchedule.of(plan);
        warmUpItems = schedule.warmUpItems();
        itemCount = warmUpItems + schedule.itemsIn(plan.seconds());
    }

    /**
     * Runs.
     *
     * @param plan     what to do.
     * @param target   the subject under test.
     * @param source   what its items come from, made for this plan; null if they are somebody else's.
     * @param observer follows and may stop it.
     * @return the outcome.
     * @throws IOException          if it could not begin.
     * @throws InterruptedException if the thread is interrupted.
     */
    public static LoadResult run(
        final LoadPlan plan, final LoadTarget target, final ItemSource source, final LoadObserver observer)
        throws IOException, InterruptedException
    {
        final LoadRun run = new LoadRun(plan, target, source, observer);
        try (LoadClients opened = run.clients)
        {
            opened.open(plan.subscribers(), run.factory(target));
            return run.measure();
        }
    }

    private LoadClients.Factory factory(final LoadTarget target)
    {
        if (plan.isCalls())
        {
            return (loop, listener, index) -> new Caller(loop, listener, target, plan, index);
        }
        return source == null ?
            (loop, listener, index) -> new StrangeSubscriber(loop, listener, target, plan, index) :
            (loop, listener, index) -> new Subscriber(loop, listener, target, plan, index);
    }

    private LoadResult measure() throws IOException, InterruptedException
    {
        observer.onProgress(String.format(Locale.ROOT, "%,d connections ready", plan.subscribers()));
        if (hasStamps())
        {
            awaitSource();
        }
        observer.awaitStopMs(SETTLE_MS);
        final long startNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        final long measureNs = startNs + (isPaced() ?
            schedule.dueNs(warmUpItems + 1) : (long)(plan.warmUpSeconds() * 1e9));
        final long endNs = measureNs + (long)(plan.seconds() * 1e9);
        begin(startNs);
        boolean isStopped = follow(WARM_UP, startNs, measureNs);
        measureStart();
        isStopped = isStopped || follow(MEASURED, measureNs, endNs);
        clock.stop();
        if (source != null && (isStopped || plan.isClosedLoop()))
        {
            source.cancel();
        }
        drain(isStopped);
        measureEnd();
        return result();
    }

    private boolean hasStamps()
    {
        return source != null && !plan.isCalls();
    }

    private boolean isPaced()
    {
        return hasStamps() && !plan.isClosedLoop();
    }

    private void awaitSource() throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
        while (!source.isReady())
        {
            if (observer.awaitStopMs(POLL_MS) || System.nanoTime() - deadlineNs > 0)
            {
                throw new IOException("the relay did not subscribe to " + plan.kind().word() + " upstream");
            }
        }
    }

    private void begin(final long startNs) throws IOException
    {
        if (isPaced())
        {
            clock.measureFrom(warmUpItems + 1);
            source.start(plan, template(), schedule, itemCount, startNs);
        }
        else if (hasStamps())
        {
            beginClosedLoop();
        }
        else if (plan.isCalls())
        {
            for (final LoadConnection connection : clients.connections())
            {
                connection.loop().eventLoop().execute(((Caller)connection)::begin);
            }
        }
    }

    private ItemTemplate template() throws IOException
    {
        return ItemTemplate.of(plan.kind(), LogShape.of(plan), "0xcd0c3e8af590364c");
    }

    private void beginClosedLoop() throws IOException
    {
        final List<ItemWindow> windows = new ArrayList<>();
        for (final ClientLoop loop : clients.clientLoops())
        {
            final int subscribers =
                (int)clients.connections().stream().filter(each -> each.loop() == loop).count();
            if (subscribers > 0)
            {
                final ItemWindow window = new ItemWindow(plan.window(), subscribers, source::onCompleted);
                windows.add(window);
                loop.noteIn(window);
            }
        }
        source.startClosedLoop(plan, template(),
            () -> windows.stream().mapToLong(ItemWindow::completedItems).min().orElse(0));
    }

    private void measureStart()
    {
        measureStartNs = System.nanoTime();
        if (hasStamps() && plan.isClosedLoop())
        {
            clock.measureFrom(source.sentItems() + 1);
        }
        clock.measureFromNow();
        clients.clientLoops().forEach(loop -> cpuNs.add(LoadLoops.cpuNs(loop.eventLoop())));
        wireBytes = wireBytes();
        observer.onMeasureStart();
    }

    private void measureEnd()
    {
        observer.onMeasureEnd();
        wireBytes = wireBytes() - wireBytes;
        measureEndNs = System.nanoTime();
        for (int i = 0; i < cpuNs.size(); i++)
        {
            cpuNs.set(i, LoadLoops.cpuNs(clients.clientLoops().get(i).eventLoop()) - cpuNs.get(i));
        }
    }

    /** A line each second until the time is over; true when told to stop. */
    private boolean follow(final String phase, final long fromNs, final long untilNs) throws InterruptedException
    {
        for (int second = 1; ; second++)
        {
            final long lineNs = fromNs + TimeUnit.SECONDS.toNanos(second);
            final long nextNs = lineNs - untilNs < 0 ? lineNs : untilNs;
            final long waitNs = nextNs - System.nanoTime();
            if (observer.awaitStopMs(Math.max(0, TimeUnit.NANOSECONDS.toMillis(waitNs))))
            {
                return true;
            }
            if (lineNs - untilNs <= 0)
            {
                final Histogram interval = takeInterval();
                observer.onProgress(progressLine(phase, second, interval));
                if (phase.equals(MEASURED))
                {
                    observer.onSecond(interval);
                }
            }
            if (nextNs == untilNs)
            {
                return false;
            }
        }
    }

    private Histogram takeInterval()
    {
        final Histogram interval = LatencyRecorder.empty();
        clients.clientLoops().forEach(loop -> interval.add(loop.takeInterval()));
        return interval;
    }

    private String progressLine(final String phase, final int second, final Histogram interval)
    {
        final long received = received();
        final long news = received - progressReceived;
        progressReceived = received;
        final String sent = hasStamps() ? String.format(Locale.ROOT, "sent %,d  ", source.sentItems()) : "";
        final String latency = interval.getTotalCount() == 0 ? "" : String.format(Locale.ROOT,
            "  p50 %,d µs  p99 %,d µs  max %,d µs", interval.getValueAtPercentile(50) / 1000,
            interval.getValueAtPercentile(99) / 1000, interval.getMaxValue() / 1000);
        return String.format(Locale.ROOT, "%s%3d s  %s%s %,d/s%s%s", phase, second, sent,
            plan.isCalls() ? "answers" : "deliveries", news, latency,
            clients.closed() == 0 ? "" : "  closed " + clients.closed());
    }

    private long received()
    {
        return clients.clientLoops().stream().mapToLong(ClientLoop::received).sum();
    }

    private long wireBytes()
    {
        return clients.clientLoops().stream().mapToLong(ClientLoop::wireBytes).sum();
    }

    /** Waits for what is still under way, as long as something comes. */
    private void drain(final boolean isStopped) throws InterruptedException
    {
        final long patienceNs = (long)(plan.drainSeconds() * 1e9);
        long lastReceived = -1;
        long lastNs = System.nanoTime();
        while (isOwed(isStopped))
        {
            final long received = received();
            if (received != lastReceived)
            {
                lastReceived = received;
                lastNs = System.nanoTime();
            }
            if (System.nanoTime() - lastNs > patienceNs)
            {
                return;
            }
            if (isStopped)
            {
                Thread.sleep(POLL_MS);
            }
            else if (observer.awaitStopMs(POLL_MS))
            {
                return;
            }
        }
    }

    private boolean isOwed(final boolean isStopped)
    {
        if (plan.isCalls())
        {
            return clients.clientLoops().stream().mapToLong(ClientLoop::sent).sum() > received();
        }
        if (source == null)
        {
            return false;
        }
        return isPaced() && source.sentItems() < itemCount && !isStopped || received() < expected();
    }

    private long expected()
    {
        final long sent = source.sentItems();
        return clients.connections().stream().mapToLong(each -> ((Subscriber)each).check().expected(sent)).sum();
    }

    private LoadResult result()
    {
        final Histogram latencyNs = LatencyRecorder.empty();
        final Histogram lagNs = LatencyRecorder.empty();
        long measured = 0;
        long lastNs = measureStartNs + 1;
        for (final ClientLoop loop : clients.clientLoops())
        {
            latencyNs.add(loop.latencyNs());
            lagNs.add(loop.lagNs());
            measured += loop.measured();
            lastNs = Math.max(lastNs, loop.lastMeasuredNs());
        }
        final double spanNs = Math.max(lastNs - measureStartNs, plan.isCalls() || source == null ? 1 :
            Math.min(plan.seconds() * 1e9, measureEndNs - measureStartNs));
        final List<Double> shares = new ArrayList<>();
        cpuNs.forEach(ns -> shares.add(ns / (double)(measureEndNs - measureStartNs)));
        return new LoadResult(plan, source != null || plan.isCalls(), LoadTally.of(clients, plan, source), measured,
            measured * 1e9 / spanNs, latencyNs, wireBytes,
            ClientVerdict.of(shares, lagNs, hasStamps() ? source.latenessNs() : null, latencyNs), clients.failure());
    }
}
