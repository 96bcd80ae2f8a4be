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
            assertFalse(blocks.isFullFor(blocks.find(hash(number), number)), "block " + number);
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

        assertFalse(blocks.isFullFor(other));
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
        assertFalse(blocks.isFullFor(first));
    }

    @Test
    void shouldBeFullGivenThatOneBlockTakesAllRoom()
    {
        assertTrue(blocks.isFullFor(fill(1, ROOM_BYTES + 1)));

        assertFalse(blocks.isFullFor(fill(2, 1)), "the newer one is kept in its place");
    }

    /** Whoever makes up blocks takes no room of those that the chain leads through. */
    @Test
    void shouldKeepTheChainGivenThatOthersFillTheRoom()
    {
        fillChain(3);
        final LogBlock madeUp = fill(100, ROOM_BYTES / 4);
        for (int i = 1; !blocks.isFullFor(madeUp); i++)
        {
            blocks.insert(madeUp, i, i, new byte[ROOM_BYTES / 4], 0, ROOM_BYTES / 4);
        }
        for (int number = 101; number <= 110; number++)
        {
            fill(number, ROOM_BYTES / 4);
        }

        for (int number = 1; number <= 3; number++)
        {
            assertTrue(blocks.isOnChain(number, hash(number)), "block " + number);
        }
    }

    @Test
    void shouldHaveRoomForTheChainGivenThatOthersFillIt()
    {
        fillChain(1);
        final LogBlock madeUp = fill(100, ROOM_BYTES);
        assertTrue(blocks.isFullFor(madeUp));

        assertFalse(blocks.isFullFor(blocks.onChain(1)));
        assertNull(blocks.find(hash(100), 100));
    }

    /** Logs may come before their head: they are of a chain that takes all room itself. */
    @Test
    void shouldHaveRoomForABlockThatIsToComeGivenThatTheChainFillsIt()
    {
        fillChain(4);
        final LogBlock next = fill(5, ROOM_BYTES / 4);

        assertFalse(blocks.isFullFor(next));
        assertSame(next, blocks.find(hash(5), 5));
        assertFalse(blocks.isOnChain(1, hash(1)));
    }

    /** Its blocks had nothing to be told as removed, however much was lost of higher ones before. */
    @Test
    void shouldForgetWhatWasLostOfBlocksThatTheChainHasLeft()
    {
        append(1_000);
        fill(1_000, 1).published = 1;
        append(1_001 + LogBlocks.CHAIN_BLOCKS);
        for (int number = 1_001 + LogBlocks.CHAIN_BLOCKS; number >= 10; number--)
        {
            blocks.takeTip(10);
        }
        append(10);
        append(10 + LogBlocks.CHAIN_BLOCKS);
        blocks.takeTip(10 + LogBlocks.CHAIN_BLOCKS);

        assertTrue(blocks.isTipKept());
    }

    private LogBlock fillChain(final int count)
    {
        LogBlock block = null;
        for (int number = 1; number <= count; number++)
        {
            append(number);
            block = fill(number, ROOM_BYTES / 4);
        }
        return block;
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
