package io.ringcast.match;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import io.ringcast.session.Topic;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Connections that are told whole blocks from where they were: who waits for whom, and what that costs. */
class OrderedReturnsTest
{
    private static final byte[] ITEM = "7".getBytes(StandardCharsets.US_ASCII);
    private static final DeliveryOptions ORDERED =
        new DeliveryOptions(null, null, null, null, null, true, null, null, null, null, null);
    private static final long CONNECTION = 9;
    private static final long MS = 1_000_000L;

    private final CounterSet counters = new CounterSet();
    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
    private final ToldBlocks blocks = new ToldBlocks();
    private final OpenSubscriptions open = new OpenSubscriptions(null, null,
        new Sessions(DeliveryConfig.builder().build(), LimitsConfig.builder().build(), null, null, counters),
        null, counters);
    private final OrderedReturns returns = new OrderedReturns(
        blocks, open, new ReplayAnswer(new StageClock(RelayClock.ofSystem()), counters));
    private final List<PatientSubscriber> all = new ArrayList<>();
    private long nowNs = MS;

    /** Each asks in a slot of its own, so what a slot costs must not grow with how many there are. */
    @Test
    void shouldLookAFewTimesForEachQuestionHoweverManySubscriptionsAConnectionHas()
    {
        begin(1_024);
        all.forEach(this::ask);
        assertEquals(1_024, ends().size(), "answered when the last one has asked");
        assertTrue(returns.looks() < 8 * 1_024, () -> returns.looks() + " looks");
    }

    @Test
    void shouldLookAtNoMoreThanAQuestionForEachItemThatItTells()
    {
        begin(1_024);
        final PatientSubscriber busy = all.get(7);
        for (int i = 0; i < 200; i++)
        {
            tell(busy);
        }
        all.forEach(this::ask);
        assertEquals(200, kinds().stream().filter(MatchedAction.Kind.REPLAY::equals).count());
        assertEquals(1_024, ends().size());
        assertTrue(returns.looks() < 8 * 1_024, () -> returns.looks() + " looks");
    }

    @Test
    void shouldWaitForThoseThatAskAgainAndNotForThoseThatEnd()
    {
        begin(3);
        ask(all.get(0));
        ask(all.get(1));
        assertEquals(List.of(), ends(), "the third has yet to ask");
        open.find(CONNECTION).removeSubscribed(all.get(2).topic);
        pass(20);
        assertEquals(List.of("1 REPLAY_DONE", "2 REPLAY_DONE"), ends());
    }

    @Test
    void shouldWaitForASecondForThoseThatNeverAsk()
    {
        begin(3);
        ask(all.get(0));
        pass(600);
        ask(all.get(1));
        pass(980);
        assertEquals(List.of(), ends(), "the second came 980 ms ago");
        pass(20);
        assertEquals(List.of("1 REPLAY_DONE", "2 REPLAY_DONE"), ends());
        out.clear();
        ask(all.get(2));
        assertEquals(List.of("3 REPLAY_DONE"), ends(), "nobody else is awaited");
    }

    @Test
    void shouldWaitAsLongAsItTakesForThoseThatHaveAskedBefore()
    {
        begin(2);
        for (int i = 0; i < 300; i++)
        {
            tell(all.get(0));
        }
        all.forEach(this::ask);
        assertEquals(List.of("1 REPLAY_PAUSED", "2 REPLAY_PAUSED"), ends());
        out.clear();
        ask(all.get(0));
        pass(5_000);
        assertEquals(List.of(), ends(), "the other one asks again");
        ask(all.get(1));
        assertEquals(List.of("1 REPLAY_DONE", "2 REPLAY_DONE"), ends());
        assertEquals(44, kinds().stream().filter(MatchedAction.Kind.REPLAY::equals).count());
    }

    /** What a connection leaves behind by ending its subscriptions does not pile up, nor is it waited for. */
    @Test
    void shouldForgetThoseThatAskAndEndWhileAnotherOneIsAwaited()
    {
        begin(1);
        for (int i = 0; i < 1_000; i++)
        {
            final PatientSubscriber brief = add();
            ask(brief);
            open.find(CONNECTION).removeSubscribed(brief.topic);
        }
        ask(all.get(0));
        assertEquals(List.of("1 REPLAY_DONE"), ends());

        begin(1);
        ask(all.get(all.size() - 1));
        open.forget(CONNECTION, nowNs);
        out.clear();
        pass(2_000);
        assertEquals(List.of(), ends(), "the connection is gone");
    }

    private void begin(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            add();
        }
    }

    private PatientSubscriber add()
    {
        final int id = all.size() + 1;
        final Feed feed = new Feed(id, "eth_subscribe[\"other\"]", 0, ITEM, null, 1);
        feed.history = new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), 512, () -> 0, 512, 0);
        final TopicGroup group = new TopicGroup("group" + id, feed, null, false, 0);
        group.history = new TopicHistory(feed.history, budget.indexes(), 512, true, 0);
        final TopicState topic = new TopicState(
            new Topic(id, "\"0x" + id + '"', new ItemEnvelope(ItemEnvelope.GETHS, "eth_subscription"), ORDERED),
            "other" + id, 0, group, new SubscriptionIdToken(SubscriptionIdForm.HEX));
        topic.ordered = new OrderedTopic(topic, 0, blocks, new ToldItems(budget.told()));
        final PatientSubscriber subscriber = new PatientSubscriber(topic, ORDERED, 0, -1);
        subscriber.toldPlace = 0;
        open.findOrAdd(CONNECTION).addPatient(subscriber);
        all.add(subscriber);
        return subscriber;
    }

    /** A block with one item of a topic. */
    private void tell(final PatientSubscriber subscriber)
    {
        final TopicState topic = subscriber.topic;
        topic.feed.history.append(ITEM, 0, ITEM.length, 0);
        topic.group.history.append();
        blocks.add(blocks.next(), false);
        topic.ordered.onTold(topic.group.history.next() - 1, 0, 1);
    }

    /** In a slot of its own. */
    private void ask(final PatientSubscriber subscriber)
    {
        returns.onAsked(new Intervals.Parked(subscriber, CONNECTION, 0, 0), nowNs);
        returns.onSlotEnd(nowNs, out);
    }

    private void pass(final int ms)
    {
        nowNs += ms * MS;
        returns.onSlotEnd(nowNs, out);
    }

    private List<MatchedAction.Kind> kinds()
    {
        return IntStream.range(0, out.size()).mapToObj(i -> out.get(i).kind).toList();
    }

    private List<String> ends()
    {
        return IntStream.range(0, out.size()).mapToObj(out::get)
            .filter(action -> action.kind != MatchedAction.Kind.REPLAY)
            .map(action -> action.topicId + " " + action.kind).toList();
    }
}
