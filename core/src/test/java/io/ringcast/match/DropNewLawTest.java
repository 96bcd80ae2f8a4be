package io.ringcast.match;

import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import io.ringcast.session.Topic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a slow subscriber with {@code dropNew} is given is what a queue would have held that decides about each item as
 * it comes: it waits if there is room, and else neither it nor what follows is taken until something has left. Each
 * loss is told with the next item, by its numbers, and counted by its reason.
 */
class DropNewLawTest
{
    private static final int ITEMS = 6_000;
    private static final long OWN_LIMIT_BYTES = 100_000;
    private static final long MS = 1_000_000;

    private final CounterSet counters = new CounterSet();
    private final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
    /** The oracle: numbers, lengths and times of what waits, oldest first. */
    private final ArrayDeque<long[]> waiting = new ArrayDeque<>();
    private Random random;
    private String what;
    private LagOptions lag;
    private TopicState topic;
    private PatientSubscriber subscriber;
    private Replays replays;
    private boolean isLive;
    private boolean isParked;
    /** True from an item that was left out until something that waited has left. */
    private boolean isFull;
    private long nowNs;
    private long said;
    private long asked = 1;
    private long last;
    /** By items, bytes and age. */
    private final long[] lostBy = new long[3];
    private int reason;

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 60).map(i -> i < 30 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldGiveWhatAQueueWouldHaveTakenInAndTellEachLoss(final long seed)
    {
        random = new Random(seed);
        lag = new LagOptions(
            LagPolicy.DROP_NEW, random.nextBoolean() ? 0 : 1 + random.nextInt(random.nextBoolean() ? 5 : 900),
            random.nextBoolean() ? 0 : 100 * (1 + random.nextInt(2_000)),
            random.nextBoolean() ? 0 : 1 + random.nextInt(500), List.of());
        what = "seed " + seed + ' ' + lag;
        begin();

        while (said < ITEMS)
        {
            for (int burst = random.nextInt(900); burst > 0 && said < ITEMS; burst--)
            {
                say();
            }
            isLive &= random.nextBoolean();
            for (int asks = random.nextInt(3); asks > 0 && !isLive && !isParked; asks--)
            {
                ask();
            }
        }
        while (!isLive && !isParked)
        {
            ask();
        }

        assertTrue(waiting.isEmpty(), what);
        assertEquals(lostBy[0], counters.get(RelayCounter.SKIPPED_BY_ITEMS), what);
        assertEquals(lostBy[1], counters.get(RelayCounter.SKIPPED_BY_BYTES), what);
        assertEquals(lostBy[2], counters.get(RelayCounter.SKIPPED_BY_AGE), what);
        assertEquals(lostBy[0] + lostBy[1] + lostBy[2], subscriber.lostTotal, what);
        assertEquals(ITEMS, last + (isParked ? subscriber.lostCount : 0), what);
    }

    private void begin()
    {
        final HistoryBudget budget = new HistoryBudget(64 * 1024 * 1024);
        final Feed feed = new Feed(1, "eth_subscribe[\"logs\",{}]", 0, new byte[0], null, 1);
        feed.history = new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), 8_192, () -> 0, 1, 0);
        final TopicGroup group = new TopicGroup("logs", feed, null, false, 1);
        group.history = new TopicHistory(feed.history, budget.indexes(), 8_192, random.nextBoolean(), 1);
        final String id = "\"0x" + "1".repeat(32) + '"';
        topic = new TopicState(
            new Topic(3, id, new ItemEnvelope(ItemEnvelope.GETHS, "eth_subscription"), options(true, null)), "logs", 0,
            group, new SubscriptionIdToken(SubscriptionIdForm.HEX).read(id));
        subscriber = new PatientSubscriber(topic, options(true, lag), 1, -1);
        final StageClock clock = new StageClock(RelayClock.ofSystem());
        replays = new Replays(
            new Resumption("e"), new OpenSubscriptions(null, null, null, null, new CounterSet()), null,
            new BlockOrder(null, null, clock, counters), OWN_LIMIT_BYTES, clock, counters);
    }

    private void say()
    {
        nowNs += random.nextInt(3) * MS / 2;
        final int hundreds = 1 + random.nextInt(random.nextInt(10) == 0 ? 50 : 3);
        final byte[] text =
            ("{\"a\":\"" + "x".repeat(hundreds * 100 - 8) + "\"}").getBytes(StandardCharsets.US_ASCII);
        topic.feed.history.append(text, 0, text.length, nowNs);
        topic.group.history.append();
        said++;
        if (isLive)
        {
            assertEquals(last, said - 1, what);
            last = said;
            asked = said + 1;
            return;
        }
        takeIn(text.length);
        if (topic.group.idle != null)
        {
            topic.group.idle.onPublished();
        }
        out.clear();
        replays.onSlotEnd(nowNs, out);
        assertEquals(isParked, out.size() > 0, what);
        if (isParked)
        {
            read();
        }
    }

    /** Which bound is named if an item is beyond several is that by which most would be left out; here the last. */
    private void takeIn(final int length)
    {
        long bytes = 0;
        for (final long[] item : waiting)
        {
            bytes += item[1];
        }
        final boolean isBoundByBytes = lag.maxBytes() > 0 || lag.maxItems() == 0 && lag.maxAgeMs() == 0;
        final long maxBytes = lag.maxBytes() > 0 ? lag.maxBytes() : OWN_LIMIT_BYTES;
        if (!isFull && !waiting.isEmpty())
        {
            if (isBoundByBytes && bytes + length > maxBytes)
            {
                reason = 1;
                isFull = true;
            }
            if (lag.maxAgeMs() > 0 && nowNs - waiting.peek()[2] > lag.maxAgeMs() * MS)
            {
                reason = 2;
                isFull = true;
            }
            if (lag.maxItems() > 0 && waiting.size() >= lag.maxItems())
            {
                reason = 0;
                isFull = true;
            }
        }
        if (isFull)
        {
            lostBy[reason]++;
        }
        else
        {
            waiting.add(new long[]{said, length, nowNs});
        }
    }

    private void ask()
    {
        out.clear();
        replays.onAsked(subscriber, 64, 3, 1, asked, nowNs, out);
        read();
    }

    private void read()
    {
        for (int i = 0; i < out.size() - 1; i++)
        {
            final MatchedAction action = out.get(i);
            final long[] expected = waiting.remove();
            assertEquals(MatchedAction.Kind.REPLAY, action.kind, what);
            assertEquals(expected[0], action.sequence, what);
            assertEquals(expected[1], action.length, what);
            final long lost = action.sequence - last - 1;
            assertEquals(lost, action.stamp.lostCount, what);
            if (lost > 0)
            {
                assertEquals(last + 1, action.stamp.lostFrom, what);
                assertTrue(List.of("items", "bytes", "age").contains(action.stamp.lostWhy), what);
            }
            else
            {
                assertNull(action.stamp.lostWhy, what);
            }
            last = action.sequence;
            isFull = false;
        }
        final MatchedAction end = out.get(out.size() - 1);
        isLive = end.kind == MatchedAction.Kind.REPLAY_DONE;
        isParked = end.kind == MatchedAction.Kind.REPLAY_PARKED;
        assertFalse(isLive && last != said, () -> what + " it is live and not told of a loss");
        assertEquals(waiting.isEmpty(), isLive || isParked, what);
        asked = end.sequence;
    }

    private static DeliveryOptions options(final boolean isStamped, final LagOptions lag)
    {
        return new DeliveryOptions(isStamped, lag, null, null, null, null, null, null, null, null, null);
    }
}
