package io.ringcast.pipeline;

import com.lmax.disruptor.EventPoller;
import io.ringcast.egress.CatchUpDoor;
import io.ringcast.egress.EgressLoop;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/**
 * Lets one I/O loop do what the encoded slots say; a last consumer of the ring, whose sequence gates it.
 * Confined to its I/O loop.
 *
 * <ul>
 * <li><b>Step</b> 7 of 7
 * <li><b>Thread</b> I/O, one poller per loop
 * <li><b>Owns</b> nothing of the slot: chunks are borrowed until the loop's sequence has passed, or retained
 * <li><b>Next</b> the socket
 * </ul>
 */
public final class EgressPoller
{
    private static final Logger LOGGER = LoggerFactory.getLogger(EgressPoller.class);
    private static final long MAX_LOGGED = 10;

    private final EventPoller<RelayEvent> poller;
    private final EgressLoop loop;
    private final RingPublisher publisher;
    private final CounterSet counters;
    private final EventPoller.Handler<RelayEvent> handler = this::onEvent;
    private final Consumer<Exception> failed = this::failed;
    private final CatchUpDoor catchUpDoor;
    /** From the system's steady clock, which the loop reads, to that of the stages. */
    private long clockOffsetNs;

    EgressPoller(final EventPoller<RelayEvent> poller, final EgressLoop loop, final RingPublisher publisher,
        final CounterSet counters)
    {
        this.poller = poller;
        this.loop = loop;
        this.publisher = publisher;
        this.counters = counters;
        catchUpDoor = publisher::tryPublishCatchUp;
    }

    /** Before the start. */
    void setClockOffsetNs(final long offsetNs)
    {
        clockOffsetNs = offsetNs;
    }

    /** Does all that is ready, flushes each connection once, and lets waiting sockets read again if there is space. */
    public void poll()
    {
        try
        {
            poller.poll(handler);
        }
        catch (final Exception e)
        {
            failed(e);
        }
        if (loop.hasCatchUpsDue())
        {
            loop.askCatchUps(catchUpDoor);
        }
        publisher.openGates(failed);
    }

    /**
     * Gives the loop's tables.
     *
     * @return what this poller drives.
     */
    public EgressLoop loop()
    {
        return loop;
    }

    private boolean onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        try
        {
            loop.onActions(event.egress, event.nowNs - clockOffsetNs, failed);
        }
        catch (final Exception e)
        {
            // The ring would deliver the event again, for ever; what it asked of this loop is lost and counted.
            failed(e);
        }
        if (endOfBatch)
        {
            endBatch();
        }
        return true;
    }

    private void endBatch()
    {
        try
        {
            loop.endBatch();
        }
        catch (final Exception e)
        {
            failed(e);
        }
    }

    private void failed(final Exception e)
    {
        counters.increment(RelayCounter.EGRESS_FAILURES);
        if (counters.get(RelayCounter.EGRESS_FAILURES) <= MAX_LOGGED)
        {
            LOGGER.error("an I/O loop failed to do what a slot says", e);
        }
    }
}
