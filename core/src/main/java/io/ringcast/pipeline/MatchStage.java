package io.ringcast.pipeline;

import io.ringcast.match.Matcher;
import io.ringcast.session.ConnectionWish;

/**
 * Subscribes, unsubscribes, and finds the topics of each item.
 * Confined to the pipeline thread.
 *
 * <ul>
 * <li><b>Step</b> 5 of 7
 * <li><b>Thread</b> pipeline
 * <li><b>Owns</b> feeds, topics and filters; borrows the slot's text
 * <li><b>Next</b> {@link EncodeStage}
 * </ul>
 */
final class MatchStage implements Stage
{
    private final Matcher matcher;

    MatchStage(final Matcher matcher)
    {
        this.matcher = matcher;
    }

    @Override
    public void begin(final RelayEvent event, final long sequence)
    {
        event.matched.clear();
        matcher.begin(sequence, event.beganAtNs, event.connectionOptions, event.verdicts, event.readings);
    }

    @Override
    public void recover(final RelayEvent event)
    {
        for (int i = 0; i < event.correlated.size(); i++)
        {
            matcher.answerFailed(event.correlated.get(i), event.matched);
        }
        if (event.kind == EventKind.CATCH_UP)
        {
            matcher.catchUpFailed(
                event.connectionId, CatchUpText.topicId(event.frame), CatchUpText.grant(event.frame),
                CatchUpText.ticket(event.frame), CatchUpText.sequence(event.frame), event.matched);
        }
    }

    @Override
    public void onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        switch (event.kind)
        {
            case CLIENT_CLOSED:
                matcher.onClientClosed(event.connectionId, event.nowNs, event.matched);
                break;

            case UPSTREAM_UP:
                matcher.onUpstreamUp(event.laneIndex, event.nowNs, event.matched);
                break;

            case UPSTREAM_DOWN:
                matcher.onUpstreamDown(event.laneIndex, event.nowNs, event.matched);
                break;

            case UPSTREAM_READING:
                matcher.onUpstreamReading(event.laneIndex, event.nowNs);
                break;

            case DRAIN:
                matcher.onDrain(event.frame.bytes, event.frame.length, event.nowNs, event.matched);
                break;

            case JOURNAL_BROKEN:
                matcher.onJournalBroken(event.nowNs, event.matched);
                break;

            case CATCH_UP:
                matcher.onCatchUp(
                    event.connectionId, CatchUpText.topicId(event.frame), CatchUpText.grant(event.frame),
                    CatchUpText.ticket(event.frame), CatchUpText.sequence(event.frame), event.nowNs, event.matched);
                break;

            case CLIENT_OPENED:
                matcher.onClientOpened(
                    event.connectionId, ConnectionWish.ofText(event.frame.bytes, event.frame.length), event.rights,
                    event.nowNs, event.matched);
                break;

            case CLIENT_READ:
                matcher.onClientRead(event.connectionId, event.frame.bytes, event.frame.length);
                break;

            case CLIENT_FIGURES:
                matcher.onClientFigures(
                    event.connectionId, event.frame.bytes, event.frame.length, event.matched);
                break;

            case TICK:
                matcher.onTick(event.nowNs, event.matched);
                break;

            default:
                for (int i = 0; i < event.correlated.size(); i++)
                {
                    matcher.onAction(event.correlated.get(i), event.nowNs, event.matched);
                }
                break;
        }
        matcher.end(event.nowNs, event.matched);
    }
}
