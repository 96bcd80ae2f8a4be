package io.ringcast.match;

import io.ringcast.config.SubscriptionIdForm;
import io.ringcast.lane.HeadArbiter;
import io.ringcast.lane.HeadSink;
import io.ringcast.lane.LaneRules;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import io.ringcast.session.Topic;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What is kept for topics that are told whole blocks is kept as long as there are any. */
class BlockOrderTest
{
    private static final DeliveryOptions ORDERED =
        new DeliveryOptions(null, null, null, null, null, true, null, null, null, null, null);

    private final CounterSet counters = new CounterSet();
    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final HeadSink nobody = HeadSink.class.cast(Proxy.newProxyInstance(
        HeadSink.class.getClassLoader(), new Class<?>[]{HeadSink.class}, (proxy, method, args) -> null));
    private final BlockOrder order = new BlockOrder(
        new HeadArbiter(new LaneRules(1, 1, 1, 1, 1, 1, 1, 1, 64), counters, nobody), budget,
        new StageClock(RelayClock.ofSystem()), counters);

    @Test
    void shouldCountTheItemsOfBlocksAsLongAsAGroupHasATopicOfWholeBlocks()
    {
        final TopicGroup group = group();
        final TopicState first = topic(group, 1);
        final TopicState second = topic(group, 2);
        final TopicState other = topic(group(), 3);
        order.onAdded(first);
        order.onAdded(second);
        order.onAdded(other);
        final BlockItems counted = group.blockItems;
        assertNotNull(counted);

        order.onRemoved(first);
        assertEquals(counted, group.blockItems, "the second one goes on with the same");
        order.onRemoved(second);
        assertNull(group.blockItems, "nobody needs it, and each item would be noted");
        assertNotNull(other.group.blockItems, "the other group has one");

        order.onAdded(second);
        assertNotNull(group.blockItems, "somebody has come again");
    }

    private TopicGroup group()
    {
        final byte[] id = "7".getBytes(StandardCharsets.US_ASCII);
        final Feed feed = new Feed(1, "eth_subscribe[\"newHeads\"]", 0, id, null, 1);
        feed.history = new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), 64, () -> 0, 64, 0);
        final TopicGroup group = new TopicGroup("group", feed, null, false, 0);
        group.history = new TopicHistory(feed.history, budget.indexes(), 64, true, 0);
        return group;
    }

    private static TopicState topic(final TopicGroup group, final int id)
    {
        final Topic topic = new Topic(
            id, "\"0x" + id + '"', new ItemEnvelope(ItemEnvelope.GETHS, "eth_subscription"), ORDERED);
        return new TopicState(topic, "heads", 0, group, new SubscriptionIdToken(SubscriptionIdForm.HEX));
    }
}
