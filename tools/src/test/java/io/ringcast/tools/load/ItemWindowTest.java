package io.ringcast.tools.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** In whatever order subscribers read, an item is complete exactly when the last of them has it. */
final class ItemWindowTest
{
    private static final int SUBSCRIBERS = 7;
    private static final int WINDOW = 5;
    private static final int ITEMS = 10_000;

    private int completions;

    @Test
    void shouldCompleteAnItemWhenTheSlowestHasIt()
    {
        final Random random = new Random(1);
        final ItemWindow window = new ItemWindow(WINDOW, SUBSCRIBERS, () -> completions++);
        final long[] read = new long[SUBSCRIBERS];
        while (window.completedItems() < ITEMS)
        {
            final int who = random.nextInt(SUBSCRIBERS);
            if (read[who] < window.completedItems() + WINDOW)
            {
                window.onItem(++read[who]);
            }
            long slowest = Long.MAX_VALUE;
            for (final long each : read)
            {
                slowest = Math.min(slowest, each);
            }
            assertEquals(slowest, window.completedItems());
            assertEquals(slowest, completions);
        }
        assertTrue(completions >= ITEMS);
    }
}
