package io.ringcast.pipeline;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * An allocator that counts what is out, and has nothing to give when the test says so.
 * Confined to the test's thread, or in the modes with pipeline threads to theirs.
 */
final class FakeAllocator extends AbstractByteBufAllocator
{
    volatile boolean isExhausted;

    private final UnpooledByteBufAllocator source = new UnpooledByteBufAllocator(true, true);

    FakeAllocator()
    {
        super(true);
    }

    long usedDirectMemory()
    {
        return source.metric().usedDirectMemory();
    }

    @Override
    public boolean isDirectBufferPooled()
    {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(final int initialCapacity, final int maxCapacity)
    {
        return source.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(final int initialCapacity, final int maxCapacity)
    {
        if (isExhausted)
        {
            throw new IllegalStateException("no memory, says the test");
        }
        return source.directBuffer(initialCapacity, maxCapacity);
    }
}
