package io.ringcast.pipeline;

import io.ringcast.frame.ReceivedFrame;

/**
 * Empty frames of one I/O loop.
 * Confined to that loop.
 */
final class SpareFrames
{
    private static final int RETAINED = 64;

    private final ReceivedFrame[] frames = new ReceivedFrame[RETAINED];
    private int count;

    ReceivedFrame take()
    {
        return count > 0 ? frames[--count] : new ReceivedFrame();
    }

    void give(final ReceivedFrame frame)
    {
        frame.clear();
        if (count < RETAINED)
        {
            frames[count++] = frame;
        }
    }
}
