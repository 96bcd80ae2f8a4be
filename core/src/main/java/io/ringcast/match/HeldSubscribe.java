package io.ringcast.match;

import io.ringcast.frame.FrameView;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.DeliveryOptions;

import java.util.Arrays;

/**
 * A subscribe or unsubscribe of a connection that waits for the end of the one before it.
 * Confined to the pipeline thread that runs match.
 */
final class HeldSubscribe
{
    final CorrelatedAction action = new CorrelatedAction();
    final DeliveryOptions connectionOptions;

    /**
     * Keeps a copy.
     *
     * @param asked             what correlate found; its text is copied.
     * @param connectionOptions what the connection's URL asked for, or null.
     */
    HeldSubscribe(final CorrelatedAction asked, final DeliveryOptions connectionOptions)
    {
        this.connectionOptions = connectionOptions;
        action.kind = asked.kind;
        action.to.copyFrom(asked.to);
        action.methodIndex = asked.methodIndex;
        action.rights = asked.rights;
        final boolean hasParams = asked.valueOffset != FrameView.ABSENT;
        action.bytes = hasParams ?
            Arrays.copyOfRange(asked.bytes, asked.valueOffset, asked.valueOffset + asked.valueLength) : new byte[0];
        action.valueOffset = hasParams ? 0 : FrameView.ABSENT;
        action.valueLength = hasParams ? asked.valueLength : 0;
    }

    /** How much of an asked call would be kept. */
    static int lengthBytes(final CorrelatedAction asked)
    {
        return asked.to.idLength + (asked.valueOffset == FrameView.ABSENT ? 0 : asked.valueLength);
    }

    int lengthBytes()
    {
        return lengthBytes(action);
    }
}
