package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Feeds and filters that want more than there is: nobody below its share is refused while somebody is above, and what
 * is said to be kept is there. The oracle keeps all.
 */
class FairShareTest
{
    private static final int LIMIT_ITEMS = 4_096;

    /** A feed, all that it was given, and the filters on it with all that they took. */
    private static final class Tested
    {
        private final FeedHistory history;
        private final List<byte[]> all = new ArrayList<>();
        private final List<TopicHistory> filters = new ArrayList<>();
        private final List<List<Integer>> taken = new ArrayList<>();
        private int usualLength = 20;

        Tested(final HistoryBudget budget, final FairShare shared)
        {
            history = new FeedHistory(shared, budget.feedLimitBytes(), LIMIT_ITEMS, () -> 0, 1, 0);
        }

        void addFilter(final HistoryBudget budget)
        {
            filters.add(new TopicHistory(history, budget.indexes(), LIMIT_ITEMS, false, 0));
            taken.add(new ArrayList<>());
        }

        void append(final Random random)
        {
            final byte[] item = new byte[1 + random.nextInt(2 * usualLength)];
            random.nextBytes(item);
            history.append(item, 0, item.length, 0);
            all.add(item);
            for (int i = 0; i < filters.size(); i++)
            {
                // The first ones take all.
                if (random.nextInt(1 + i % 5) == 0)
                {
                    filters.get(i).append();
                    taken.get(i).add(all.size() - 1);
                }
            }
        }

        void check()
        {
            assertEquals(all.size(), history.next());
            for (long position = history.oldest(); position < history.next(); position++)
            {
                final int offset = history.offset(position);
                assertArrayEquals(all.get((int)position), Arrays.copyOfRange(
                    history.bytes(position), offset, offset + history.length(position)));
            }
            for (int i = 0; i < filters.size(); i++)
            {
                check(filters.get(i), taken.get(i));
            }
        }

        private void check(final TopicHistory filter, final List<Integer> wanted)
        {
            assertEquals(wanted.size(), filter.next());
            for (long sequence = filter.oldest(); sequence < filter.next(); sequence++)
            {
                assertEquals((int)wanted.get((int)sequence), filter.position(sequence));
            }
            final long from = filter.coveredFrom();
            assertEquals(wanted.stream().filter(position -> position >= from).count(),
                filter.next() - filter.sequenceFrom(from), "what is covered is known");
        }
    }

    private final List<Tested> feeds = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldRefuseNobodyBelowItsShareWhileAnybodyIsAboveIt(final long seed)
    {
        final Random random = new Random(seed);
        final HistoryBudget budget = new HistoryBudget(1 << 14 + random.nextInt(6));
        for (int step = 0; step < 12_000; step++)
        {
            final int dice = random.nextInt(2_000);
            if (feeds.isEmpty() || dice < 8)
            {
                feeds.add(new Tested(budget, random.nextBoolean() ? budget.chainFeeds() : budget.namedFeeds()));
                feeds.get(feeds.size() - 1).usualLength = 1 + random.nextInt(random.nextBoolean() ? 40 : 900);
            }
            else if (dice < 40)
            {
                feeds.get(random.nextInt(feeds.size())).addFilter(budget);
            }
            else if (dice < 44)
            {
                final Tested over = feeds.remove(random.nextInt(feeds.size()));
                over.history.clear();
                over.filters.forEach(TopicHistory::release);
                continue;
            }
            // The first feeds are the busiest.
            final Tested feed = feeds.get((int)(feeds.size() * Math.pow(random.nextDouble(), 3)));
            final Refused refused = new Refused(feed.history, budget);
            feed.append(random);
            refused.check();
            if (step % 100 == 0)
            {
                feeds.forEach(Tested::check);
                checkBounds(budget);
            }
        }
        feeds.forEach(tested ->
        {
            tested.history.clear();
            tested.filters.forEach(TopicHistory::release);
        });
        assertEquals(0, budget.usedBytes());
    }

    /** What a feed dropped of its own: only who has about its share has to. */
    private final class Refused
    {
        private final FeedHistory history;
        private final HistoryBudget budget;
        private final long oldest;

        Refused(final FeedHistory history, final HistoryBudget budget)
        {
            this.history = history;
            this.budget = budget;
            oldest = history.oldest();
        }

        void check()
        {
            if (history.oldest() == oldest || history.next() - history.oldest() == LIMIT_ITEMS)
            {
                return;
            }
            for (final FairShare shared : List.of(budget.chainFeeds(), budget.namedFeeds()))
            {
                final List<FeedHistory> sharing = feeds.stream().map(feed -> feed.history)
                    .filter(feed -> feed.takenBytes() > 0 && feed.isOf(shared)).toList();
                final long share = shared.limitBytes() / Math.max(1, sharing.size());
                // It had no room for a segment or for twice the entries: so it had half of its share at least.
                assertTrue(!sharing.contains(history) || history.takenBytes() * 3 >= share - 4_096 ||
                    sharing.stream().noneMatch(other -> other != history && other.takenBytes() > share),
                    () -> history + " of " + share + " beside " + sharing);
            }
        }
    }

    private static void checkBounds(final HistoryBudget budget)
    {
        for (final FairShare shared : List.of(budget.chainFeeds(), budget.namedFeeds(), budget.indexes()))
        {
            assertTrue(shared.usedBytes() <= shared.limitBytes(), shared::toString);
        }
    }

    /** The addresses of one connection, or the scale that one relay is to serve. */
    @ParameterizedTest
    @ValueSource(ints = {1_024, 100_000})
    void shouldLeaveOthersAHistoryGivenFiltersThatAllMatchABusyEvent(final int filters)
    {
        final HistoryBudget budget = new HistoryBudget(64 * 1024 * 1024);
        final Random random = new Random(1);
        final Tested logs = new Tested(budget, budget.chainFeeds());
        final TopicHistory[] topics = new TopicHistory[filters];
        Arrays.setAll(topics, i -> new TopicHistory(logs.history, budget.indexes(), 65_536, false, 0));
        final byte[] log = new byte[500];
        for (int i = 0; i < 5_000_000 / filters; i++)
        {
            logs.history.append(log, 0, log.length, 0);
            for (final TopicHistory topic : topics)
            {
                topic.append();
            }
        }

        final Tested heads = new Tested(budget, budget.chainFeeds());
        heads.usualLength = 900;
        heads.addFilter(budget);
        for (int i = 0; i < 1_000; i++)
        {
            heads.append(random);
        }
        heads.check();
        assertTrue(heads.history.oldest() == 0, heads.history::toString);
        assertTrue(heads.filters.get(0).oldest() <= 1_000 - 16, "a new filter has its share");
        final int each = Math.min(5_000_000 / filters, filters == 1_024 ? 2_048 : 32);
        for (final TopicHistory topic : topics)
        {
            assertTrue(topic.next() - topic.oldest() >= each / 2, () -> topic.next() - topic.oldest() + " items");
        }
    }

    /** Takes what it is given, and gives up half of it. */
    private static final class Taker extends FairShare.Member
    {
        Taker(final FairShare shared)
        {
            super(shared);
        }

        @Override
        void giveUp()
        {
            give((takenBytes() + 1) / 2);
        }
    }

    /** As subscribers that note which items they were not given, beside the indexes that these stand in. */
    @Test
    void shouldDivideWhatManySmallOnesLeaveAmongTheOthers()
    {
        final FairShare shared = new FairShare(100_000, new CounterSet(), RelayCounter.INDEXES_GIVEN_UP_BYTES);
        final List<Taker> small = new ArrayList<>();
        for (int i = 0; i < 1_000; i++)
        {
            small.add(new Taker(shared));
            assertTrue(small.get(i).tryTake(64));
        }
        final Taker first = new Taker(shared);
        int steps = 0;
        while (first.tryTake(100))
        {
            steps++;
        }
        assertEquals(360, steps, "what is free");

        final Taker second = new Taker(shared);
        while (second.tryTake(100))
        {
            steps++;
        }

        assertEquals(18_000, second.takenBytes());
        assertEquals(18_000, first.takenBytes());
        small.forEach(one -> assertEquals(64, one.takenBytes()));
        assertTrue(new Taker(shared).tryTake(64), "one more is small, too");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGiveEachWhatItWantsUpToItsShareWhateverOthersHave(final long seed)
    {
        final Random random = new Random(seed);
        final FairShare shared = new FairShare(
            1_000 + random.nextInt(100_000), new CounterSet(), RelayCounter.INDEXES_GIVEN_UP_BYTES);
        final List<Taker> takers = new ArrayList<>();
        for (int step = 0; step < 20_000; step++)
        {
            if (takers.size() < 2 || random.nextInt(200) == 0)
            {
                takers.add(new Taker(shared));
            }
            final Taker taker = takers.get((int)(takers.size() * Math.pow(random.nextDouble(), 2)));
            if (random.nextInt(4) == 0)
            {
                taker.give(random.nextInt(3) == 0 ? taker.takenBytes() : taker.takenBytes() / 2);
                continue;
            }
            final long bytes = 1 + random.nextInt(1 << random.nextInt(14));
            final long wanted = taker.takenBytes() + bytes;
            final long level = levelOf(takers, taker, shared.limitBytes());
            final boolean isFree = shared.usedBytes() + bytes <= shared.limitBytes();
            final List<Long> before = takers.stream().map(Taker::takenBytes).toList();
            // A share is known to the next power of two of what the small ones have.
            final boolean isTaken = taker.tryTake(bytes);
            assertTrue(isTaken ? isFree || wanted <= level : wanted * 2 > level, () -> "seed " + seed);
            for (int i = 0; i < takers.size(); i++)
            {
                assertTrue(takers.get(i).takenBytes() >= before.get(i) || before.get(i) > level / 2);
            }
            assertTrue(shared.usedBytes() <= shared.limitBytes());
        }
        takers.forEach(taker -> taker.give(taker.takenBytes()));
        assertEquals(0, shared.usedBytes());
        assertEquals(0, shared.members());
    }

    /** The most that one can have when each other keeps what it has, up to the same. */
    private static long levelOf(final List<Taker> takers, final Taker taker, final long limitBytes)
    {
        final List<Long> others = takers.stream().filter(other -> other != taker && other.takenBytes() > 0)
            .map(Taker::takenBytes).sorted().toList();
        long rest = limitBytes;
        for (int i = 0; i < others.size(); i++)
        {
            final long sharing = others.size() - i + 1;
            if (others.get(i) > rest / sharing)
            {
                return rest / sharing;
            }
            rest -= others.get(i);
        }
        return rest;
    }

    @Test
    void shouldCostLittleGivenManyFeedsWithASmallItem()
    {
        final HistoryBudget budget = new HistoryBudget(64 * 1024 * 1024);
        final byte[] item = new byte[1];
        for (int i = 0; i < 5_000; i++)
        {
            final Tested own = new Tested(budget, budget.namedFeeds());
            feeds.add(own);
            own.history.append(item, 0, item.length, 0);
        }

        feeds.forEach(own -> assertEquals(0, own.history.oldest()));
        assertTrue(budget.usedBytes() <= 5_000 * 2_048L, budget.namedFeeds()::toString);
    }

    /** Each has its first item only because others give up some of theirs. */
    @Test
    void shouldKeepSomethingOfEachFeedGivenOthersThatCameFirst()
    {
        final HistoryBudget budget = new HistoryBudget(8 * 1024 * 1024);
        final byte[] item = new byte[200];
        for (int feed = 0; feed < 6; feed++)
        {
            final FeedHistory history =
                new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), 65_536, () -> 0, 1, 0);
            for (int i = 0; i < 20_000; i++)
            {
                history.append(item, 0, item.length, 0);
            }
            final long share = budget.chainFeeds().limitBytes() / (feed + 1);
            assertTrue(history.takenBytes() * 10 >= Math.min(share, budget.feedLimitBytes()) * 6, history::toString);
        }
    }
}
