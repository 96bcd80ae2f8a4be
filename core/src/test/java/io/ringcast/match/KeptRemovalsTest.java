package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Logs kept to be told as removed: no reader takes so many that others have no room for theirs. */
class KeptRemovalsTest
{
    private static final int LENGTH_BYTES = 1_000;
    private static final int LIMIT_PAGES = 50;

    private final CounterSet counters = new CounterSet();
    private final HistoryBudget budget = new HistoryBudget(LIMIT_PAGES * LENGTH_BYTES * 16 / 5, counters);

    private static HistoryPage page(final long number)
    {
        final HistoryPage page =
            new HistoryPage(HistoryPage.Kind.BLOCK, null, "", number, number, new long[]{number, 2, 3, 4});
        page.bytes = new byte[LENGTH_BYTES];
        page.count = 1;
        page.isAnswered = true;
        return page;
    }

    private static List<HistoryPage> keep(final KeptRemovals keeper, final int count)
    {
        final List<HistoryPage> kept = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final HistoryPage page = page(i);
            if (keeper.tryKeep(page))
            {
                kept.add(page);
            }
        }
        return kept;
    }

    /** One that does not take what it asked for may be in the midst of its past for hours. */
    @Test
    void shouldMakeRoomForAReaderGivenAnotherThatHasTakenAll()
    {
        final KeptRemovals first = new KeptRemovals(budget);
        final List<HistoryPage> ofFirst = keep(first, 2 * LIMIT_PAGES);
        assertEquals(LIMIT_PAGES, ofFirst.size());
        assertEquals(LIMIT_PAGES, counters.get(RelayCounter.REMOVALS_REFUSED));
        assertEquals(0, counters.get(RelayCounter.REMOVALS_GIVEN_UP_BYTES));

        final KeptRemovals second = new KeptRemovals(budget);
        final List<HistoryPage> ofSecond = keep(second, LIMIT_PAGES);

        assertEquals(LIMIT_PAGES / 2, ofSecond.size());
        assertEquals(LIMIT_PAGES / 2 * LENGTH_BYTES, counters.get(RelayCounter.REMOVALS_GIVEN_UP_BYTES));
        assertEquals(LIMIT_PAGES + LIMIT_PAGES / 2, counters.get(RelayCounter.REMOVALS_REFUSED));
        for (int i = 0; i < LIMIT_PAGES; i++)
        {
            final boolean isGivenUp = i < LIMIT_PAGES / 2;
            assertEquals(isGivenUp, ofFirst.get(i).bytes == null, "the oldest block goes first: " + i);
            assertEquals(isGivenUp, ofFirst.get(i).keptBy == null);
        }
        ofFirst.forEach(HistoryPage::release);
        ofSecond.forEach(HistoryPage::release);
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void shouldCountARemovalThatCanNoLongerBeToldSinceItsLogsWereGivenUp()
    {
        final TopicState topic =
            ConflationLawTest.topic("eth_subscribe[\"logs\",{}]", true, new HistoryBudget(1 << 20));
        final PatientSubscriber subscriber =
            new PatientSubscriber(topic, ConflationLawTest.conflating(), 1, -1);
        final HistoryQueue queue = new HistoryQueue(
            subscriber, null, budget, new HistoryPages(LENGTH_BYTES, counters), null, counters);
        final TailBlock block = new TailBlock(7, new long[]{1, 2, 3, 4});
        block.page = page(7);
        block.isSent = true;
        assertTrue(subscriber.removals(budget).tryKeep(block.page));
        queue.addRemoval(block);
        assertEquals(0, counters.get(RelayCounter.LOGS_REMOVED_LOST));

        subscriber.removals(budget).giveUp();
        queue.send(null, null, null);

        assertTrue(queue.isEmpty());
        assertEquals(1, counters.get(RelayCounter.LOGS_REMOVED_LOST));
        assertEquals(0, budget.usedBytes());
    }

    /** What is owed to who is read on for goes as a whole: then it is told that it has lost its place. */
    @Test
    void shouldForgetWhereASubscriberStandsGivenThatOthersNeedTheRoom()
    {
        final TopicState topic =
            ConflationLawTest.topic("eth_subscribe[\"logs\",{}]", true, new HistoryBudget(1 << 20));
        final KeptRemovals removals = new KeptRemovals(budget);
        final SpillPlace place = new SpillPlace(topic, null, removals);
        topic.feed.history.append(new byte[]{'{', '}'}, 0, 2, 0, 0, 5, 155, FeedHistory.place(0, false));
        topic.group.history.append();
        place.note(2);
        assertNotNull(place.last());
        topic.feed.history.append(
            new byte[LENGTH_BYTES * LIMIT_PAGES - 100], 0, LENGTH_BYTES * LIMIT_PAGES - 100, 0, 0, 5, 155,
            FeedHistory.place(0, true));
        topic.group.history.append();
        place.lookAtAll();
        assertTrue(removals.takenBytes() > LENGTH_BYTES * (LIMIT_PAGES - 1));

        final KeptRemovals second = new KeptRemovals(budget);
        assertTrue(second.tryKeep(page(1)));

        assertNull(place.last());
        assertEquals(0, removals.takenBytes());
    }
}
