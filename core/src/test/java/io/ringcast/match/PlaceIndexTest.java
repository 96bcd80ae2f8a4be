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

/** Items are found by their places as if all were looked through. */
class PlaceIndexTest
{
    private static final int LIMIT_ITEMS = 128;

    private record Item(long position, long number, long hash, int index, boolean isRemoved)
    {
        boolean isAt(final Item other)
        {
            return number == other.number && hash == other.hash && index == other.index;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldFindWhatALookAtAllWouldGivenItemsThatComeGoAndComeAgain(final long seed)
    {
        final Random random = new Random(seed);
        final FeedHistory feed = feed(1L << 32 - random.nextInt(2));
        final List<Item> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++)
        {
            final Item item = new Item(
                feed.next(), random.nextInt(12), random.nextInt(3), random.nextInt(3), random.nextInt(3) == 0);
            final boolean hasPlace = random.nextInt(10) > 0;
            feed.append(new byte[8], 0, 8, i, i, item.number, item.hash,
                hasPlace ? FeedHistory.place(item.index, item.isRemoved) : -1);
            if (hasPlace)
            {
                all.add(item);
            }
            if (random.nextInt(500) == 0)
            {
                feed.clear();
            }
            all.removeIf(one -> one.position < feed.oldest());
            check(feed, all, new Item(0, random.nextInt(12), random.nextInt(3), random.nextInt(3), false));
        }
    }

    private static void check(final FeedHistory feed, final List<Item> all, final Item wanted)
    {
        assertEquals(all.stream().filter(one -> !one.isRemoved && one.isAt(wanted)).mapToLong(Item::position)
            .findFirst().orElse(-1), feed.find(wanted.number, wanted.hash, wanted.index));
        if (all.isEmpty() || !all.get(all.size() - 1).isRemoved)
        {
            return;
        }
        final Item removal = all.get(all.size() - 1);
        final long[] originals = all.stream().filter(one -> !one.isRemoved && one.isAt(removal))
            .mapToLong(Item::position).toArray();
        long found = removal.position;
        for (int i = originals.length - 1; i >= -1; i--)
        {
            found = feed.originalBefore(found, removal.position);
            assertEquals(i < 0 ? -1 : originals[i], found);
            if (found < 0)
            {
                return;
            }
        }
    }

    @Test
    void shouldFindNothingWhereNothingIsKept()
    {
        final FeedHistory feed = feed(0);
        assertEquals(-1, feed.find(1, 2, 3));
        feed.append(new byte[8], 0, 8, 1, 1, 1, 2, FeedHistory.place(3, false));
        assertEquals(0, feed.find(1, 2, 3));
        feed.clear();
        assertEquals(-1, feed.find(1, 2, 3));
    }

    private static FeedHistory feed(final long firstPosition)
    {
        return new FeedHistory(
            new FairShare(1 << 20, new CounterSet(), RelayCounter.FEEDS_GIVEN_UP_BYTES), 1 << 20, LIMIT_ITEMS,
            () -> 0, 1, firstPosition);
    }
}
