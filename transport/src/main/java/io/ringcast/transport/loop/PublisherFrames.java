package io.ringcast.transport.loop;

import io.ringcast.frame.ReceivedFrame;
import io.ringcast.pipeline.RingPublisher;
import io.ringcast.transport.websocket.FramePool;

/**
 * A loop's frames, as those who fill them borrow them.
 * Confined to the I/O loop.
 *
 * @param publisher the loop's.
 */
public record PublisherFrames(RingPublisher publisher) implements FramePool
{
    @Override
    public ReceivedFrame take()
    {
        return publisher.takeFrame();
    }

    @Override
    public void giveBack(final ReceivedFrame frame)
    {
        publisher.giveFrame(frame);
    }
}
