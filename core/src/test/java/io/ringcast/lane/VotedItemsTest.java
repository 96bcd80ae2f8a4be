package io.ringcast.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VotedItemsTest
{
    private static final int CAPACITY = 64;

    private final CounterSet counters = new CounterSet();

    /** The law: an item goes out with the lane that makes it enough, and once, whoever brings it how often. */
    @Test
    void shouldConfirmWithTheLaneThatMakesItEnough()
    {
        for (long seed = 0; seed < 500; seed++)
        {
            final Random random = new Random(seed);
            final int quorum = 1 + random.nextInt(4);
            final VotedItems items = new VotedItems(CAPACITY, quorum, counters);
            final Map<Long, Set<Integer>> said = new HashMap<>();
            for (int i = 0; i < 1_000; i++)
            {
                final long item = random.nextInt(CAPACITY);
                final int lane = random.nextInt(5);
                final Set<Integer> lanes = said.computeIfAbsent(item, key -> new HashSet<>());
                final boolean isEnough = lanes.add(lane) && lanes.size() == quorum;

                assertEquals(isEnough, items.tryConfirm(item, ~item, lane), "seed " + seed + " step " + i);
            }
        }
        assertEquals(0, counters.get(RelayCounter.ITEMS_UNCONFIRMED));
    }

    @Test
    void shouldForgetTheOldestAndCountItGivenThatTooFewBroughtIt()
    {
        final VotedItems items = new VotedItems(CAPACITY, 2, counters);
        items.tryConfirm(0, 0, 0);
        for (long item = 1; item < CAPACITY; item++)
        {
            items.tryConfirm(item, item, 0);
            assertEquals(true, items.tryConfirm(item, item, 1));
        }
        items.tryConfirm(1_000, 1_000, 0);
        assertEquals(1, counters.get(RelayCounter.ITEMS_UNCONFIRMED));

        assertEquals(false, items.tryConfirm(0, 0, 1));
        assertEquals(1, counters.get(RelayCounter.ITEMS_UNCONFIRMED));
        assertEquals(true, items.tryConfirm(0, 0, 0));
    }
}
