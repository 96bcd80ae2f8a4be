package io.ringcast.correlate;

import io.ringcast.frame.FrameView;

/**
 * The copies of open calls' texts, for those that may have to be sent again or later, within a budget of bytes.
 * Confined to the pipeline thread that runs correlate.
 */
final class CallTexts
{
    static final byte[] NO_TEXT = new byte[0];

    private static final int INITIAL_BYTES = 256;
    private static final int RETAINED_BYTES = 1024;

    private final long limitBytes;
    private long keptBytes;

    CallTexts(final long limitBytes)
    {
        this.limitBytes = limitBytes;
    }

    /**
     * Copies a call's text into it.
     *
     * @return false if the budget is used up; then the call has no text.
     */
    boolean tryKeep(final PendingCall call, final byte[] bytes, final FrameView view)
    {
        if (keptBytes + view.textLength > limitBytes)
        {
            return false;
        }
        keptBytes += view.textLength;
        if (call.text.length < view.textLength)
        {
            call.text = new byte[Math.max(INITIAL_BYTES, view.textLength)];
        }
        System.arraycopy(bytes, view.textOffset, call.text, 0, view.textLength);
        call.textLength = view.textLength;
        call.idOffset = view.idOffset - view.textOffset;
        call.idLength = view.idLength;
        call.methodOffset = view.methodOffset - view.textOffset;
        call.methodLength = view.methodLength;
        call.paramsOffset = view.paramsOffset == FrameView.ABSENT ? 0 : view.paramsOffset - view.textOffset;
        call.paramsLength = view.paramsOffset == FrameView.ABSENT ? 0 : view.paramsLength;
        return true;
    }

    /** Forgets a call's text, if it has one; a large array is given back to the collector. */
    void release(final PendingCall call)
    {
        keptBytes -= call.textLength;
        call.textLength = 0;
        if (call.text.length > RETAINED_BYTES)
        {
            call.text = NO_TEXT;
        }
    }

    /** Hands a call's text to another one, which has none. */
    static void move(final PendingCall from, final PendingCall to)
    {
        final byte[] spare = to.text;
        to.text = from.text;
        to.textLength = from.textLength;
        to.idOffset = from.idOffset;
        to.idLength = from.idLength;
        to.methodOffset = from.methodOffset;
        to.methodLength = from.methodLength;
        to.paramsOffset = from.paramsOffset;
        to.paramsLength = from.paramsLength;
        from.text = spare;
        from.textLength = 0;
    }

    long keptBytes()
    {
        return keptBytes;
    }
}
