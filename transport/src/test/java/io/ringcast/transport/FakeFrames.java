package io.ringcast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.charset.StandardCharsets;

/** Texts as a server lays them out in WebSocket frames. Any thread: it holds nothing. */
final class FakeFrames
{
    private static final int FRAGMENT_BYTES = 1024;

    private FakeFrames()
    {
    }

    /** One frame. */
    static ByteBuf whole(final String text)
    {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuf out = Unpooled.buffer(payload.length + 10);
        writeHeader(out, 0x81, payload.length);
        return out.writeBytes(payload);
    }

    /** As many frames as there are KiB. */
    static ByteBuf fragments(final String text)
    {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuf out = Unpooled.buffer(payload.length + 64);
        for (int offset = 0; offset < payload.length; offset += FRAGMENT_BYTES)
        {
            final int lengthBytes = Math.min(FRAGMENT_BYTES, payload.length - offset);
            final boolean isLast = offset + lengthBytes == payload.length;
            writeHeader(out, (isLast ? 0x80 : 0) | (offset == 0 ? 1 : 0), lengthBytes);
            out.writeBytes(payload, offset, lengthBytes);
        }
        return out;
    }

    private static void writeHeader(final ByteBuf out, final int first, final int lengthBytes)
    {
        out.writeByte(first);
        if (lengthBytes < 126)
        {
            out.writeByte(lengthBytes);
        }
        else if (lengthBytes < 65_536)
        {
            out.writeByte(126).writeShort(lengthBytes);
        }
        else
        {
            out.writeByte(127).writeLong(lengthBytes);
        }
    }
}
