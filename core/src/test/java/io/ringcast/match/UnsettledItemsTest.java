package io.ringcast.match;

import org.agrona.collections.LongArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a client that comes back has taken back of what was published to it: only what the chain may leave, or has. */
class UnsettledItemsTest
{
    private static final byte[] LOG = {'{', '}'};
    private static final int KEPT_ITEMS = 4_096;

    private record Log(long blockNumber, long hashStart, boolean isRemoved)
    {
    }

    private final HistoryBudget budget = new HistoryBudget(16 << 20);
    private final TopicState topic = ConflationLawTest.topic("eth_subscribe[\"logs\",{}]", true, budget);
    private final List<Log> said = new ArrayList<>();

    private void say(final long blockNumber, final long hashStart, final boolean isRemoved)
    {
        topic.feed.history.append(LOG, 0, LOG.length, 0, 0, blockNumber, hashStart, FeedHistory.place(0, isRemoved));
        topic.group.history.append();
        said.add(new Log(blockNumber, hashStart, isRemoved));
    }

    private LongArrayList find(final long from, final long to, final long settledNumber)
    {
        return UnsettledItems.between(topic, from, to, settledNumber);
    }

    private static LongArrayList numbers(final long... numbers)
    {
        return new LongArrayList(numbers, numbers.length, LongArrayList.DEFAULT_NULL_VALUE);
    }

    @Test
    void shouldFindOnlyTheNewestBlocksOfAllThatWasPublishedForHours()
    {
        for (int number = 1; number <= 4_000; number++)
        {
            say(number, number * 31L, false);
        }

        final LongArrayList found = find(1, 4_001, 4_000 - HistoryReader.TAIL_BLOCKS);

        assertEquals(HistoryReader.TAIL_BLOCKS, found.size());
        assertEquals(4_000 - HistoryReader.TAIL_BLOCKS + 1, found.getLong(0));
    }

    /** It may have had the log and not the removal, which was published when it had gone. */
    @Test
    void shouldFindWhatTheChainHasLeftHoweverDeepItLies()
    {
        say(1, 10, false);
        say(2, 20, false);
        final long to = topic.group.history.next();
        say(2, 20, true);
        say(2, 21, false);

        assertEquals(numbers(2), find(1, to, 1_000));
        assertEquals(numbers(2), find(1, topic.group.history.next(), 1_000));
        assertEquals(numbers(), find(1, 2, 1_000));
    }

    @Test
    void shouldLeaveABlockThatTheChainHasComeBackTo()
    {
        say(1, 10, false);
        say(2, 20, false);
        say(2, 20, true);
        say(2, 20, false);
        say(3, 30, false);

        assertEquals(numbers(), find(1, 6, 1_000));
        assertEquals(numbers(2, 4, 5), find(1, 6, 1));
    }

    @Test
    void shouldFindNothingGivenThatNothingIsKeptOrWasPublished()
    {
        say(1, 10, false);

        assertEquals(numbers(), find(Long.MAX_VALUE, 0, 0));
        assertEquals(numbers(), find(2, 5, 0));
        assertEquals(numbers(1), find(0, 5, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldFindWhatASearchOfAllThatWasSaidFinds(final long seed)
    {
        final Random random = new Random(seed);
        final List<Log> chain = new ArrayList<>();
        for (int i = 0; i < 2_000; i++)
        {
            if (!chain.isEmpty() && random.nextInt(3) == 0)
            {
                final Log gone = chain.remove(chain.size() - 1);
                say(gone.blockNumber, gone.hashStart, true);
                continue;
            }
            say(chain.size(), chain.size() * 100L + random.nextInt(3), false);
            chain.add(said.get(said.size() - 1));
        }
        assertTrue(said.size() <= KEPT_ITEMS);
        final long settledNumber = chain.size() / 2;
        final long from = 1 + random.nextInt(1_000);
        final long to = from + random.nextInt(1_000);

        final LongArrayList wanted = new LongArrayList();
        for (long number = from; number < to; number++)
        {
            final Log log = said.get((int)number - 1);
            if (!log.isRemoved && (log.blockNumber > settledNumber || !chain.contains(log)))
            {
                wanted.addLong(number);
            }
        }
        assertEquals(wanted, find(from, to, settledNumber), () -> "seed " + seed);
    }

    /** One walk over what was told, however many items there are. */
    @Test
    void shouldLookAtEachRunOfWhatWasToldOnce()
    {
        final ToldItems items = new ToldItems(budget.told());
        for (int step = 0; step < 3_000; step++)
        {
            items.add(step, 10L + 2L * step, 0, 1);
        }
        items.addNone(3_000);
        final long before = items.looks();

        assertEquals(2_950, items.told(109, 6_100).cardinality());
        assertTrue(items.told(109, 6_100).get(1) && !items.told(109, 6_100).get(0));
        assertTrue(items.looks() - before <= 3 * 3_001, () -> items.looks() - before + " looks");
    }
}
