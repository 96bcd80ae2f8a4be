package io.ringcast.match;

import io.ringcast.config.Dialect;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadSink;
import io.ringcast.lane.LaneRules;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import io.ringcast.session.Topic;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What is done at the end of each slot: only what is due, and what fails is not done again. */
class SlotEndTest
{
    private static final byte[] ITEM = "7".getBytes(StandardCharsets.US_ASCII);
    private static final DeliveryOptions EVERY_5_MS =
        new DeliveryOptions(null, null, 5, null, null, null, null, null, null, null, null);

    private final CounterSet counters = new CounterSet();
    private final StageClock clock = new StageClock(RelayClock.ofSystem());
    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
    private final Resumption resumption = new Resumption("epoch");
    private int lastTopicId;

    @Test
    void shouldLookAtNoQuestionGivenThatItsGroupHasPublishedNothing()
    {
        final Intervals intervals = new Intervals();
        final PatientSubscriber idle = subscriber();
        final PatientSubscriber served = subscriber();
        intervals.park(new Intervals.Parked(idle, 1, 1, 0), 0);
        intervals.park(new Intervals.Parked(served, 2, 2, 0), 0);
        // Whoever looks at it now fails.
        idle.topic.group.history = null;
        publish(served);

        final Queue<Intervals.Parked> taken = new ArrayDeque<>();
        intervals.takeDue(0, taken);
        intervals.takeDue(1, taken);

        assertEquals(List.of(served), taken.stream().map(parked -> parked.subscriber).toList());
    }

    @Test
    void shouldGiveEachQuestionOnceGivenManyOfOneGroupOfWhichSomeAreGone()
    {
        final Intervals intervals = new Intervals();
        final List<PatientSubscriber> all = IntStream.range(0, 100).mapToObj(i -> subscriber()).toList();
        final TopicGroup group = all.get(0).topic.group;
        final List<PatientSubscriber> same = all.stream()
            .map(one -> new PatientSubscriber(all.get(0).topic, EVERY_5_MS, 0, -1)).toList();
        for (int i = 0; i < same.size(); i++)
        {
            same.get(i).isOver = i % 3 == 0;
            intervals.park(new Intervals.Parked(same.get(i), i, i, 0), 0);
        }
        publish(all.get(0));

        final Queue<Intervals.Parked> taken = new ArrayDeque<>();
        intervals.takeDue(0, taken);
        assertEquals(66, taken.size());
        assertEquals(66, taken.stream().distinct().count());

        // Those who come back wait for the next item, and not for the one that they have had.
        taken.clear();
        intervals.park(new Intervals.Parked(same.get(1), 1, 1, group.history.next()), 0);
        intervals.takeDue(0, taken);
        assertEquals(0, taken.size());
        publish(all.get(0));
        intervals.takeDue(0, taken);
        assertEquals(1, taken.size());
    }

    @Test
    void shouldCutOffWhoseAnswerFailsAndAnswerTheOthersWithTheNextSlot()
    {
        final Replays replays = new Replays(
            resumption, null, null, new BlockOrder(null, null, clock, counters), 1 << 20, clock, counters);
        final PatientSubscriber bad = subscriber();
        final PatientSubscriber good = subscriber();
        replays.onAsked(good, 2, good.topic.topic.topicId, 2, 0, 0, out);
        replays.onAsked(bad, 1, bad.topic.topic.topicId, 1, 0, 0, out);
        publish(good);
        publish(bad);
        bad.topic.group.history = null;
        out.clear();

        assertThrows(NullPointerException.class, () -> replays.onSlotEnd(1, out));
        replays.onSlotEnd(2, out);
        replays.onSlotEnd(3, out);

        assertEquals(List.of("1 CUT_OFF", "1 REPLAY_PAUSED", "2 REPLAY", "2 REPLAY_PAUSED"),
            IntStream.range(0, out.size()).mapToObj(out::get)
                .map(action -> action.to.connectionId + " " + action.kind).sorted().toList());
    }

    @Test
    void shouldNotWorkOnAReaderAgainGivenThatItHasFailed()
    {
        final LaneRules rules = new LaneRules(1, 1, 1, 1, 1, 1, 1, 1, 64);
        final HeadArbiter heads = new HeadArbiter(rules, counters, failing(HeadSink.class));
        final HistoryCalls calls = new HistoryCalls(
            new FeedTable(1, 1, Dialect.ETHEREUM, counters), heads, 1, 1, counters);
        final Histories histories = new Histories(heads, calls, budget, resumption, clock, counters);
        final PatientSubscriber subscriber = subscriber();
        final HistoryReader reader = new HistoryReader(
            subscriber, failing(HistoryKind.class), 0, heads, calls, budget, new ReplayAnswer(clock, counters),
            resumption, histories, counters);
        final OpenSubscriptions open = new OpenSubscriptions(null, null, null, null, counters);
        reader.onAsked(1, 1, 0, out);
        final byte[] block = ("{\"number\":\"0x400\",\"hash\":\"0x" + "1".repeat(64) + "\",\"parentHash\":\"0x" +
            "2".repeat(64) + "\"}").getBytes(StandardCharsets.US_ASCII);
        reader.tryTake(
            new HistoryPage(HistoryPage.Kind.LATEST, reader, "", 0, 0, null), block, 0, block.length, 0);

        assertThrows(UnsupportedOperationException.class, () -> histories.onSlotEnd(open, 1, out));
        histories.onSlotEnd(open, 2, out);
    }

    private PatientSubscriber subscriber()
    {
        final Feed feed = new Feed(++lastTopicId, "eth_subscribe[\"other\"]", 0, ITEM, null, 1);
        feed.history = new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), 64, () -> 0, 64, 0);
        final TopicGroup group = new TopicGroup("group" + lastTopicId, feed, null, false, 0);
        group.history = new TopicHistory(feed.history, budget.indexes(), 64, true, 0);
        final TopicState topic = new TopicState(
            new Topic(lastTopicId, "0x" + lastTopicId, "eth_subscription"), "other", 0, group,
            new SubscriptionIdToken(SubscriptionIdForm.HEX));
        group.topics.add(topic);
        return new PatientSubscriber(topic, EVERY_5_MS, 0, -1);
    }

    private static void publish(final PatientSubscriber subscriber)
    {
        final TopicGroup group = subscriber.topic.group;
        group.feed.history.append(ITEM, 0, ITEM.length, 0);
        group.history.append();
        if (group.idle != null)
        {
            group.idle.onPublished();
        }
    }

    /** Whoever calls it fails. */
    private static <T> T failing(final Class<T> type)
    {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) ->
        {
            throw new UnsupportedOperationException(method.getName());
        }));
    }
}
