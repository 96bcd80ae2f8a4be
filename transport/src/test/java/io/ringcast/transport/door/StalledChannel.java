package io.ringcast.transport.door;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A socket whose client takes nothing while it is stalled, as it is at first. Confined to the test thread. */
final class StalledChannel extends EmbeddedChannel
{
    boolean isStalled = true;

    @Override
    protected void doWrite(final ChannelOutboundBuffer in) throws Exception
    {
        if (!isStalled)
        {
            super.doWrite(in);
        }
    }

    /** The client takes one message of those that wait. */
    void takeOne()
    {
        unsafe().outboundBuffer().remove();
    }
}
