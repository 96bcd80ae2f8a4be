package io.ringcast.match;

import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever a slow subscriber is spared, it gets the newest log of each key unless that is removed, it is told of each
 * removal whose original it was sent and of no other, and what it was sent and spared is all there was.
 */
class ConflationLawTest
{
    private static final int ITEMS = 4_096;
    private static final int KEYS = 7;
    private static final String LOGS = "eth_subscribe[\"logs\",{}]";

    private record Log(int id, int key, boolean isRemoved)
    {
    }

    /** A subscriber that conflates, and what answers its questions. Confined to the test's thread. */
    private static final class Slow
    {
        final CounterSet counters = new CounterSet();
        final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
        final TopicState topic;
        final PatientSubscriber subscriber;
        final Histories histories = new Histories(null, null, budget(), null, clock(), counters);
        private final Replays replays = new Replays(
            new Resumption("e"), new OpenSubscriptions(null, null, null, null, new CounterSet()), histories,
            new BlockOrder(null, null, clock(), counters), 1_000_000, clock(), counters);
        /** The number of the first item that it has not had, or been spared. */
        long next = 1;

        Slow(final TopicState topic)
        {
            this.topic = topic;
            subscriber = new PatientSubscriber(topic, conflating(), 1, -1);
        }

        /** It asks, and notes how far the answer goes. */
        void ask()
        {
            out.clear();
            replays.onAsked(subscriber, 64, 3, 1, next, 0, out);
            next = out.get(out.size() - 1).sequence;
        }

        private static StageClock clock()
        {
            return new StageClock(RelayClock.ofSystem());
        }
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 40).map(i -> i < 20 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldArriveAtTheNewestOfEachKeyAndHideNoRemoval(final long seed)
    {
        final Random random = new Random(seed);
        final Slow slow = new Slow(topic(LOGS, random.nextBoolean(), budget()));

        final List<Log> said = new ArrayList<>();
        final List<Log> alive = new ArrayList<>();
        final List<Log> sent = new ArrayList<>();
        while (said.size() < ITEMS || slow.next <= said.size())
        {
            for (int burst = random.nextInt(400); burst > 0 && said.size() < ITEMS; burst--)
            {
                say(slow.topic, random, said, alive);
            }
            for (int asks = random.nextInt(3); asks >= 0; asks--)
            {
                ask(slow, said, sent);
            }
        }

        assertEquals(ITEMS, sent.size() + slow.counters.get(RelayCounter.ITEMS_MERGED), () -> "seed " + seed);
        newest(said).values().stream().filter(log -> !log.isRemoved)
            .forEach(log -> assertTrue(sent.contains(log), () -> "seed " + seed + " " + log));
        final Set<Log> aliveSet = new HashSet<>(alive);
        standing(sent, seed).forEach(log -> assertTrue(aliveSet.contains(log), () -> "seed " + seed + " " + log));
    }

    /** The history is short: most of what it has yet to get is lost, and much of what it had is removed among that. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldHideNoRemovalOfWhatWasSentGivenThatTheHistoryHasLostIt(final long seed)
    {
        final Random random = new Random(seed);
        final Slow slow = new Slow(topic(LOGS, random.nextBoolean(), budget(), 128));

        final List<Log> said = new ArrayList<>();
        final List<Log> alive = new ArrayList<>();
        final List<Log> sent = new ArrayList<>();
        while (said.size() < ITEMS || slow.next <= said.size())
        {
            for (int burst = random.nextInt(400); burst > 0 && said.size() < ITEMS; burst--)
            {
                sayWithReorgs(slow.topic, random, said, alive);
            }
            ask(slow, said, sent);
            if (slow.out.get(slow.out.size() - 1).kind == MatchedAction.Kind.REPLAY_DONE)
            {
                // It is live, and begins to lag at once.
                slow.histories.onAnsweredTo(slow.subscriber, slow.next);
            }
        }

        assertEquals(ITEMS, sent.size() + slow.counters.get(RelayCounter.ITEMS_MERGED) +
            slow.counters.get(RelayCounter.SKIPPED_BY_HISTORY));
        assertTrue(slow.counters.get(RelayCounter.SKIPPED_BY_HISTORY) > 100);
        final Set<Log> believed = new HashSet<>();
        for (final Log log : sent)
        {
            // A removal whose original was left out may come: it does no harm.
            final boolean isChange = log.isRemoved ?
                believed.remove(new Log(log.id, log.key, false)) : believed.add(log);
            assertTrue(isChange || log.isRemoved, () -> "seed " + seed + " again " + log);
        }
        believed.removeAll(new HashSet<>(alive));
        assertEquals(Set.of(), believed, () -> "seed " + seed);
    }

    private static void sayWithReorgs(
        final TopicState topic, final Random random, final List<Log> said, final List<Log> alive)
    {
        // Few, and deep: else what was sent is never reached.
        final int depth = random.nextInt(100) == 0 ? random.nextInt(60) : 0;
        for (int i = 0; i < depth && !alive.isEmpty() && said.size() < ITEMS; i++)
        {
            final Log original = alive.remove(alive.size() - 1);
            append(topic, new Log(original.id, original.key, true), said);
        }
        if (said.size() < ITEMS)
        {
            final Log log = new Log(said.size(), random.nextInt(KEYS), false);
            alive.add(log);
            append(topic, log, said);
        }
    }

    /** What is noted of those left out takes of the same bytes as the index that they are found by. */
    @Test
    void shouldSendEachLogUnderItsOwnNumberGivenAnIndexThatHasToGiveUpForWhatIsLeftOut()
    {
        final Random random = new Random(1);
        final TopicState topic = topic(LOGS, false, budget());
        final Slow slow = new Slow(topic);
        final int count = 1_024;
        final FairShare full =
            new FairShare(count * Integer.BYTES, slow.counters, RelayCounter.INDEXES_GIVEN_UP_BYTES);
        topic.group.history = new TopicHistory(topic.feed.history, full, ITEMS, false, 1);
        final List<Log> said = new ArrayList<>();
        final List<Log> sent = new ArrayList<>();
        while (said.size() < count)
        {
            say(topic, random, said, new ArrayList<>());
        }

        while (slow.next <= count)
        {
            ask(slow, said, sent);
        }

        assertTrue(topic.group.history.oldest() > 1, "it had to give up");
        assertEquals(count, sent.size() + slow.counters.get(RelayCounter.ITEMS_MERGED) +
            slow.counters.get(RelayCounter.SKIPPED_BY_HISTORY));
        assertTrue(slow.counters.get(RelayCounter.ITEMS_MERGED) > Conflation.WINDOW / 2);
    }

    /** The kinds but logs: how a feed's name begins, and what makes an item's key; an item without one always comes. */
    enum Others
    {
        OWN("eth_subscribe" + OwnTopics.FEED_START + "prices"),
        HASHES("eth_subscribe[\"newPendingTransactions\"]"),
        MIXED("eth_subscribe[\"newPendingTransactions\",true]"),
        STATUS("eth_subscribe" + StatusFeed.PARAMS),
        UNKNOWN("eth_subscribe[\"syncing\"]");

        private final String feedKey;

        Others(final String feedKey)
        {
            this.feedKey = feedKey;
        }

        private String item(final Random random, final int number)
        {
            final int sender = random.nextInt(3);
            return switch (this)
            {
                case OWN, UNKNOWN -> random.nextBoolean() ? "{\"n\":" + number + '}' : "\"" + number + '"';
                case HASHES -> "\"0x" + String.format("%064x", number) + '"';
                case STATUS -> "{\"event\":\"heartbeat\",\"n\":" + number + '}';
                case MIXED -> random.nextInt(4) == 0 ? "\"0x" + String.format("%064x", number) + '"' :
                    "{\"from\":\"0x" + String.format("%040x", sender) + '"' +
                        (random.nextInt(8) == 0 ? "" : ",\"nonce\":\"0x" + random.nextInt(2) + '"') +
                        ",\"n\":" + number + '}';
            };
        }

        /** What a newer item with the same key takes the place of; null if none does. */
        private String key(final String item)
        {
            return switch (this)
            {
                case OWN, UNKNOWN, HASHES -> "";
                case STATUS -> null;
                case MIXED -> item.startsWith("\"") ? "" : !item.contains("nonce") ? null :
                    item.replaceAll(",\"n\":.*", "");
            };
        }
    }

    static Stream<Arguments> othersAndSeeds()
    {
        return Stream.of(Others.values()).flatMap(
            others -> seeds().limit(30).mapToObj(seed -> Arguments.of(others, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("othersAndSeeds")
    void shouldSendTheNewestOfEachKeyOnceGivenItemsThatAreNoLogs(final Others others, final long seed)
    {
        final Random random = new Random(seed);
        final Slow slow = new Slow(topic(others.feedKey, random.nextBoolean(), budget()));

        final List<String> said = new ArrayList<>();
        final List<String> sent = new ArrayList<>();
        while (said.size() < 1_000 || slow.next <= said.size())
        {
            for (int burst = random.nextInt(200); burst > 0 && said.size() < 1_000; burst--)
            {
                append(slow.topic, others.item(random, said.size()), said);
            }
            slow.ask();
            final Set<String> keys = new HashSet<>();
            for (int i = 0; i < slow.out.size() - 1; i++)
            {
                final MatchedAction action = slow.out.get(i);
                final String item = new String(action.bytes, action.offset, action.length, StandardCharsets.US_ASCII);
                assertEquals(said.get((int)action.sequence - 1), item);
                assertTrue(others.key(item) == null || keys.add(others.key(item)), () -> "again " + item);
                sent.add(item);
            }
        }

        assertEquals(said.size(), sent.size() + slow.counters.get(RelayCounter.ITEMS_MERGED));
        final Map<String, String> newest = new HashMap<>();
        said.stream().filter(item -> others.key(item) != null).forEach(item -> newest.put(others.key(item), item));
        assertTrue(sent.containsAll(newest.values()));
        assertTrue(sent.containsAll(said.stream().filter(item -> others.key(item) == null).toList()));
    }

    private static void append(final TopicState topic, final String item, final List<String> said)
    {
        said.add(item);
        final byte[] text = item.getBytes(StandardCharsets.US_ASCII);
        topic.feed.history.append(text, 0, text.length, 0, 0, 0, 0, 0);
        topic.group.history.append();
    }

    static TopicState topic(final String feedKey, final boolean hasIndex, final HistoryBudget budget)
    {
        return topic(feedKey, hasIndex, budget, ITEMS * 2);
    }

    private static TopicState topic(
        final String feedKey, final boolean hasIndex, final HistoryBudget budget, final int keptItems)
    {
        final Feed feed = new Feed(1, feedKey, 0, new byte[0], null, 1);
        feed.history = new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), keptItems, () -> 0, 1, 0);
        final TopicGroup group = new TopicGroup("group", feed, null, false, 1);
        group.history = new TopicHistory(feed.history, budget.indexes(), keptItems, hasIndex, 1);
        final String id = "\"0x" + "1".repeat(32) + '"';
        return new TopicState(
            new Topic(3, id, new ItemEnvelope(ItemEnvelope.GETHS, "eth_subscription"), stamped()), "topic", 0, group,
            new SubscriptionIdToken(SubscriptionIdForm.HEX).read(id));
    }

    private static HistoryBudget budget()
    {
        return new HistoryBudget(64 * 1024 * 1024);
    }

    /** A new log, or the removal of the newest ones, as at a reorg. */
    private static void say(
        final TopicState topic, final Random random, final List<Log> said, final List<Log> alive)
    {
        final Log log;
        if (!alive.isEmpty() && random.nextInt(4) == 0)
        {
            final Log original = alive.remove(alive.size() - 1);
            log = new Log(original.id, original.key, true);
        }
        else
        {
            log = new Log(said.size(), random.nextInt(KEYS), false);
            alive.add(log);
        }
        append(topic, log, said);
    }

    private static void append(final TopicState topic, final Log log, final List<Log> said)
    {
        said.add(log);
        final byte[] text = ("{\"address\":\"0x" + String.format("%040x", log.key) + "\",\"topics\":[\"0x" +
            "0".repeat(64) + "\"],\"id\":" + log.id + "}").getBytes(StandardCharsets.US_ASCII);
        topic.feed.history.append(
            text, 0, text.length, 0, 0, log.id, log.id * 31L, FeedHistory.place(log.id % 5, log.isRemoved));
        topic.group.history.append();
    }

    private static void ask(final Slow slow, final List<Log> said, final List<Log> sent)
    {
        long last = slow.next - 1;
        slow.ask();
        for (int i = 0; i < slow.out.size() - 1; i++)
        {
            final MatchedAction action = slow.out.get(i);
            assertEquals(MatchedAction.Kind.REPLAY, action.kind);
            assertTrue(action.sequence > last);
            assertTrue(action.stamp.mergedCount + action.stamp.lostCount >= action.sequence - 1 - last);
            last = action.sequence;
            sent.add(said.get((int)action.sequence - 1));
            assertTrue(new String(action.bytes, action.offset, action.length, StandardCharsets.US_ASCII)
                .contains("\"id\":" + said.get((int)action.sequence - 1).id + "}"));
        }
    }

    /** What the subscriber believes: what it was sent, less what was removed; each removal has its original. */
    private static List<Log> standing(final List<Log> sent, final long seed)
    {
        final List<Log> standing = new ArrayList<>();
        for (final Log log : sent)
        {
            if (log.isRemoved)
            {
                assertTrue(standing.remove(new Log(log.id, log.key, false)), () -> "seed " + seed + " " + log);
            }
            else
            {
                assertFalse(standing.contains(log));
                standing.add(log);
            }
        }
        return standing;
    }

    private static Map<Integer, Log> newest(final List<Log> logs)
    {
        final Map<Integer, Log> newest = new HashMap<>();
        logs.forEach(log -> newest.put(log.key, log));
        return newest;
    }

    private static DeliveryOptions stamped()
    {
        return new DeliveryOptions(true, null, null, null, null, null, null, null, null, null, null);
    }

    static DeliveryOptions conflating()
    {
        return new DeliveryOptions(
            null, new LagOptions(LagPolicy.CONFLATE, 0, 0, 0, List.of("address")), null, null, null, null, null, null,
            null, null, null);
    }
}
