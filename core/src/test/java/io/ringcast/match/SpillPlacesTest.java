package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.LagOptions;
import io.ringcast.session.LagPolicy;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Slow subscribers that are to be read on for, and what is left of them when they go. */
class SpillPlacesTest
{
    private static final int KEPT_ITEMS = 8;
    private static final byte[] LOG = {'{', '}'};
    private static final DeliveryOptions READS_ON = new DeliveryOptions(
        null, new LagOptions(LagPolicy.SPILL, 0, 0, 0, List.of()), null, null, "backfill", null, null, null, null,
        null, null);

    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final TopicState topic = ConflationLawTest.topic("eth_subscribe[\"logs\",{}]", true, budget);
    private final CounterSet counters = new CounterSet();
    private final Histories histories =
        new Histories(null, null, budget, null, new StageClock(RelayClock.ofSystem()), counters);

    @BeforeEach
    void keepFewItems()
    {
        topic.feed.history =
            new FeedHistory(budget.chainFeeds(), budget.feedLimitBytes(), KEPT_ITEMS, () -> 0, 1, 0);
        topic.group.history = new TopicHistory(topic.feed.history, budget.indexes(), KEPT_ITEMS, true, 1);
    }

    private void say(final long blockNumber, final boolean isRemoved)
    {
        topic.feed.history.append(
            LOG, 0, LOG.length, 0, 0, blockNumber, blockNumber * 31, FeedHistory.place(0, isRemoved));
        topic.group.history.append();
    }

    private PatientSubscriber subscriber()
    {
        final PatientSubscriber subscriber = new PatientSubscriber(topic, READS_ON, 1, -1);
        histories.onAnsweredTo(subscriber, topic.group.history.next());
        return subscriber;
    }

    /** The chain leaves what it had last, and that is no longer kept. */
    private PatientSubscriber subscriberThatIsOwedARemoval()
    {
        say(5, false);
        final PatientSubscriber subscriber = subscriber();
        say(5, true);
        for (int i = 0; i < KEPT_ITEMS; i++)
        {
            say(5 + i, false);
        }
        assertTrue(owedBytes() > 0);
        return subscriber;
    }

    private long owedBytes()
    {
        return budget.usedBytes() - budget.chainFeeds().usedBytes() - budget.indexes().usedBytes();
    }

    @Test
    void shouldGiveBackWhatIsOwedToASubscriberThatGoes()
    {
        assertTrue(subscriberThatIsOwedARemoval().endIf(topic));

        assertEquals(0, owedBytes());
    }

    /** Nothing is looked at for it any more, but what it is owed has yet to be told. */
    @Test
    void shouldGiveBackWhatIsOwedToASubscriberThatGoesWhileItIsReadOnFor()
    {
        final PatientSubscriber subscriber = subscriberThatIsOwedARemoval();
        topic.feed.history.spilling.remove(subscriber);
        subscriber.isKept = true;

        assertTrue(subscriber.endIf(topic));

        assertEquals(0, owedBytes());
    }

    /** On a quiet chain the next item that is let go of may be days away. */
    @Test
    void shouldForgetASubscriberAtOnceWhenItGoes()
    {
        say(5, false);
        final List<PatientSubscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < 5; i++)
        {
            subscribers.add(subscriber());
        }
        for (final int gone : new int[]{1, 4, 0})
        {
            assertTrue(subscribers.get(gone).endIf(topic));
            assertEquals(SpillPlaces.NOWHERE, subscribers.get(gone).watchPlace);
        }

        final SpillPlaces places = topic.feed.history.spilling;
        final List<Integer> left = List.of(subscribers.get(2).watchPlace, subscribers.get(3).watchPlace);
        assertTrue(left.containsAll(List.of(0, 1)), left::toString);
        final PatientSubscriber next = subscriber();
        assertEquals(2, next.watchPlace);
        subscribers.forEach(places::remove);
        assertEquals(0, next.watchPlace);
    }
}
