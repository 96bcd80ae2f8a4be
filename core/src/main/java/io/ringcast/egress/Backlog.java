package io.ringcast.egress;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * Frames of a topic that connections behind the activation barrier have yet to get, shared by all of these.
 * Confined to its I/O loop. Owns a copy of each frame, or a reference to the chunk of which it is half or more, until
 * {@link #dropTo} or {@link #clear} lets go of it.
 *
 * <p>Frames have places, which go up by one with each. What is held spans the time that one connection waits, however
 * many come after it. Copies lie behind one another, so that a flush writes them in one call; a reference to each
 * chunk would keep 256 KiB for a frame of some hundred bytes.
 */
final class Backlog
{
    /** Beyond either bound the barrier is opened early. */
    static final int LIMIT_FRAMES = 4096;
    static final int LIMIT_BYTES = 1024 * 1024;

    private static final int FIRST_COPIES_BYTES = 4 * 1024;
    private static final int COPIES_BYTES = 64 * 1024;
    private static final int RETAINED_FRAMES = 64;

    private ByteBuf[] chunks = new ByteBuf[0];
    private int[] offsets = new int[0];
    private int[] lengths = new int[0];
    /** Where the oldest frame lies in the arrays, and its place. */
    private int head;
    private long place;
    private int count;
    private long heldBytes;
    /** What the next copies go to; null if there is none. Each frame in it has a reference of its own. */
    private ByteBuf copies;

    /** Holds a frame, of a chunk that is borrowed. */
    void add(final ByteBuf chunk, final int offset, final int length)
    {
        if (head + count == chunks.length)
        {
            makeRoom();
        }
        final int next = head + count++;
        lengths[next] = length;
        heldBytes += length;
        if (length < chunk.capacity() - length)
        {
            final ByteBuf to = copies(chunk, length);
            chunks[next] = to.retain();
            offsets[next] = to.writerIndex();
            to.writeBytes(chunk, offset, length);
        }
        else
        {
            chunks[next] = chunk.retain();
            offsets[next] = offset;
        }
    }

    private ByteBuf copies(final ByteBuf chunk, final int length)
    {
        if (copies == null || copies.writableBytes() < length)
        {
            final int usual = copies == null ? FIRST_COPIES_BYTES : Math.min(COPIES_BYTES, 2 * copies.capacity());
            releaseCopies();
            final int capacity = Math.max(length, usual);
            copies = chunk.alloc().directBuffer(capacity, capacity);
        }
        return copies;
    }

    private void releaseCopies()
    {
        if (copies != null)
        {
            copies.release();
            copies = null;
        }
    }

    private void makeRoom()
    {
        final int from = head;
        head = 0;
        if (count > chunks.length / 2 || chunks.length == 0)
        {
            final int capacity = Math.max(8, count * 2);
            chunks = Arrays.copyOf(Arrays.copyOfRange(chunks, from, from + count), capacity);
            offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, from, from + count), capacity);
            lengths = Arrays.copyOf(Arrays.copyOfRange(lengths, from, from + count), capacity);
        }
        else
        {
            System.arraycopy(chunks, from, chunks, 0, count);
            System.arraycopy(offsets, from, offsets, 0, count);
            System.arraycopy(lengths, from, lengths, 0, count);
            Arrays.fill(chunks, count, from + count, null);
        }
    }

    boolean isFull()
    {
        return count >= LIMIT_FRAMES || heldBytes >= LIMIT_BYTES;
    }

    /** The place of the next frame. */
    long end()
    {
        return place + count;
    }

    /**
     * Hands an outlet the frames from a place on.
     *
     * @param from         where the backlog ended when the outlet's barrier was set.
     * @param outlet       takes them.
     * @param dirty        closes it if it throws.
     * @param receivedAtNs the time from which their latency is counted.
     * @return false if it has thrown.
     */
    boolean tryDrainTo(final long from, final Outlet outlet, final DirtyOutlets dirty, final long receivedAtNs)
    {
        for (long next = Math.max(from, place); next < end(); next++)
        {
            final int i = head + (int)(next - place);
            if (!dirty.tryAppend(outlet, chunks[i], offsets[i], lengths[i], receivedAtNs, 1))
            {
                return false;
            }
        }
        return true;
    }

    /** Lets go of the frames before a place. */
    void dropTo(final long newPlace)
    {
        while (count > 0 && place < newPlace)
        {
            chunks[head].release();
            chunks[head] = null;
            heldBytes -= lengths[head];
            head++;
            place++;
            count--;
        }
    }

    void clear()
    {
        dropTo(end());
        releaseCopies();
        head = 0;
        if (chunks.length > RETAINED_FRAMES)
        {
            chunks = new ByteBuf[0];
            offsets = new int[0];
            lengths = new int[0];
        }
    }
}
