package io.ringcast.pipeline;

import io.ringcast.correlate.Correlator;
import io.ringcast.session.ConnectionWish;

/**
 * Swaps ids and finds who or what each text is for.
 * Confined to the pipeline thread.
 *
 * <ul>
 * <li><b>Step</b> 4 of 7
 * <li><b>Thread</b> pipeline
 * <li><b>Owns</b> outstanding calls and upstream subscription ids; borrows the slot's text
 * <li><b>Next</b> {@link MatchStage}
 * </ul>
 */
final class CorrelateStage implements Stage
{
    private final Correlator correlator;

    CorrelateStage(final Correlator correlator)
    {
        this.correlator = correlator;
    }

    @Override
    public void begin(final RelayEvent event, final long sequence)
    {
        event.correlated.clear();
        correlator.begin();
    }

    @Override
    public void recover(final RelayEvent event)
    {
        if (event.kind == EventKind.CLIENT_FRAME)
        {
            correlator.answerFailed(event.connectionId, event.frame, event.correlated);
        }
        else if (event.kind == EventKind.UPSTREAM_FRAME)
        {
            correlator.answerFailed(event.laneIndex, event.frame, event.correlated);
        }
    }

    @Override
    public void onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        if (event.kind != EventKind.CLIENT_FRAME)
        {
            // Not there: what stands in the slot tells recover whether the client's text has been answered.
            correlator.answerFailedForwards(event.correlated);
        }
        switch (event.kind)
        {
            case CLIENT_FRAME:
                correlator.onClientFrame(
                    event.connectionId, event.rights, event.verdicts, event.frame, event.nowNs, event.correlated);
                break;

            case CLIENT_CLOSED:
                correlator.onClientClosed(event.connectionId, event.nowNs);
                break;

            case UPSTREAM_FRAME:
                correlator.onUpstreamFrame(event.laneIndex, event.frame, event.nowNs, event.correlated);
                break;

            case UPSTREAM_UP:
                correlator.onUpstreamUp(event.laneIndex, event.nowNs, event.correlated);
                break;

            case UPSTREAM_DOWN:
                correlator.onUpstreamDown(event.laneIndex, event.connectionId, event.nowNs, event.correlated);
                break;

            case CLIENT_OPENED:
                correlator.onClientOpened(
                    event.connectionId, ConnectionWish.ofText(event.frame.bytes, event.frame.length), event.rights);
                break;

            case UPSTREAM_READING:
            case CATCH_UP:
            case CLIENT_READ:
            case CLIENT_FIGURES:
            case DRAIN:
            case JOURNAL_BROKEN:
                break;

            default:
                correlator.onTick(event.nowNs, event.correlated);
                break;
        }
    }
}
