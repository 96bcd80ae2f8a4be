package io.ringcast.egress;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.ringcast.metrics.CounterSet;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
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
    private static final int SUBSCRIBERS = 4_000;
    private static final int ROUNDS = 200;

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

    /** The least of many rounds, and three times as much, so that a machine that is busy does not fail it. */
    @Test
    void shouldCostOthersNoMoreThanALookHoweverManyAreMeasured()
    {
        leastNs(0, 7);
        final long plainNs = leastNs(0, 7);
        final long strangersNs = leastNs(EgressLoop.LIMIT_MEASURED, 8);
        final long ownNs = leastNs(EgressLoop.LIMIT_MEASURED, 7);

        final String what = "plain " + plainNs + " ns, strangers " + strangersNs + ", their own " + ownNs;
        assertTrue(strangersNs < 3 * plainNs, what);
        assertTrue(ownNs < 3 * plainNs, what);
    }

    private static long leastNs(final int measured, final int topicId)
    {
        final EgressLoop loop = new EgressLoop(0, 1, FALLBACK_NS, new CounterSet());
        final ByteBuf bytes = Unpooled.directBuffer(64).writeZero(64);
        final ActionList<EgressAction> actions = new ActionList<>(EgressAction::new);
        for (int id = 1; id <= SUBSCRIBERS + measured; id++)
        {
            final Outlet outlet = new IdleOutlet(id);
            loop.addConnection(outlet);
            final EgressAction open = actions.add();
            open.kind = EgressAction.Kind.OPEN;
            open.connectionId = id;
            open.topicId = id <= SUBSCRIBERS ? 7 : topicId;
            loop.onActions(actions, 0, fault -> { });
            actions.clear();
            if (id > SUBSCRIBERS)
            {
                loop.tryMeasure(outlet, 0);
            }
        }
        long leastNs = Long.MAX_VALUE;
        for (int round = 1; round <= ROUNDS; round++)
        {
            final EgressAction item = actions.add();
            item.kind = EgressAction.Kind.FAN_OUT;
            item.topicId = 7;
            item.sequence = round;
            item.chunk = bytes;
            item.length = 64;
            final long startNs = System.nanoTime();
            loop.onActions(actions, 0, fault -> { });
            loop.endBatch();
            leastNs = Math.min(leastNs, System.nanoTime() - startNs);
            actions.clear();
        }
        loop.close();
        bytes.release();
        return leastNs;
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

    /** Takes what it is given and does nothing. Confined to the test's thread. */
    private static final class IdleOutlet extends Outlet
    {
        private long bytes;

        IdleOutlet(final long connectionId)
        {
            super(connectionId);
        }

        @Override
        public void append(
            final ByteBuf chunk, final int offset, final int length, final long receivedAtNs, final int items)
        {
            bytes += length;
        }

        @Override
        public void flush()
        {
            bytes++;
        }

        @Override
        public void fail()
        {
            throw new AssertionError("it has failed after " + bytes);
        }
    }
}
