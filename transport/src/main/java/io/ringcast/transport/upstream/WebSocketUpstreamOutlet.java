package io.ringcast.transport.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.ringcast.transport.websocket.MaskKeys;
import io.ringcast.transport.websocket.WebSocketHeader;
import io.ringcast.transport.websocket.WebSocketMask;
import io.ringcast.transport.websocket.WebSocketOpcode;

/**
 * The way out to an upstream over a WebSocket: each text becomes a masked frame.
 * Confined to the I/O loop that owns the socket.
 */
final class WebSocketUpstreamOutlet extends UpstreamOutlet
{
    private final MaskKeys maskKeys;

    WebSocketUpstreamOutlet(
        final ChannelHandlerContext context, final UpstreamClient client, final UpstreamLink link,
        final MaskKeys maskKeys)
    {
        super(context, client, link);
        this.maskKeys = maskKeys;
    }

    @Override
    void writeText(final ByteBuf target, final ByteBuf chunk, final int offset, final int length)
    {
        final int key = maskKeys.next();
        final int start = target.writerIndex();
        target.ensureWritable(WebSocketHeader.MAX_BYTES + length);
        final int payload = WebSocketHeader.writeMasked(target, start, WebSocketOpcode.TEXT, length, key);
        target.setBytes(payload, chunk, offset, length);
        WebSocketMask.apply(target, payload, length, key);
        target.writerIndex(payload + length);
    }
}
