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
import org.junit.jupiter.params.ParameterizedTest;
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

    private record Log(int id, int key, boolean isRemoved)
    {
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
        final CounterSet counters = new CounterSet();
        final HistoryBudget budget = new HistoryBudget(64 * 1024 * 1024);
        final Feed feed = new Feed(1, "eth_subscribe[\"logs\",{}]", 0, new byte[0], null, 1);
        feed.history = new FeedHistory(budget, ITEMS * 2, () -> 0, 1, 0);
        final TopicGroup group = new TopicGroup("logs", feed, null, false, 1);
        group.history = new TopicHistory(feed.history, budget, ITEMS * 2, random.nextBoolean(), 1);
        final String id = "\"0x" + "1".repeat(32) + '"';
        final TopicState topic = new TopicState(
            new Topic(3, id, new ItemEnvelope(ItemEnvelope.GETHS, "eth_subscription"), stamped()), "logs", 0, group,
            new SubscriptionIdToken(SubscriptionIdForm.HEX).read(id));
        final PatientSubscriber subscriber = new PatientSubscriber(topic, conflating(), 1, -1);
        final StageClock clock = new StageClock(RelayClock.ofSystem());
        final Replays replays = new Replays(
            new Resumption("e"), new OpenSubscriptions(null, null, null, null, new CounterSet()), null,
            new BlockOrder(null, null, clock, counters), 1_000_000, clock, counters);
        final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);

        final List<Log> said = new ArrayList<>();
        final List<Log> alive = new ArrayList<>();
        final List<Log> sent = new ArrayList<>();
        long next = 1;
        while (said.size() < ITEMS || next <= said.size())
        {
            for (int burst = random.nextInt(400); burst > 0 && said.size() < ITEMS; burst--)
            {
                say(topic, random, said, alive);
            }
            for (int asks = random.nextInt(3); asks >= 0; asks--)
            {
                out.clear();
                replays.onAsked(subscriber, 64, 3, 1, next, 0, out);
                next = take(out, said, sent, next);
            }
        }

        assertEquals(ITEMS, sent.size() + counters.get(RelayCounter.ITEMS_MERGED), () -> "seed " + seed);
        newest(said).values().stream().filter(log -> !log.isRemoved)
            .forEach(log -> assertTrue(sent.contains(log), () -> "seed " + seed + " " + log));
        final Set<Log> aliveSet = new HashSet<>(alive);
        standing(sent, seed).forEach(log -> assertTrue(aliveSet.contains(log), () -> "seed " + seed + " " + log));
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
        said.add(log);
        final byte[] text = ("{\"address\":\"0x" + String.format("%040x", log.key) + "\",\"topics\":[\"0x" +
            "0".repeat(64) + "\"],\"id\":" + log.id + "}").getBytes(StandardCharsets.US_ASCII);
        topic.feed.history.append(
            text, 0, text.length, 0, log.id, log.id * 31L, FeedHistory.place(log.id % 5, log.isRemoved));
        topic.group.history.append();
    }

    private static long take(
        final ActionList<MatchedAction> out, final List<Log> said, final List<Log> sent, final long from)
    {
        long last = from - 1;
        for (int i = 0; i < out.size() - 1; i++)
        {
            final MatchedAction action = out.get(i);
            assertEquals(MatchedAction.Kind.REPLAY, action.kind);
            assertTrue(action.sequence > last);
            assertTrue(action.stamp.mergedCount >= action.sequence - 1 - last);
            last = action.sequence;
            sent.add(said.get((int)action.sequence - 1));
            assertTrue(new String(action.bytes, action.offset, action.length, StandardCharsets.US_ASCII)
                .contains("\"id\":" + said.get((int)action.sequence - 1).id + "}"));
        }
        return out.get(out.size() - 1).sequence;
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

    private static DeliveryOptions conflating()
    {
        return new DeliveryOptions(
            null, new LagOptions(LagPolicy.CONFLATE, 0, 0, 0, List.of("address")), null, null, null, null, null, null,
            null, null, null);
    }
}
