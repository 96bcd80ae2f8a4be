package io.ringcast.tools.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Finds WebSocket frames in what was read, without copying those that came whole.
 * Confined to the connection's event loop.
 */
final class FrameScanner implements AutoCloseable
{
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int DEFLATED = 0x40;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int LIMIT_FRAME_BYTES = 64 * 1024 * 1024;

    private final ByteBufAllocator allocator;
    private final Listener listener;
    private ByteBuf rest;
    private ByteBuf fragments;

    FrameScanner(final ByteBufAllocator allocator, final Listener listener)
    {
        this.allocator = allocator;
        this.listener = listener;
    }

    /** Takes what was read; takes ownership. */
    void read(final ByteBuf arrived)
    {
        ByteBuf bytes = arrived;
        if (rest != null)
        {
            bytes = rest;
            rest = null;
            bytes.writeBytes(arrived);
            arrived.release();
        }
        try
        {
            boolean isWhole = true;
            while (isWhole)
            {
                isWhole = scanFrame(bytes);
            }
            if (bytes != arrived && bytes.readerIndex() == 0)
            {
                // Still the same unfinished frame: it grows in place.
                rest = bytes;
            }
            else if (bytes.isReadable())
            {
                rest = allocator.buffer(2 * bytes.readableBytes()).writeBytes(bytes);
            }
        }
        finally
        {
            if (rest != bytes)
            {
                bytes.release();
            }
        }
    }

    private boolean scanFrame(final ByteBuf bytes)
    {
        final int start = bytes.readerIndex();
        final int available = bytes.readableBytes();
        if (available < 2)
        {
            return false;
        }
        final int lengthCode = bytes.getByte(start + 1) & 0x7F;
        final int lengthSize = lengthCode < LENGTH_16 ? 0 : lengthCode == LENGTH_16 ? 2 : 8;
        final boolean isMasked = (bytes.getByte(start + 1) & MASKED) != 0;
        final int headerBytes = 2 + lengthSize + (isMasked ? 4 : 0);
        if (available < headerBytes)
        {
            return false;
        }
        final long length = lengthCode < LENGTH_16 ? lengthCode :
            lengthCode < LENGTH_64 ? bytes.getUnsignedShort(start + 2) : bytes.getLong(start + 2);
        if (length < 0 || length > LIMIT_FRAME_BYTES)
        {
            throw new IllegalStateException("frame of " + length + " bytes, allowed=0 to " + LIMIT_FRAME_BYTES);
        }
        if (available < headerBytes + length)
        {
            return false;
        }
        final int index = start + headerBytes;
        if (isMasked)
        {
            unmask(bytes, index, (int)length, bytes.getInt(index - 4));
        }
        bytes.readerIndex(index + (int)length);
        onFrame(bytes.getByte(start), bytes, index, (int)length);
        return true;
    }

    private static void unmask(final ByteBuf bytes, final int index, final int length, final int key)
    {
        if (key == 0)
        {
            return;
        }
        int i = 0;
        for (; i + 4 <= length; i += 4)
        {
            bytes.setInt(index + i, bytes.getInt(index + i) ^ key);
        }
        for (; i < length; i++)
        {
            bytes.setByte(index + i, bytes.getByte(index + i) ^ key >>> 8 * (3 - (i & 3)));
        }
    }

    private void onFrame(final byte head, final ByteBuf bytes, final int index, final int length)
    {
        final int opcode = head & 0xF;
        final boolean isFinal = (head & FINAL) != 0;
        if (opcode >= CLOSE)
        {
            listener.onControl(opcode, bytes, index, length);
        }
        else if (isFinal && (head & DEFLATED) != 0)
        {
            listener.onDeflated(bytes, index, length);
        }
        else if (isFinal && opcode != CONTINUATION)
        {
            listener.onMessage(bytes, index, length);
        }
        else
        {
            onFragment(isFinal, bytes, index, length);
        }
    }

    private void onFragment(final boolean isFinal, final ByteBuf bytes, final int index, final int length)
    {
        if (fragments == null)
        {
            fragments = allocator.buffer(4 * length);
        }
        fragments.writeBytes(bytes, index, length);
        if (isFinal)
        {
            final ByteBuf message = fragments;
            fragments = null;
            try
            {
                listener.onMessage(message, 0, message.readableBytes());
            }
            finally
            {
                message.release();
            }
        }
    }

    /** Gives back what had come in part. */
    @Override
    public void close()
    {
        if (rest != null)
        {
            rest.release();
            rest = null;
        }
        if (fragments != null)
        {
            fragments.release();
            fragments = null;
        }
    }

    /** Writes the head of a frame; a masked one with a key of zeros, so that the payload follows as it is. */
    static void writeHead(final ByteBuf target, final int opcode, final int length, final boolean isMasked)
    {
        final int mask = isMasked ? MASKED : 0;
        target.writeByte(FINAL | opcode);
        if (length < LENGTH_16)
        {
            target.writeByte(mask | length);
        }
        else if (length <= 0xFFFF)
        {
            target.writeByte(mask | LENGTH_16).writeShort(length);
        }
        else
        {
            target.writeByte(mask | LENGTH_64).writeLong(length);
        }
        if (isMasked)
        {
            target.writeInt(0);
        }
    }

    /** Takes the frames. The bytes are lent for the call. */
    interface Listener
    {
        void onMessage(ByteBuf bytes, int index, int lengthBytes);

        void onControl(int opcode, ByteBuf bytes, int index, int lengthBytes);

        /** A message in one frame that is compressed. */
        default void onDeflated(final ByteBuf bytes, final int index, final int lengthBytes)
        {
            throw new IllegalStateException("a compressed message, which nobody has agreed on");
        }
    }
}
