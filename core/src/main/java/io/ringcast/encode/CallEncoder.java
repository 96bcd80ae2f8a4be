package io.ringcast.encode;

import io.ringcast.session.ActionList;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.EgressAction;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.OwnCallId;

/**
 * Writes the calls that go to an upstream: a client's with the id swapped, and the relay's own.
 * Confined to the pipeline thread that runs encode.
 */
final class CallEncoder
{
    private final FrameWriter frames;
    private final byte[] decimal = new byte[20];

    CallEncoder(final FrameWriter frames)
    {
        this.frames = frames;
    }

    /** A client's call or notification, as it was received but for the id. */
    void forward(final CorrelatedAction action, final ActionList<EgressAction> out)
    {
        final Segments text = frames.beginText();
        if (action.idOffset < 0)
        {
            text.add(action.bytes, action.textOffset, action.textLength);
        }
        else
        {
            final int digits = writeDecimal(action.upstreamRequestId);
            text
                .add(action.bytes, action.textOffset, action.idOffset - action.textOffset)
                .add(decimal, decimal.length - digits, digits)
                .add(action.bytes, action.idOffset + action.idLength,
                    action.textOffset + action.textLength - action.idOffset - action.idLength);
        }
        frames.writeUpstream(action.laneIndex, out);
    }

    /** A call of the relay's own: the action holds its method and params. */
    void ownCall(final MatchedAction action, final ActionList<EgressAction> out)
    {
        assert OwnCallId.isOwn(action.upstreamRequestId);
        final int digits = writeDecimal(action.upstreamRequestId);
        frames.beginText()
            .add(Envelope.ID_MEMBER)
            .add(decimal, decimal.length - digits, digits)
            .add(Envelope.COMMA)
            .add(action.bytes, action.offset, action.length)
            .add(Envelope.END);
        frames.writeUpstream(action.laneIndex, out);
    }

    /** Writes the digits to the end of {@link #decimal}; gives how many there are. */
    private int writeDecimal(final long value)
    {
        long left = value;
        int position = decimal.length;
        do
        {
            decimal[--position] = (byte)('0' + left % 10);
            left /= 10;
        }
        while (left > 0);
        return decimal.length - position;
    }
}
