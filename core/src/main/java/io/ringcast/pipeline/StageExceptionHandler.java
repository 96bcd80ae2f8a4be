package io.ringcast.pipeline;

import com.lmax.disruptor.ExceptionHandler;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/**
 * What happens when a stage throws: the fault is counted and logged once per kind, and the ring goes on.
 * Confined to the thread of the stage that threw; its counter set is that thread's.
 *
 * <p>Never throws. Disruptor's own default ends the processor's thread, after which the ring fills and stands still.
 */
final class StageExceptionHandler implements ExceptionHandler<RelayEvent>
{
    private static final Logger LOGGER = LoggerFactory.getLogger(StageExceptionHandler.class);

    private final CounterSet counters;
    private final Consumer<Error> onFatalError;
    private final FaultKinds told = new FaultKinds();

    StageExceptionHandler(final CounterSet counters, final Consumer<Error> onFatalError)
    {
        this.counters = counters;
        this.onFatalError = onFatalError;
    }

    @Override
    public void handleEventException(final Throwable exception, final long sequence, final RelayEvent event)
    {
        counters.increment(RelayCounter.STAGE_FAILURES);
        if (told.isNew(exception))
        {
            LOGGER.error(
                "a stage failed at sequence {} ({}); the ring goes on", sequence, event.kind, exception);
        }
        if (exception instanceof VirtualMachineError error)
        {
            onFatalError.accept(error);
        }
    }

    @Override
    public void handleOnStartException(final Throwable exception)
    {
        LOGGER.error("a stage failed to start", exception);
    }

    @Override
    public void handleOnShutdownException(final Throwable exception)
    {
        LOGGER.error("a stage failed to stop", exception);
    }
}
