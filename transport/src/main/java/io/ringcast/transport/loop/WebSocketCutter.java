package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.pipeline.RingPublisher;
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
    private final InflationTurns turns;

    /**
     * Starts behind the handshake.
     *
     * @param role            the role of this end.
     * @param maxMessageBytes limit for a message, and for what it inflates to, in bytes.
     * @param publisher       lends the frames.
     * @param listener        told what is found.
     * @param turns           the loop's; null if no compression was agreed on.
     */
    public WebSocketCutter(
        final WebSocketRole role, final int maxMessageBytes, final RingPublisher publisher,
        final WebSocketFrameListener listener, final InflationTurns turns)
    {
        this.listener = listener;
        this.turns = turns;
        parser = new WebSocketFrameParser(
            role, maxMessageBytes, new PublisherFrames(publisher), turns == null ? null : turns.inflater());
    }

    @Override
    public void cut(final ByteBuf in, final long readAtNs)
    {
        parser.noteRead(readAtNs);
        parser.parse(in, listener);
    }

    @Override
    public boolean awaitsTurn(final ReadGate gate)
    {
        if (!parser.isInflating())
        {
            return false;
        }
        turns.await(gate);
        return true;
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
