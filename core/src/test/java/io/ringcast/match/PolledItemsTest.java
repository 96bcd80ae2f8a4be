package io.ringcast.match;

import io.ringcast.config.LimitsConfig;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What waits for polls is bounded, by topic and together. */
class PolledItemsTest
{
    private static final int TEXT_BYTES = 1_000;
    private static final String TEXT = '"' + "x".repeat(TEXT_BYTES - 2) + '"';

    private final CounterSet counters = new CounterSet();

    @Test
    void shouldKeepAnItemUntilTheLastFilterWasTold()
    {
        final PolledItems items = new PolledItems(Feed.Kind.PENDING, budget(100, 1_000_000, 1_000_000), counters);
        final PolledFilter first = begin(items);
        add(items, "1");
        final PolledFilter second = begin(items);
        add(items, "2");

        assertEquals("[1,2]", poll(items, first));
        assertTrue(items.lengthBytes() > 0);
        assertEquals("[2]", poll(items, second));
        assertEquals(0, items.lengthBytes());
        assertEquals("[]", poll(items, first));
    }

    @Test
    void shouldLetItemsGoWhenTheFilterFarthestBehindEnds()
    {
        final PolledItems items = new PolledItems(Feed.Kind.PENDING, budget(100, 1_000_000, 1_000_000), counters);
        final PolledFilter behind = begin(items);
        for (int i = 0; i < 50; i++)
        {
            add(items, TEXT);
        }
        final PolledFilter ahead = begin(items);
        add(items, "1");

        items.end(behind);

        assertTrue(items.lengthBytes() < TEXT_BYTES);
        assertEquals("[1]", poll(items, ahead));
        assertEquals(0, counters.get(RelayCounter.FILTERS_OVERRUN));
    }

    @Test
    void shouldOverrunAllWhenOneItemIsMoreThanMayBeKept()
    {
        final PolledItems items = new PolledItems(Feed.Kind.PENDING, budget(100, 1_024, 1_000_000), counters);
        final PolledFilter first = begin(items);
        final PolledFilter second = begin(items);

        add(items, TEXT);

        assertTrue(items.isOverrun(first) && items.isOverrun(second));
        assertEquals(2, counters.get(RelayCounter.FILTERS_OVERRUN));
        assertEquals(0, items.lengthBytes());
        final PolledFilter third = begin(items);
        items.end(first);
        items.end(second);
        add(items, "3");
        assertEquals("[3]", poll(items, third));
        assertEquals(1, items.filterCount());
    }

    @Test
    void shouldTakeFromTheTopicThatHoldsMostWhenAllTogetherHoldTooMuch()
    {
        final PolledBudget budget = budget(100, 1_000_000, 20 * TEXT_BYTES);
        final PolledItems large = new PolledItems(Feed.Kind.PENDING, budget, counters);
        final PolledItems small = new PolledItems(Feed.Kind.PENDING, budget, counters);
        budget.enter(small);
        budget.enter(large);
        final PolledFilter slow = begin(large);
        for (int i = 0; i < 10; i++)
        {
            add(large, TEXT);
        }
        final PolledFilter fast = begin(large);
        final PolledFilter other = begin(small);
        for (int i = 0; i < 12; i++)
        {
            add(i < 9 ? large : small, TEXT);
        }

        assertTrue(large.isOverrun(slow));
        assertFalse(large.isOverrun(fast));
        assertFalse(small.isOverrun(other));
        assertEquals(1, counters.get(RelayCounter.FILTERS_OVERRUN));
        assertEquals(2 + 9 * TEXT_BYTES + 8, poll(large, fast).length());
        assertEquals(2 + 3 * TEXT_BYTES + 2, poll(small, other).length());
        budget.leave(small);
        budget.leave(large);
    }

    private PolledBudget budget(final int items, final long bytes, final long bytesTogether)
    {
        return new PolledBudget(
            LimitsConfig.builder().polledItems(items).polledBytes(Math.max(1_024, bytes))
                .polledBytesTogether(bytesTogether).build(), counters);
    }

    private static PolledFilter begin(final PolledItems items)
    {
        final PolledFilter filter = new PolledFilter(1, 1, 1, null, null, new FilterRequest(null));
        items.begin(filter);
        return filter;
    }

    private static void add(final PolledItems items, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        items.add(bytes, 0, bytes.length);
    }

    private static String poll(final PolledItems items, final PolledFilter filter)
    {
        return new String(items.poll(filter), StandardCharsets.US_ASCII);
    }
}
