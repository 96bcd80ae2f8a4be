package io.ringcast.encode;

import io.netty.buffer.ByteBuf;
import io.ringcast.image.NotInImage;

/**
 * The pieces of one text, written one behind the other.
 * Confined to the pipeline thread that runs encode; borrows the pieces.
 */
final class Segments
{
    private static final int MAX_SEGMENTS = 5;

    @NotInImage("borrowed for a text")
    private final byte[][] arrays = new byte[MAX_SEGMENTS][];
    private final int[] offsets = new int[MAX_SEGMENTS];
    private final int[] lengths = new int[MAX_SEGMENTS];
    private int count;
    private int lengthBytes;

    Segments clear()
    {
        count = 0;
        lengthBytes = 0;
        return this;
    }

    Segments add(final byte[] bytes)
    {
        return add(bytes, 0, bytes.length);
    }

    Segments add(final byte[] bytes, final int offset, final int length)
    {
        arrays[count] = bytes;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        lengthBytes += length;
        return this;
    }

    int lengthBytes()
    {
        return lengthBytes;
    }

    void writeTo(final ByteBuf target, final int targetOffset)
    {
        int position = targetOffset;
        for (int i = 0; i < count; i++)
        {
            target.setBytes(position, arrays[i], offsets[i], lengths[i]);
            position += lengths[i];
        }
    }

    byte[] toArray()
    {
        final byte[] joined = new byte[lengthBytes];
        int position = 0;
        for (int i = 0; i < count; i++)
        {
            System.arraycopy(arrays[i], offsets[i], joined, position, lengths[i]);
            position += lengths[i];
        }
        return joined;
    }
}
