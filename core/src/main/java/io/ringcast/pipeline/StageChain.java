package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.Sequence;

/**
 * Stages that share a thread, run one after the other for each event.
 * Confined to that thread.
 *
 * <p>The chain that ends with encode wakes the loops at the end of a batch, and first moves its own sequence: a loop
 * that woke before could not see the work and would sleep again.
 */
final class StageChain implements EventHandler<RelayEvent>
{
    private final GuardedStage[] stages;
    private final EgressWakeups wakeups;
    private Sequence sequenceCallback;

    /**
     * Creates a chain.
     *
     * @param wakeups wakes the loops, or null if another chain follows or the caller wakes them.
     * @param stages  what to run, in order.
     */
    StageChain(final EgressWakeups wakeups, final GuardedStage... stages)
    {
        this.wakeups = wakeups;
        this.stages = stages;
    }

    @Override
    public void setSequenceCallback(final Sequence callback)
    {
        sequenceCallback = callback;
    }

    @Override
    public void onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        for (final GuardedStage stage : stages)
        {
            stage.onEvent(event, sequence, endOfBatch);
        }
        if (endOfBatch && wakeups != null)
        {
            sequenceCallback.set(sequence);
            wakeups.wake();
        }
    }
}
