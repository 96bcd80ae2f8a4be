package io.ringcast.encode;

import io.netty.buffer.ByteBuf;

/**
 * Writes the header of a server's WebSocket frame: one unmasked, final text frame per message (RFC 6455 section 5.2).
 * Any thread.
 *
 * <pre>
 *   81 len           up to 125 bytes
 *   81 7E len16      up to 65,535
 *   81 7F len64      beyond
 * </pre>
 */
final class WebSocketFrameEncoder
{
    private static final int FINAL_TEXT = 0x81;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private WebSocketFrameEncoder()
    {
    }

    static int headerBytes(final int payloadBytes)
    {
        return payloadBytes < LENGTH_16 ? 2 : payloadBytes <= 0xFFFF ? 4 : 10;
    }

    static void writeHeader(final ByteBuf target, final int offset, final int payloadBytes)
    {
        target.setByte(offset, FINAL_TEXT);
        if (payloadBytes < LENGTH_16)
        {
            target.setByte(offset + 1, payloadBytes);
        }
        else if (payloadBytes <= 0xFFFF)
        {
            target.setByte(offset + 1, LENGTH_16);
            target.setShort(offset + 2, payloadBytes);
        }
        else
        {
            target.setByte(offset + 1, LENGTH_64);
            target.setLong(offset + 2, payloadBytes);
        }
    }
}
