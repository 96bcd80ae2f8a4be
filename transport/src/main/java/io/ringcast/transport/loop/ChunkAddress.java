package io.ringcast.transport.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;

import java.nio.ByteBuffer;

/**
 * The memory address of the chunk that was asked for last.
 * Confined to its I/O loop.
 *
 * <p>A fan-out writes the same chunk to many sockets. Where Netty runs without Unsafe (JDK 25), asking for an address
 * is a call into native code, so it is done once per chunk. Chunks are not pooled: the same object is the same memory.
 */
public final class ChunkAddress
{
    private ByteBuf chunk;
    private long address;

    public long of(final ByteBuf requested)
    {
        if (requested != chunk)
        {
            chunk = requested;
            if (requested.hasMemoryAddress())
            {
                address = requested.memoryAddress();
            }
            else
            {
                final ByteBuffer memory = requested.internalNioBuffer(0, requested.capacity());
                address = Buffer.memoryAddress(memory) + memory.position();
            }
        }
        return address;
    }
}
