package io.ringcast.pipeline;

import io.ringcast.encode.Encoder;

/**
 * Builds the bytes that leave, and wakes the loops that have to write them.
 * Confined to the pipeline thread.
 *
 * <ul>
 * <li><b>Step</b> 6 of 7
 * <li><b>Thread</b> pipeline
 * <li><b>Owns</b> the chunks that frames are written to, until every loop has passed the slot
 * <li><b>Next</b> {@link EgressPoller}
 * </ul>
 */
final class EncodeStage implements Stage
{
    private final Encoder encoder;
    private final EgressWakeups wakeups;
    private final RingBytes ringBytes;
    /** False if a journal reads the text behind this stage. */
    private final boolean isLastReader;
    /** How many of the slot's actions are done or have failed; those of correlate come first. */
    private int position;
    private boolean isDone;

    EncodeStage(
        final Encoder encoder, final EgressWakeups wakeups, final RingBytes ringBytes, final boolean isLastReader)
    {
        this.isLastReader = isLastReader;
        this.ringBytes = ringBytes;
        this.encoder = encoder;
        this.wakeups = wakeups;
    }

    @Override
    public void begin(final RelayEvent event, final long sequence)
    {
        event.egress.clear();
        encoder.begin(sequence, event.readings);
        position = 0;
        isDone = false;
    }

    @Override
    public void onEvent(final RelayEvent event, final long sequence, final boolean endOfBatch)
    {
        if (event.kind == EventKind.CLIENT_CLOSED)
        {
            encoder.onClientClosed(event.connectionId);
        }
        encode(event);
        if (endOfBatch)
        {
            encoder.releasePassed();
        }
    }

    /** The action that failed is answered for, and the others follow. */
    @Override
    public void recover(final RelayEvent event)
    {
        if (isDone)
        {
            return;
        }
        if (position > 0)
        {
            final int failed = position - 1;
            final int correlated = event.correlated.size();
            if (failed < correlated)
            {
                encoder.answerFailed(event.correlated.get(failed), event.egress);
            }
            else
            {
                encoder.answerFailed(event.matched.get(failed - correlated), event.egress);
            }
        }
        encode(event);
    }

    private void encode(final RelayEvent event)
    {
        final int correlated = event.correlated.size();
        final int actions = correlated + event.matched.size();
        try
        {
            while (position < actions)
            {
                final int current = position++;
                if (current < correlated)
                {
                    encoder.onAction(event.correlated.get(current), event.egress);
                }
                else
                {
                    encoder.onAction(event.matched.get(current - correlated), event.egress);
                }
            }
            isDone = true;
            event.releaseBorrowed();
            if (isLastReader)
            {
                event.releaseText(ringBytes);
            }
        }
        finally
        {
            wakeups.note(encoder.loopMask());
        }
    }
}
