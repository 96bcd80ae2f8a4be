package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.websocket.WebSocketHeader;
import io.ringcast.transport.websocket.WebSocketOpcode;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/**
 * The compressed form of what one loop sends to all subscribers that negotiated it: made once for each run, for the
 * first of them, and handed to the others by reference.
 * Confined to its I/O loop.
 *
 * <p>Each message is compressed with a fresh window, so it may be mixed with plain ones and given to anybody. One that
 * is short, or does not become shorter, stays as it is.
 *
 * <p>The buffers are owned here, and are rewritten only when nothing is noted any more and nobody has kept a part:
 * between two batches. They are not pooled, for the reason that chunks are not.
 */
final class DeflatedRuns implements AutoCloseable
{
    static final int BUFFER_BYTES = 256 * 1024;
    /** What is kept to compress into between two batches; more, once an item was larger, only until the next idle. */
    static final int PACKED_BYTES = 64 * 1024;
    /** Set in the first byte of a compressed message's frame. */
    private static final int RSV1 = 0x40;
    /** What every message would end with; the receiver puts it back. */
    private static final int TAIL_BYTES = 4;

    private final int minBytes;
    private final CounterSet counters;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final FrameCursor cursor = new FrameCursor();
    private final List<ByteBuf> full = new ArrayList<>(0);
    private byte[] packed = new byte[0];
    private ByteBuf buffer;

    private ByteBuf runChunk;
    private int runOffset;
    private int runLength;
    private ByteBuf chunk;
    private int offset;
    private int length;

    /**
     * Creates it without a buffer.
     *
     * @param minBytes messages below this length stay plain.
     * @param counters the loop's.
     */
    DeflatedRuns(final int minBytes, final CounterSet counters)
    {
        this.minBytes = minBytes;
        this.counters = counters;
    }

    /**
     * Compresses a run of whole frames, unless it was the last one: {@link #chunk()}, {@link #offset()} and
     * {@link #length()} then say where the result lies, borrowed as the run itself is.
     */
    void wrap(final ByteBuf plainChunk, final int plainOffset, final int plainLength)
    {
        if (plainChunk == runChunk && plainOffset == runOffset && plainLength == runLength)
        {
            return;
        }
        makeRoom(plainLength);
        final int start = buffer.writerIndex();
        cursor.wrap(plainChunk, plainOffset, plainLength);
        int frame = plainOffset;
        while (cursor.next())
        {
            final int end = cursor.textOffset() + cursor.textLength();
            if (!tryPack(plainChunk, cursor.textOffset(), cursor.textLength()))
            {
                buffer.writeBytes(plainChunk, frame, end - frame);
            }
            frame = end;
        }
        // Last: of a run that could not be packed, for want of memory, the next subscriber must not get a part.
        runChunk = plainChunk;
        runOffset = plainOffset;
        runLength = plainLength;
        chunk = buffer;
        offset = start;
        length = buffer.writerIndex() - start;
    }

    ByteBuf chunk()
    {
        return chunk;
    }

    int offset()
    {
        return offset;
    }

    int length()
    {
        return length;
    }

    /** Nothing is noted any more: chunks and buffers may be written anew. */
    void onIdle()
    {
        runChunk = null;
        chunk = null;
        if (!full.isEmpty())
        {
            full.forEach(ByteBuf::release);
            full.clear();
        }
        if (packed.length > PACKED_BYTES)
        {
            packed = new byte[0];
        }
        if (buffer != null && buffer.refCnt() == 1 && buffer.capacity() == BUFFER_BYTES)
        {
            buffer.clear();
        }
        else if (buffer != null)
        {
            buffer.release();
            buffer = null;
        }
    }

    /** What it holds, in bytes. */
    int heldBytes()
    {
        final int fullBytes = full.stream().mapToInt(ByteBuf::capacity).sum();
        return packed.length + (buffer == null ? 0 : buffer.capacity()) + fullBytes;
    }

    @Override
    public void close()
    {
        onIdle();
        if (buffer != null)
        {
            buffer.release();
            buffer = null;
        }
        deflater.end();
    }

    /** What comes out is never longer than what went in. */
    private void makeRoom(final int bytes)
    {
        if (buffer != null && buffer.writableBytes() < bytes)
        {
            // Ranges of it may be noted.
            full.add(buffer);
            buffer = null;
        }
        if (buffer == null)
        {
            final int capacity = Math.max(BUFFER_BYTES, bytes);
            buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
        }
    }

    /** Writes one frame, or nothing if it would not be shorter. */
    private boolean tryPack(final ByteBuf source, final int textOffset, final int textLength)
    {
        if (textLength < minBytes)
        {
            return false;
        }
        if (packed.length < textLength)
        {
            packed = new byte[Math.max(textLength, PACKED_BYTES)];
        }
        deflater.reset();
        deflater.setInput(source.nioBuffer(textOffset, textLength));
        final int packedBytes =
            deflater.deflate(packed, 0, textLength, Deflater.SYNC_FLUSH) - TAIL_BYTES;
        if (packedBytes + TAIL_BYTES >= textLength)
        {
            return false;
        }
        final int start = buffer.writerIndex();
        final int payload = WebSocketHeader.write(buffer, start, WebSocketOpcode.TEXT, packedBytes);
        buffer.setByte(start, buffer.getByte(start) | RSV1);
        buffer.setBytes(payload, packed, 0, packedBytes);
        buffer.writerIndex(payload + packedBytes);
        counters.increment(RelayCounter.FRAMES_DEFLATED);
        return true;
    }
}
