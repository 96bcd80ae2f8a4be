package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;

/**
 * Walks over the texts in a range of whole WebSocket frames, for doors that have an envelope of their own.
 * Confined to its I/O loop. Borrows the chunk until the next {@link #wrap}.
 */
public final class FrameCursor
{
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_MASK = 0x7F;

    private ByteBuf chunk;
    private int next;
    private int end;
    private int textOffset;
    private int textLength;

    /**
     * Begins with other frames.
     *
     * @param frames holds them; borrowed.
     * @param offset where the first begins.
     * @param length how many bytes they take.
     * @return this.
     */
    public FrameCursor wrap(final ByteBuf frames, final int offset, final int length)
    {
        chunk = frames;
        next = offset;
        end = offset + length;
        return this;
    }

    /**
     * Moves to the next text.
     *
     * @return false behind the last.
     */
    public boolean next()
    {
        if (next >= end)
        {
            return false;
        }
        final int shortLength = chunk.getByte(next + 1) & LENGTH_MASK;
        if (shortLength < LENGTH_16)
        {
            textOffset = next + 2;
            textLength = shortLength;
        }
        else if (shortLength == LENGTH_16)
        {
            textOffset = next + 4;
            textLength = chunk.getUnsignedShort(next + 2);
        }
        else
        {
            textOffset = next + 10;
            textLength = Math.toIntExact(chunk.getLong(next + 2));
        }
        next = textOffset + textLength;
        return true;
    }

    /**
     * Tells where the text begins.
     *
     * @return an index into what is wrapped.
     */
    public int textOffset()
    {
        return textOffset;
    }

    /**
     * Tells how long the text is.
     *
     * @return its length in bytes.
     */
    public int textLength()
    {
        return textLength;
    }
}
