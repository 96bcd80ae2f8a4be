package io.ringcast.transport.websocket;

import java.util.ArrayDeque;

import io.ringcast.frame.ReceivedFrame;

/**
 * A pool that knows how many of its frames are lent.
 * Confined to the test's thread.
 */
final class CountingFramePool implements FramePool
{
    private final ArrayDeque<ReceivedFrame> idle = new ArrayDeque<>();
    int lent;

    @Override
    public ReceivedFrame take()
    {
        lent++;
        final ReceivedFrame frame = idle.poll();
        return frame == null ? new ReceivedFrame() : frame;
    }

    @Override
    public void giveBack(final ReceivedFrame frame)
    {
        if (frame.length != 0)
        {
            throw new IllegalStateException("not cleared");
        }
        lent--;
        idle.push(frame);
    }
}
