package io.ringcast.egress;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is measured for those who ask, and what that costs the others. Confined to the test thread. */
class EgressFiguresTest extends EgressLoopBed
{
    private static final int SUBSCRIBERS = 1_000;
    private static final int ROUNDS = 100;

    private final Map<Long, List<Double>> ranks = new HashMap<>();

    @Test
    void shouldTellEachItsPlaceWheneverItBeganAndWhoeverElseIsMeasured()
    {
        final List<NotingOutlet> all = new ArrayList<>();
        for (int id = 1; id <= 4; id++)
        {
            all.add(subscribed(id, 7));
        }
        final NotingOutlet stranger = subscribed(5, 8);
        measure(stranger, 0);
        say();
        measure(all.get(0), 0);
        measure(all.get(2), 0);
        say();
        say();
        open(stranger, 7);
        act(0);
        say();
        assertRank(all.get(0), 3);
        loop.removeConnection(all.get(0));
        say();
        say();

        assertRank(all.get(2), 5);
        assertRank(stranger, 3);
    }

    @Test
    void shouldMeasureNoMoreThanTheBoundUntilOneHasNotAskedForLong()
    {
        final List<NotingOutlet> all = new ArrayList<>();
        for (int id = 1; id <= EgressLoop.LIMIT_MEASURED + 1; id++)
        {
            all.add(subscribed(id, 7));
        }
        final NotingOutlet last = all.remove(all.size() - 1);
        all.forEach(outlet -> measure(outlet, 0));
        assertFalse(loop.tryMeasure(last, 0));
        assertNull(last.figures());

        measure(all.get(0), 1);
        loop.onTick(OwnFigures.UNASKED_NS - 1);
        assertFalse(loop.tryMeasure(last, OwnFigures.UNASKED_NS - 1));
        loop.onTick(OwnFigures.UNASKED_NS);

        measure(last, OwnFigures.UNASKED_NS);
        assertTrue(all.get(0).figures() != null);
        assertNull(all.get(1).figures());
        loop.removeConnection(all.get(0));
        loop.onTick(3 * OwnFigures.UNASKED_NS);
        assertFalse(loop.isMeasuring());
    }

    @Test
    void shouldTakeNoMoreHeapThanIsCounted()
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        new OwnFigures(0);

        final long before = threads.getThreadAllocatedBytes(thread);
        final OwnFigures figures = new OwnFigures(0);
        final long takenBytes = threads.getThreadAllocatedBytes(thread) - before;

        assertTrue(takenBytes <= OwnFigures.BYTES, () -> takenBytes + " bytes");
        figures.onDelivered(0, 4_100, 10_900, 1);
        assertTrue(figures.toJson(1).startsWith("\"rx2pub_us\":{\"p50\":4."), figures.toJson(1));
    }

    @Test
    void shouldCostOneLookAtEachWhoGetsItHoweverManyAreMeasured()
    {
        final ObservedOutlets observed = new ObservedOutlets();
        final LoopTopic strange = new LoopTopic(7);
        final LoopTopic own = new LoopTopic(8);
        for (int id = 1; id <= SUBSCRIBERS; id++)
        {
            strange.add(new NotingOutlet(id));
            final NotingOutlet measured = new NotingOutlet(SUBSCRIBERS + id);
            own.add(measured);
            observed.tryMeasure(measured, 0);
        }

        for (int round = 0; round < ROUNDS; round++)
        {
            observed.noteRanks(strange, round);
        }
        assertEquals(SUBSCRIBERS, observed.looks());

        for (int round = 0; round < ROUNDS; round++)
        {
            observed.noteRanks(own, round);
        }
        assertEquals(SUBSCRIBERS + ROUNDS * SUBSCRIBERS, observed.looks());
    }

    private void measure(final NotingOutlet outlet, final long nowNs)
    {
        assertTrue(loop.tryMeasure(outlet, nowNs));
    }

    /** An item goes out; the order of the flushes is the oracle of who got it as which. */
    private void say()
    {
        flushed.clear();
        fanOut(7, "x");
        act(0);
        loop.endBatch();
        for (int i = 0; i < flushed.size(); i++)
        {
            ranks.computeIfAbsent(flushed.get(i), id -> new ArrayList<>()).add((i + 0.5) / flushed.size());
        }
    }

    /** Who is measured later has the ranks since. */
    private void assertRank(final NotingOutlet outlet, final int expected)
    {
        final String json = outlet.figures().toJson(1);
        final int count = Integer.parseInt(json.substring(json.lastIndexOf(':') + 1, json.length() - 1));
        final List<Double> all = ranks.get(outlet.connectionId());
        final List<Double> since = all.subList(all.size() - count, all.size());
        assertEquals(expected, count, json);
        final double mean = since.stream().mapToDouble(rank -> rank).sum() / count;
        assertTrue(json.contains(String.format(Locale.ROOT, "\"mean\":%.3f,", mean)), () -> json + " for " + mean);
    }
}
