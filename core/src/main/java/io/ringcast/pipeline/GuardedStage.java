package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;
import io.ringcast.metrics.StageLatency;

/**
 * Runs one stage so that a fault in it never leaves the batch: an exception in the last event would swallow its end.
 * Confined to the pipeline thread that runs the stage.
 */
final class GuardedStage implements EventHandler<RelayEvent>
{
    private final Stage stage;
    private final EventHandler<RelayEvent> handler;
    private final StageExceptionHandler exceptionHandler;
    private final StageLatency latency;
    private boolean isMeasured;
    private long clockOffsetNs;

    GuardedStage(
        final Stage stage, final EventHandler<RelayEvent> handler, final StageExceptionHandler exceptionHandler,
        final StageLatency latency)
    {
        this.latency = latency;
        this.stage = stage;
        this.handler = handler;
        this.exceptionHandler = exceptionHandler;
    }

    /** The stage itself. */
    Stage stage()
    {
        return stage;
    }

    /** From here on times count: what is restored or replayed has those of another process. Before the start. */
    void measure()
    {
        isMeasured = true;
    }

    /** From the system's steady clock to that of the stages; before the start. */
    void setClockOffsetNs(final long offsetNs)
    {
        clockOffsetNs = offsetNs;
    }

    /** Readable from any thread. */
    StageLatency latency()
    {
        return latency;
    }

    @Override
    public void onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        try
        {
            stage.begin(event, sequence);
            handler.onEvent(event, sequence, endOfBatch);
        }
        catch (final Throwable e)
        {
            exceptionHandler.handleEventException(e, sequence, event);
            recover(event, sequence);
        }
        if (StageLatency.isSampled(sequence) && isMeasured && event.isText())
        {
            latency.record(System.nanoTime() + clockOffsetNs - event.nowNs);
        }
    }

    private void recover(final RelayEvent event, final long sequence)
    {
        try
        {
            stage.recover(event);
        }
        catch (final Throwable e)
        {
            exceptionHandler.handleEventException(e, sequence, event);
        }
    }
}
