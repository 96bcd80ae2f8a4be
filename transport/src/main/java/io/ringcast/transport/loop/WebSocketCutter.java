package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.ringcast.pipeline.RingPublisher;
import io.ringcast.transport.websocket.MessageInflater;
import io.ringcast.transport.websocket.WebSocketFrameListener;
import io.ringcast.transport.websocket.WebSocketFrameParser;
import io.ringcast.transport.websocket.WebSocketRole;

/**
 * Cuts WebSocket messages, with frames that the loop lends.
 * Confined to the I/O loop that owns the socket.
 */
public final class WebSocketCutter implements MessageCutter
{
    private final WebSocketFrameParser parser;
    private final WebSocketFrameListener listener;

    public WebSocketCutter(
        final WebSocketRole role, final int maxMessageBytes, final RingPublisher publisher,
        final WebSocketFrameListener listener, final MessageInflater inflater)
    {
        this.listener = listener;
        parser = new WebSocketFrameParser(role, maxMessageBytes, new PublisherFrames(publisher), inflater);
    }

    @Override
    public void cut(final ByteBuf in)
    {
        parser.parse(in, listener);
    }

    @Override
    public int unfinishedBytes()
    {
        return parser.unfinishedBytes();
    }

    @Override
    public void release()
    {
        parser.release();
    }
}
