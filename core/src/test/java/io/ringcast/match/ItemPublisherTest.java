package io.ringcast.match;

import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.MatchedAction;
import io.ringcast.session.RelayClock;
import io.ringcast.session.StageClock;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is noted of items beside their texts as they are published. */
class ItemPublisherTest
{
    private static final byte[] ITEM = {'{', '}'};
    private static final long BEGAN_AT_NS = 1_000;
    private static final long READ_AT_NS = 5_000;

    private final HistoryBudget budget = new HistoryBudget(1 << 20);
    private final ItemPublisher publisher =
        new ItemPublisher(new StageClock(RelayClock.ofSystem()), new CounterSet());

    /** As a gap that is declared, and told on relay_status, before the logs behind it. */
    @Test
    void shouldNoteTheBeginningOfTheTextOfItsItemsAlsoBehindAnItemOfTheRelaysOwn()
    {
        final Feed status = ConflationLawTest.topic("eth_subscribe" + StatusFeed.PARAMS, true, budget).feed;
        final Feed syncing = ConflationLawTest.topic("eth_subscribe[\"syncing\"]", true, budget).feed;
        final ActionList<MatchedAction> out = new ActionList<>(MatchedAction::new);
        publisher.begin(1, BEGAN_AT_NS);
        publisher.beginEvent(0, READ_AT_NS, false, out);

        publisher.publish(syncing, ITEM, 0, ITEM.length);
        publisher.publishOwn(status, ITEM, 0, ITEM.length, READ_AT_NS, out);
        publisher.publish(syncing, ITEM, 0, ITEM.length);

        assertEquals(READ_AT_NS, status.history.readAtNs(0));
        assertEquals(BEGAN_AT_NS, syncing.history.readAtNs(0));
        assertEquals(BEGAN_AT_NS, syncing.history.readAtNs(1));
    }
}
