package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import org.junit.jupiter.api.Test;

/** The bounds of what a feed of logs keeps. Confined to the test's thread. */
class LogBlocksTest
{
    private static final int ROOM_BYTES = 16_384;
    private static final int MOST_BLOCKS = 512;

    private final LogBlocks blocks = blocks(ROOM_BYTES);

    /** Blocks of a feed that tells nobody of gaps, in a relay whose slots are read at once. */
    static LogBlocks blocks(final long roomBytes)
    {
        final CounterSet counters = new CounterSet();
        final LogSink sink = new LogSink()
        {
            @Override
            public void onLog(
                final long blockNumber, final long hashStart, final int logIndex, final boolean isRemoved,
                final byte[] bytes, final int offset, final int length)
            {
                throw new AssertionError("nothing is published");
            }

            @Override
            public long fetch(final int laneIndex, final String call)
            {
                throw new AssertionError("nothing is fetched");
            }
        };
        return new LogBlocks(
            new LaneRules(2, 1, 1, 256, 1_000, roomBytes, 1, 1, 8), () -> 0, counters, new LogGaps(counters, sink));
    }

    @Test
    void shouldHaveRoomAgainGivenThatBlocksWentThatWereNeverToldOf()
    {
        for (int number = 1; number <= 20; number++)
        {
            fill(number, ROOM_BYTES / 4);
            assertFalse(blocks.isFull(), "block " + number);
        }

        assertNull(blocks.find(hash(16), 16));
        assertNotNull(blocks.find(hash(17), 17));
    }

    @Test
    void shouldUseRoomThatBlocksHadWhichWereTooOld()
    {
        fill(1, ROOM_BYTES / 2);
        fill(2, ROOM_BYTES / 2);
        append(3);
        append(3 + LogBlocks.CHAIN_BLOCKS);
        assertNull(blocks.find(hash(2), 2));
        final LogBlock other = fill(1_000, ROOM_BYTES / 4);
        fill(1_001, ROOM_BYTES / 2);

        assertFalse(blocks.isFull());
        assertSame(other, blocks.find(hash(1_000), 1_000));
    }

    @Test
    void shouldKeepTheBlockThatALogIsPutInto()
    {
        final LogBlock first = fill(1, ROOM_BYTES / 4);
        fill(2, ROOM_BYTES / 2);
        blocks.insert(first, 1, 1, new byte[ROOM_BYTES / 2], 0, ROOM_BYTES / 2);

        assertSame(first, blocks.find(hash(1), 1));
        assertNull(blocks.find(hash(2), 2));
        assertFalse(blocks.isFull());
    }

    @Test
    void shouldBeFullGivenThatOneBlockTakesAllRoom()
    {
        fill(1, ROOM_BYTES + 1);
        assertTrue(blocks.isFull());
        fill(2, 1);

        assertFalse(blocks.isFull(), "the newer one is kept in its place");
    }

    @Test
    void shouldKeepNoMoreBlocksBesideTheNewestOfTheChain()
    {
        append(1);
        for (int number = 2; number <= 2 * MOST_BLOCKS; number++)
        {
            blocks.get(hash(number), number);
        }
        int kept = 0;
        for (int number = 1; number <= 2 * MOST_BLOCKS; number++)
        {
            kept += blocks.find(hash(number), number) != null ? 1 : 0;
        }

        assertEquals(MOST_BLOCKS, kept);
        assertTrue(blocks.isOnChain(1, hash(1)));
    }

    private LogBlock fill(final int number, final int lengthBytes)
    {
        final LogBlock block = blocks.get(hash(number), number);
        blocks.insert(block, 0, 0, new byte[lengthBytes], 0, lengthBytes);
        return block;
    }

    private void append(final int number)
    {
        blocks.append(blocks.get(hash(number), number));
    }

    private static long[] hash(final int number)
    {
        return new long[]{number, 0, 0, 0};
    }
}
