package io.ringcast.correlate;

import io.ringcast.frame.FrameView;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A copy of an upstream's answer that outlives its slot.
 * Immutable, so encode may read it from its own thread whenever it comes to it.
 *
 * @param text        the whole answer.
 * @param idOffset    where its id token starts in the copy.
 * @param idLength    the token's length in bytes.
 * @param isKnown     whether it says that the upstream has the transaction already.
 * @param shownNumber the block that it shows, or -1.
 */
record HeldAnswer(byte[] text, int idOffset, int idLength, boolean isKnown, long shownNumber)
{
    private static final String START = "{\"jsonrpc\":\"2.0\",\"id\":";

    /** Makes a success of the relay's own. */
    static HeldAnswer success(final String resultJson)
    {
        final byte[] text = (START + "0,\"result\":" + resultJson + '}').getBytes(StandardCharsets.US_ASCII);
        return new HeldAnswer(text, START.length(), 1, false, LaneHeads.NONE);
    }

    static HeldAnswer of(final byte[] bytes, final FrameView view, final boolean isKnown)
    {
        return new HeldAnswer(
            Arrays.copyOfRange(bytes, view.textOffset, view.textOffset + view.textLength),
            view.idOffset - view.textOffset, view.idLength, isKnown, LaneHeads.NONE);
    }

    /** One to give to whoever asks the same, and show them the block. */
    static HeldAnswer kept(final byte[] bytes, final FrameView view, final long shownNumber)
    {
        return new HeldAnswer(
            Arrays.copyOfRange(bytes, view.textOffset, view.textOffset + view.textLength),
            view.idOffset - view.textOffset, view.idLength, false, shownNumber);
    }
}
