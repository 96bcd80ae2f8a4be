package io.ringcast.egress;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Frames of a topic that connections behind the activation barrier have yet to get, shared by all of these.
 * Confined to its I/O loop. Holds a reference to each chunk; {@link #clear()} gives them back.
 */
final class Backlog
{
    /** Beyond either bound the barrier is opened early. */
    static final int LIMIT_FRAMES = 4096;
    static final int LIMIT_BYTES = 1024 * 1024;

    private ByteBuf[] chunks = new ByteBuf[0];
    private int[] offsets = new int[0];
    private int[] lengths = new int[0];
    private int count;
    private long heldBytes;

    void add(final ByteBuf chunk, final int offset, final int length)
    {
        if (count == chunks.length)
        {
            final int capacity = Math.max(8, count * 2);
            chunks = Arrays.copyOf(chunks, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
        chunks[count] = chunk.retain();
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        heldBytes += length;
    }

    boolean isFull()
    {
        return count >= LIMIT_FRAMES || heldBytes >= LIMIT_BYTES;
    }

    int count()
    {
        return count;
    }

    /**
     * Hands an outlet the frames from a position on.
     *
     * @param from         how many frames the backlog held when the outlet's barrier was set.
     * @param outlet       takes them.
     * @param dirty        closes it if it throws.
     * @param receivedAtNs the time from which their latency is counted.
     * @return false if it has thrown.
     */
    boolean tryDrainTo(final int from, final Outlet outlet, final DirtyOutlets dirty, final long receivedAtNs)
    {
        for (int i = from; i < count; i++)
        {
            if (!dirty.tryAppend(outlet, chunks[i], offsets[i], lengths[i], receivedAtNs, 1))
            {
                return false;
            }
        }
        return true;
    }

    void clear()
    {
        for (int i = 0; i < count; i++)
        {
            chunks[i].release();
            chunks[i] = null;
        }
        count = 0;
        heldBytes = 0;
        if (chunks.length > 64)
        {
            chunks = new ByteBuf[0];
            offsets = new int[0];
            lengths = new int[0];
        }
    }
}
