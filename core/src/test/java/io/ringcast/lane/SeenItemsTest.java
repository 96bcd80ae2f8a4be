package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenItemsTest
{
    @Test
    void shouldKnowWhatWasAdded()
    {
        final SeenItems seen = new SeenItems(4);

        assertTrue(seen.add(1, 2));
        assertFalse(seen.add(1, 2));
        assertTrue(seen.add(2, 1));
        assertTrue(seen.add(1, 1));
    }

    @Test
    void shouldForgetTheOldestGivenMoreThanItRemembers()
    {
        final SeenItems seen = new SeenItems(2);
        seen.add(1, 0);
        seen.add(2, 0);
        seen.add(3, 0);

        assertFalse(seen.add(2, 0));
        assertFalse(seen.add(3, 0));
        assertTrue(seen.add(1, 0));
    }

    /** A small range of hashes, so that many share their place in the table and forgetting has to move others. */
    @Test
    void shouldAgreeWithASetAndAQueueWhateverComes()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            final int capacity = 1 << random.nextInt(7);
            final SeenItems seen = new SeenItems(capacity);
            final Set<Long> known = new HashSet<>();
            final ArrayDeque<Long> order = new ArrayDeque<>();
            for (int i = 0; i < 2_000; i++)
            {
                final long item = random.nextInt(capacity * 3);
                final boolean isNew = known.add(item);
                if (isNew)
                {
                    order.add(item);
                }
                if (order.size() > capacity)
                {
                    known.remove(order.poll());
                }

                assertEquals(isNew, seen.add(item >> 1, item & 1), "seed " + seed + ", item " + i);
            }
        }
    }
}
