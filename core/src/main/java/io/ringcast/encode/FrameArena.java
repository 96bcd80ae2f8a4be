package io.ringcast.encode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.ringcast.image.NotInImage;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Where frames are written one behind the other, so that consecutive frames of a topic leave in one write.
 * Confined to the pipeline thread that runs encode; the bytes are read by the I/O loops until they pass the slot.
 *
 * <p>A chunk is given back when every loop has passed the last slot that wrote to it, which the ring's own sequences
 * tell: no counting per frame. A loop that needs bytes for longer retains the chunk, which is then not written again
 * before it is released.
 */
@NotInImage("what is written goes out at once")
final class FrameArena implements AutoCloseable
{
    /** Large enough that a batch mostly lies in one chunk, small enough to stay in a core's cache. */
    static final int CHUNK_BYTES = 256 * 1024;

    private record Retired(ByteBuf chunk, long lastSequence)
    {
    }

    private final ByteBufAllocator allocator;
    private final LongSupplier passedSequence;
    private final ArrayDeque<Retired> retired = new ArrayDeque<>();
    private ByteBuf current;
    private int offset;
    private long lastSequence = -1;
    private ByteBuf spare;
    private int takenOffset;

    /**
     * Creates an arena without chunks.
     *
     * @param allocator      makes direct buffers.
     * @param passedSequence the last slot that every loop has passed.
     */
    FrameArena(final ByteBufAllocator allocator, final LongSupplier passedSequence)
    {
        this.allocator = allocator;
        this.passedSequence = passedSequence;
    }

    /**
     * Makes room for one frame.
     *
     * @param lengthBytes how long it is.
     * @param sequence    the slot that is being encoded.
     * @return the chunk to write to, from {@link #takenOffset()} on; the arena keeps owning it.
     */
    ByteBuf take(final int lengthBytes, final long sequence)
    {
        if (lengthBytes > CHUNK_BYTES / 2)
        {
            return takeOwnChunk(lengthBytes, sequence);
        }
        if (current != null && lastSequence < sequence && offset > 0)
        {
            rewindIfPassed();
        }
        if (current == null || offset + lengthBytes > CHUNK_BYTES)
        {
            nextChunk();
        }
        lastSequence = sequence;
        takenOffset = offset;
        offset += lengthBytes;
        return current;
    }

    /** Where the frame starts that was taken last. */
    int takenOffset()
    {
        return takenOffset;
    }

    /** Gives back the chunks that every loop has passed. */
    void releasePassed()
    {
        if (retired.isEmpty())
        {
            return;
        }
        final long passed = passedSequence.getAsLong();
        while (!retired.isEmpty() && retired.peekFirst().lastSequence <= passed)
        {
            final ByteBuf chunk = retired.pollFirst().chunk;
            if (spare == null && chunk.refCnt() == 1 && chunk.capacity() == CHUNK_BYTES)
            {
                spare = chunk;
            }
            else
            {
                chunk.release();
            }
        }
    }

    /** Gives everything back, passed or not: the loops have stopped. */
    @Override
    public void close()
    {
        retired.forEach(entry -> entry.chunk.release());
        retired.clear();
        if (current != null)
        {
            current.release();
            current = null;
        }
        if (spare != null)
        {
            spare.release();
            spare = null;
        }
    }

    /** At low rates every loop has passed before the next item comes: the same bytes, still cached, serve again. */
    private void rewindIfPassed()
    {
        // In this order: a loop retains before it passes, so a chunk seen passed and then unshared stays unshared.
        if (passedSequence.getAsLong() >= lastSequence && current.refCnt() == 1)
        {
            offset = 0;
        }
    }

    private void nextChunk()
    {
        if (current != null)
        {
            retired.add(new Retired(current, lastSequence));
        }
        releasePassed();
        current = spare != null ? spare : allocator.directBuffer(CHUNK_BYTES, CHUNK_BYTES);
        spare = null;
        offset = 0;
    }

    private ByteBuf takeOwnChunk(final int lengthBytes, final long sequence)
    {
        final ByteBuf own = allocator.directBuffer(lengthBytes, lengthBytes);
        retired.add(new Retired(own, sequence));
        takenOffset = 0;
        return own;
    }
}
