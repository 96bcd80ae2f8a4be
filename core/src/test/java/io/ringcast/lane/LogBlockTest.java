package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Confined to the test's thread. */
class LogBlockTest
{
    private final LogBlock block = new LogBlock();

    @BeforeEach
    void publishTwo()
    {
        block.reset(new long[]{5, 0, 0, 0}, 5);
        insert(2);
        insert(4);
        block.published = 2;
    }

    /** They are told when the chain comes to the block again. */
    @Test
    void shouldNotTellAsRemovedWhatCameAmongThoseThatWereTold()
    {
        insert(0);
        insert(3);
        assertEquals(4, block.published);
        assertFalse(block.isTold((bytes, offset, length) -> true, new int[]{0, 2, 3, 4}, 4));
        assertTrue(block.isTold((bytes, offset, length) -> true, new int[]{2, 4}, 2));
        block.removing = block.published;
        block.published = 0;
        assertTrue(block.tryRemoveLast());
        assertFalse(block.tryRemoveLast());
        insert(1);
        assertTrue(block.tryRemoveLast());
        assertFalse(block.tryRemoveLast());
        assertFalse(block.tryRemoveLast());
        assertEquals(0, block.removing);
    }

    @Test
    void shouldTellAsRemovedWhatWasToldTheSecondTime()
    {
        insert(0);
        for (int time = 0; time < 2; time++)
        {
            block.removing = 3;
            block.published = 0;
            assertTrue(block.tryRemoveLast());
            assertTrue(block.tryRemoveLast());
            assertEquals(time > 0, block.tryRemoveLast());
            assertArrayEquals(new int[]{0, 2, 4}, Arrays.copyOf(block.indexes, block.count));
        }
    }

    private void insert(final int logIndex)
    {
        final int place = -1 - block.find(logIndex);
        block.insert(place, logIndex, new byte[1], 0, 1);
        if (block.isAmidPublished(place))
        {
            block.passOver(place);
        }
    }
}
