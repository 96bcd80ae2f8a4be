package io.ringcast.transport.websocket;

import io.ringcast.frame.ReceivedFrame;

/**
 * Lends the frames that parsers fill.
 * Confined to the I/O thread of the parsers that use it.
 */
public interface FramePool
{
    /**
     * Lends a frame; called when the first frame of a message has come.
     *
     * @return an empty frame, never null; the caller owns it.
     */
    ReceivedFrame take();

    /**
     * Takes back a frame whose message was never completed.
     *
     * @param frame a cleared frame; the pool owns it from now on.
     */
    void giveBack(ReceivedFrame frame);
}
