package io.ringcast.tools.bench;

import io.ringcast.tools.load.LoadPlan;
import io.ringcast.tools.load.LoadResult;
import io.ringcast.tools.load.LoadRun;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How many bytes the relay's threads allocate for an item under a steady load. Confined to the main thread. */
final class AllocationRound extends QuietObserver
{
    private final ThreadAllocation allocation;
    private long atStart;
    private long bytes;

    private AllocationRound(final ThreadAllocation allocation)
    {
        this.allocation = allocation;
    }

    /** Bytes per item of the upstream. */
    static double run(final Subject subject, final Scenario scenario) throws IOException, InterruptedException
    {
        final LoadPlan plan = scenario.plan();
        try (Subject.Running running = subject.start(scenario);
            ThreadAllocation allocation = ThreadAllocation.of(running.pid()))
        {
            final AllocationRound round = new AllocationRound(allocation);
            final LoadResult result = LoadRun.run(plan, running.target(), running.source(), round);
            if (!result.counts().isClean())
            {
                throw new IOException("faults: " + result.counts());
            }
            return round.bytes / (plan.itemsPerSecond() * plan.seconds());
        }
        catch (final UncheckedIOException e)
        {
            throw e.getCause();
        }
    }

    @Override
    public void onMeasureStart()
    {
        atStart = allocation.bytes();
    }

    @Override
    public void onMeasureEnd()
    {
        bytes = allocation.bytes() - atStart;
    }
}
