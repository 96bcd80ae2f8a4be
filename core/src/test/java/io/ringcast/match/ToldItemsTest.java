package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is kept of the items that were told is what a list of all of them says of the last ones. */
class ToldItemsTest
{
    private record Item(long step, long sequence, int index, int total)
    {
    }

    private final FairShare shared = new FairShare(1 << 20, new CounterSet(), RelayCounter.INDEXES_GIVEN_UP_BYTES);

    @ParameterizedTest
    @ValueSource(ints = {40, 3_000, 20_000})
    void shouldTellOfTheLastItemsWhatAListOfAllTells(final int steps)
    {
        final Random random = new Random(steps);
        final ToldItems items = new ToldItems(shared);
        final List<Item> all = new ArrayList<>();
        long sequence = 1;
        for (long step = 0; step < steps; step++)
        {
            final int total = random.nextInt(4);
            for (int index = 0; index < total; index++)
            {
                // Mostly the next one; some are told before those with lower numbers.
                sequence += random.nextInt(5) > 0 ? 1 : 1 + random.nextInt(3);
                final Item item = new Item(step, sequence + (random.nextInt(7) == 0 ? 100_000L : 0), index, total);
                items.add(item.step, item.sequence, index, total);
                all.add(item);
            }
        }

        assertEquals(all.size(), items.next());
        assertTrue(steps > 1_000 || items.oldest() == 0, "all of a few are kept");
        assertTrue(items.next() - items.oldest() >= Math.min(all.size(), ToldItems.LIMIT_RUNS), "too few are kept");
        for (long place = items.oldest(); place < items.next(); place++)
        {
            final Item item = all.get((int)place);
            assertEquals(item, new Item(
                items.step(place), items.sequence(place), items.index(place), items.total(place)));
        }
        for (int i = 0; i < 200; i++)
        {
            checkFinds(items, all, random);
        }
        items.release();
        assertEquals(0, shared.usedBytes());
        assertEquals(items.next(), items.oldest());
    }

    private static void checkFinds(final ToldItems items, final List<Item> all, final Random random)
    {
        final int kept = (int)items.oldest();
        final int from = kept + random.nextInt(all.size() - kept);
        final long wanted = all.get(kept + random.nextInt(all.size() - kept)).sequence;
        long behind = ToldItems.NOT_FOUND;
        for (int place = all.size() - 1; place >= from; place--)
        {
            behind = all.get(place).sequence == wanted ? place + 1 : behind;
        }
        assertEquals(behind, items.behind(wanted, from));

        final long fromStep = all.get(from).step + random.nextInt(2);
        final long beforeStep = fromStep + random.nextInt(3);
        assertEquals(all.subList(kept, all.size()).stream().anyMatch(
            item -> item.step >= fromStep && item.step < beforeStep), items.hasAny(fromStep, beforeStep));

        final long oldestStep = random.nextBoolean() ? 0 : all.get(kept + random.nextInt(all.size() - kept)).step;
        int whole = all.size();
        int part = all.size();
        for (int place = all.size() - 1; place >= kept && all.get(place).sequence >= wanted &&
            all.get(place).step >= oldestStep; place--)
        {
            part = place;
            whole = all.get(place).index == 0 ? place : whole;
        }
        // Of a run whose first item is gone the others count as gone.
        final long oldestWhole = items.oldestWhole(wanted, oldestStep);
        assertTrue(items.oldestKept(wanted, oldestStep) >= part, "what is gone counts as kept");
        assertTrue(oldestWhole >= whole, "a step that is not whole counts as whole");
        assertTrue(oldestWhole == all.size() || all.get((int)oldestWhole).index == 0);
    }

    @Test
    void shouldKnowAStepOfWhichNothingCouldBeTold()
    {
        final ToldItems items = new ToldItems(shared);
        items.add(1, 10, 0, 1);
        items.addNone(2);
        items.addNone(3);
        items.add(5, 40, 7, 9);
        items.add(5, 41, 8, 9);

        assertEquals(3, items.next());
        assertEquals(List.of(1L, 5L, 5L), List.of(items.step(0), items.step(1), items.step(2)));
        assertEquals(List.of(0, 7, 8), List.of(items.index(0), items.index(1), items.index(2)));
        assertTrue(items.isOf(2) && items.isOf(3) && !items.isOf(4) && items.isOf(5));
        assertFalse(items.hasAny(2, 5), "nothing was told");
        assertEquals(0, items.oldestKept(1, 0));
    }

    /** Whoever is told of each of thousands of steps asks of each whether it had items. */
    @Test
    void shouldLookAtFewRunsForEachStep()
    {
        final ToldItems items = new ToldItems(shared);
        for (int step = 0; step < ToldItems.LIMIT_RUNS; step++)
        {
            items.add(step, 10L * step, 0, 1);
        }
        for (int step = 0; step < ToldItems.LIMIT_RUNS; step++)
        {
            assertTrue(items.isOf(step) && items.hasAny(step, step + 2));
        }
        assertTrue(items.looks() < 30 * ToldItems.LIMIT_RUNS, () -> items.looks() + " looks");

        final long before = items.looks();
        assertEquals(ToldItems.LIMIT_RUNS, items.behind(10L * ToldItems.LIMIT_RUNS - 10, ToldItems.LIMIT_RUNS - 5));
        assertTrue(items.looks() - before <= 5, "what was told before where it began is not looked at");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 400, 2_000})
    void shouldKeepAsMuchAsThereIsRoomFor(final int limitBytes)
    {
        final ToldItems items = new ToldItems(
            new FairShare(limitBytes, new CounterSet(), RelayCounter.BLOCKS_GIVEN_UP_BYTES));
        for (int step = 0; step < 100; step++)
        {
            items.add(step, 10 * step, 0, 1);
        }

        assertEquals(100, items.next());
        assertEquals(limitBytes == 0 ? 100 : limitBytes == 400 ? 92 : 68, items.oldest());
        assertEquals(limitBytes == 0, items.behind(990, 0) == ToldItems.NOT_FOUND);
        assertEquals(items.oldest(), items.knownFrom(), "each step had one item");
    }
}
