package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Bytes of a chunk that have to outlast their slot: what a socket has yet to take.
 * Any thread.
 */
final class KeptBytes
{
    private KeptBytes()
    {
    }

    /**
     * Takes a range over, as a reference if it is half of its chunk or more, and else as a copy. A reference keeps the
     * whole chunk alive; so whatever the budgets count, at most twice as much is kept.
     *
     * @param allocator for a copy.
     * @param chunk     borrowed; its capacity is what a reference to it costs.
     * @param offset    where the range begins.
     * @param length    its length, in bytes.
     * @return the range; owned by the caller.
     */
    static ByteBuf of(final ByteBufAllocator allocator, final ByteBuf chunk, final int offset, final int length)
    {
        return length < chunk.capacity() - length ?
            allocator.directBuffer(length).writeBytes(chunk, offset, length) :
            chunk.retainedSlice(offset, length);
    }
}
