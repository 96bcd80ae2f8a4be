package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What slow sockets keep alive is bounded by what the budgets count. */
class KeptBytesTest
{
    private static final int CHUNK_BYTES = 256 * 1024;

    @Test
    void shouldKeepAtMostTwiceWhatIsCountedWhateverIsLeftOfHoweverLargeAChunk()
    {
        for (final int capacity : new int[]{CHUNK_BYTES, CHUNK_BYTES / 2 + 1, 32 * 1024 * 1024})
        {
            for (final int length : new int[]{1, 32 * 1024, capacity / 2 - 1, capacity / 2, capacity / 2 + 1, capacity})
            {
                final ByteBuf chunk = chunk(capacity);
                final ByteBuf kept = of(chunk, capacity - length, length);
                final int keptBytes = chunk.refCnt() > 1 ? capacity : kept.capacity();
                chunk.release();

                assertTrue(keptBytes <= 2 * length, keptBytes + " kept for " + length);
                assertEquals(length, kept.readableBytes());
                assertEquals((byte)(capacity - length), kept.getByte(0));
                assertEquals((byte)(capacity - 1), kept.getByte(length - 1));
                kept.release();
                assertEquals(0, kept.refCnt());
                assertEquals(0, chunk.refCnt());
            }
        }
    }

    /** A client that has each of its answers lie in a chunk of its own, among what others read at once. */
    @Test
    void shouldLetChunksGoOfWhichSlowSocketsHaveYetToTakeALittleOfEach()
    {
        final List<ByteBuf> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++)
        {
            final ByteBuf chunk = chunk(CHUNK_BYTES);
            kept.add(of(chunk, 0, 40 * 1024));
            chunk.release();
            assertEquals(0, chunk.refCnt());
        }
        assertEquals(100 * 40 * 1024, kept.stream().mapToInt(ByteBuf::capacity).sum());
        kept.forEach(ByteBuf::release);
    }

    @Test
    void shouldShareAChunkAmongThoseWhoHaveYetToTakeMostOfIt()
    {
        final ByteBuf chunk = chunk(CHUNK_BYTES);
        final ByteBuf alice = of(chunk, 0, CHUNK_BYTES / 2);
        final ByteBuf bob = of(chunk, 1, CHUNK_BYTES / 2);
        chunk.release();

        assertEquals(2, chunk.refCnt());
        alice.release();
        bob.release();
        assertEquals(0, chunk.refCnt());
    }

    private static ByteBuf of(final ByteBuf chunk, final int offset, final int length)
    {
        return KeptBytes.of(UnpooledByteBufAllocator.DEFAULT, chunk, offset, length);
    }

    private static ByteBuf chunk(final int capacity)
    {
        final ByteBuf chunk = Unpooled.directBuffer(capacity, capacity);
        for (int i = 0; i < capacity; i++)
        {
            chunk.setByte(i, i);
        }
        return chunk;
    }
}
