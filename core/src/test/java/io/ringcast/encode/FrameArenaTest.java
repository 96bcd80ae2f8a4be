package io.ringcast.encode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

/** When bytes of a chunk may be written again, and when they may not. */
final class FrameArenaTest
{
    private static final int FRAME_BYTES = 100;

    private long passedSequence = -1;
    private Runnable onPassedRead = () -> { };
    private final FrameArena arena = new FrameArena(UnpooledByteBufAllocator.DEFAULT, () ->
    {
        onPassedRead.run();
        return passedSequence;
    });

    @AfterEach
    void close()
    {
        arena.close();
    }

    @Test
    void shouldUseTheSameBytesAgainWhenEveryLoopHasPassedThem()
    {
        final ByteBuf first = arena.take(FRAME_BYTES, 0);
        passedSequence = 0;

        final ByteBuf second = arena.take(FRAME_BYTES, 1);

        assertSame(first, second);
        assertEquals(0, arena.takenOffset());
    }

    @Test
    void shouldNotTouchBytesThatALoopHasYetToPass()
    {
        arena.take(FRAME_BYTES, 0);

        arena.take(FRAME_BYTES, 1);

        assertEquals(FRAME_BYTES, arena.takenOffset());
    }

    /** The loop retains the chunk and passes the slot just between the arena's two looks. */
    @Test
    void shouldNotTouchBytesWhenALoopRetainsThemWhileItPasses()
    {
        final ByteBuf chunk = arena.take(FRAME_BYTES, 0);
        onPassedRead = () ->
        {
            if (chunk.refCnt() == 1)
            {
                chunk.retain();
                passedSequence = 0;
            }
        };

        arena.take(FRAME_BYTES, 1);

        assertNotEquals(0, arena.takenOffset());
        chunk.release();
    }
}
