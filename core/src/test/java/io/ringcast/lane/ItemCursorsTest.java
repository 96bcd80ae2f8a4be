package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ItemCursorsTest
{
    private static final int LANES = 3;

    private final CounterSet counters = new CounterSet();
    private ItemCursors cursors = new ItemCursors(LANES, 1, counters);
    private final ItemHash hash = new ItemHash();

    private boolean say(final int lane, final long item)
    {
        hash.high = item;
        hash.low = ~item;
        return cursors.tryAppend(lane, hash);
    }

    @Test
    void shouldPublishOnceWhatEachLaneSaysOnce()
    {
        assertTrue(say(0, 7));
        assertFalse(say(1, 7));
        assertFalse(say(2, 7));
    }

    @Test
    void shouldPublishTwiceWhatEachLaneSaysTwice()
    {
        assertTrue(say(0, 7));
        assertTrue(say(0, 7));
        assertFalse(say(1, 7));
        assertFalse(say(1, 7));
        assertTrue(say(1, 7));
    }

    @Test
    void shouldHoldAnItemUntilEnoughLanesBringIt()
    {
        cursors = new ItemCursors(LANES, 2, counters);
        assertFalse(say(0, 7));
        assertFalse(say(0, 7));
        assertTrue(say(1, 7));
        assertFalse(say(2, 7));
        assertTrue(say(2, 7));
        assertFalse(say(1, 7));
        assertEquals(2, counters.get(RelayCounter.ITEMS_DUPLICATE));
    }

    @Test
    void shouldConfirmWhatALaneBringsBehindALaterOne()
    {
        cursors = new ItemCursors(LANES, 2, counters);
        assertFalse(say(0, 1));
        assertFalse(say(1, 2));
        assertTrue(say(1, 1));
        assertTrue(say(0, 2));
    }

    @Test
    void shouldCountWhatLeavesTheLogUnconfirmed()
    {
        cursors = new ItemCursors(LANES, 2, counters);
        say(0, -1);
        for (int item = 0; item < 1_024; item++)
        {
            say(0, item);
            say(1, item);
        }

        assertEquals(1, counters.get(RelayCounter.ITEMS_UNCONFIRMED));
    }

    @Test
    void shouldSkipWhatALaneLeavesOut()
    {
        say(0, 1);
        say(0, 2);
        say(0, 3);

        assertFalse(say(1, 1));
        assertFalse(say(1, 3));
        assertTrue(say(1, 4));
        assertFalse(say(0, 4));
    }

    @Test
    void shouldNotTellTheOldAgainGivenALaneThatBeginsAnew()
    {
        for (int item = 0; item < 100; item++)
        {
            say(0, item);
        }
        cursors.onLaneLive(1);

        assertFalse(say(1, 99));
        assertTrue(say(1, 3));
    }

    @Test
    void shouldPublishTheOneStreamWhicheverLaneIsFirst()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            final Random random = new Random(seed);
            final ItemCursors merged = new ItemCursors(LANES, 1, counters);
            final int[] stream = random.ints(200, 0, 5).toArray();
            final int[] said = new int[LANES];
            final List<Integer> output = new ArrayList<>();
            while (output.size() < stream.length)
            {
                final int lane = random.nextInt(LANES);
                if (said[lane] < stream.length)
                {
                    final int item = stream[said[lane]++];
                    hash.high = item;
                    hash.low = 0;
                    if (merged.tryAppend(lane, hash))
                    {
                        output.add(item);
                    }
                }
            }

            for (int i = 0; i < stream.length; i++)
            {
                assertEquals(stream[i], output.get(i), "seed " + seed);
            }
        }
    }
}
