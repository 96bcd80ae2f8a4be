package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses one answer piece by piece, so that a large one does not hold its I/O loop.
 * Confined to its I/O loop.
 */
final class GzipBody implements AutoCloseable
{
    /** A piece takes about 150 us. */
    static final int PIECE_BYTES = 16 * 1024;
    private static final byte[] HEADER = {0x1F, (byte)0x8B, 8, 0, 0, 0, 0, 0, 0, (byte)0xFF};
    private static final int TRAILER_BYTES = 8;

    private final ByteBuf source;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 crc = new CRC32();
    private final int lengthBytes;
    private boolean isBegun;
    private boolean isClosed;

    /**
     * Begins.
     *
     * @param source what is to be compressed; owned by this from here on.
     */
    GzipBody(final ByteBuf source)
    {
        this.source = source;
        lengthBytes = source.readableBytes();
    }

    boolean isDone()
    {
        return isBegun && !source.isReadable();
    }

    /**
     * Compresses the next piece; with the last one the end is written.
     *
     * @param allocator makes the buffer.
     * @return what is to be sent; owned by the caller. May be empty, since a piece may be held back for the next.
     */
    ByteBuf next(final ByteBufAllocator allocator)
    {
        final int pieceBytes = Math.min(PIECE_BYTES, source.readableBytes());
        final ByteBuf out = allocator.directBuffer(pieceBytes + HEADER.length + TRAILER_BYTES + 64);
        if (!isBegun)
        {
            isBegun = true;
            out.writeBytes(HEADER);
        }
        final ByteBuffer piece = source.nioBuffer(source.readerIndex(), pieceBytes);
        crc.update(piece.duplicate());
        deflater.setInput(piece);
        source.skipBytes(pieceBytes);
        if (!source.isReadable())
        {
            deflater.finish();
        }
        do
        {
            out.ensureWritable(1024);
            final int written = deflater.deflate(out.nioBuffer(out.writerIndex(), out.writableBytes()));
            out.writerIndex(out.writerIndex() + written);
        }
        while (!deflater.finished() && (!deflater.needsInput() || !source.isReadable()));
        if (!source.isReadable())
        {
            out.writeIntLE((int)crc.getValue());
            out.writeIntLE(lengthBytes);
        }
        return out;
    }

    /** Gives the memory back; harmless twice. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            source.release();
            deflater.end();
        }
    }
}
