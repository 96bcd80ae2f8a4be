package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import io.ringcast.tools.load.ReturningClients;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.HdrHistogram.Histogram;

/**
 * One round in which clients come back all at once while others are live.
 * Confined to the main thread; the clients come back on a thread of their own.
 */
final class ReturnRound extends QuietObserver
{
    /**
     * What a round gave.
     * Immutable, but for the histograms, which nobody changes.
     *
     * @param others      what the live subscribers saw.
     * @param liveAfterNs until each of those who came back was live; empty if nobody did.
     * @param faults      of those who came back.
     */
    record Outcome(LoadResult others, Histogram liveAfterNs, long faults)
    {
    }

    private final Subject.Running running;
    private final int count;
    private final int missed;
    private CompletableFuture<ReturningClients> returning;

    private ReturnRound(final Subject.Running running, final int count, final int missed)
    {
        this.running = running;
        this.count = count;
        this.missed = missed;
    }

    static Outcome run(final Subject subject, final LoadPlan plan, final int count, final int missed)
        throws IOException, InterruptedException
    {
        try (Subject.Running running = subject.start(new Scenario("return", "", plan, 0)))
        {
            final ReturnRound round = new ReturnRound(running, count, missed);
            final LoadResult others = LoadRun.run(plan, running.target(), running.source(), round);
            if (round.returning == null)
            {
                return new Outcome(others, new Histogram(3), 0);
            }
            try (ReturningClients clients = round.returning.join())
            {
                return new Outcome(others, clients.liveAfterNs(), clients.faults());
            }
        }
        catch (final CompletionException e)
        {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void onMeasureStart()
    {
        if (count > 0)
        {
            returning = CompletableFuture.supplyAsync(this::open);
        }
    }

    private ReturningClients open()
    {
        try
        {
            return ReturningClients.open(running.target(), running.source(), count, missed);
        }
        catch (final IOException | InterruptedException e)
        {
            throw new CompletionException(e);
        }
    }
}
