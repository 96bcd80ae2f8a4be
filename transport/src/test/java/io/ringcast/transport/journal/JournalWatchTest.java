package io.ringcast.transport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.journal.JournalSink;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.PipelineParts;
import io.ringcast.pipeline.RelayPipeline;
import io.ringcast.pipeline.ThreadingMode;
import io.ringcast.session.ConnectionId;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * However a disk falls behind, the journal is given up before what was delivered and is not written is as old as the
 * sync interval; and not for less. The time is passed in.
 */
class JournalWatchTest
{
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final JournalConfig DEFAULTS = JournalConfig.defaults();
    private static final long SYNC_NS = DEFAULTS.syncIntervalMs() * MS;
    private static final int RING_SLOTS = 1_024;

    /** A disk: what it takes now, and whether what it took is written. */
    private static final class Disk implements JournalSink
    {
        long takes = Long.MAX_VALUE;
        boolean isWriting = true;
        boolean isBroken;
        private long taken;
        private long written;

        @Override
        public Result offer(final DirectBuffer buffer, final int offset, final int lengthBytes)
        {
            if (takes == 0)
            {
                return Result.BACK_PRESSURED;
            }
            takes--;
            taken++;
            return Result.TAKEN;
        }

        @Override
        public int maxRecordBytes()
        {
            return 65_536;
        }

        @Override
        public long position()
        {
            return taken;
        }

        @Override
        public long writtenPosition()
        {
            written = isWriting ? taken : written;
            return written;
        }

        @Override
        public void onBroken()
        {
            isBroken = true;
        }
    }

    private final Disk disk = new Disk();
    private final RecordedRings rings = new RecordedRings();
    private final List<Long> deliveredAtNs = new ArrayList<>();
    private RelayPipeline pipeline;
    private CounterSet counters;
    private JournalWatch watch;
    private boolean isAlive = true;
    private boolean isFaulty;
    private boolean isHolding;
    private long passedMs;
    private long nowNs = Long.MAX_VALUE - 10 * MS;

    private void begin(final JournalPolicy policy)
    {
        final RelayConfig config = RelayConfig.builder().upstream("ws://127.0.0.1:1").ringSlots(RING_SLOTS)
            .journal(DEFAULTS.toBuilder().whenBehind(policy).build()).build();
        final NetworkConfig network = config.networks().get(0);
        final PipelineParts parts = new PipelineParts(config, network, ThreadingMode.INVOKER,
            new CounterSet[]{new CounterSet()}, UnpooledByteBufAllocator.DEFAULT, error -> { },
            PipelineParts.newSeed()).journal(disk);
        pipeline = parts.build();
        counters = parts.journalCounters();
        rings.add(new RecordedRing(null, pipeline.journal(), counters));
        isHolding = policy == JournalPolicy.HOLD;
        watch = new JournalWatch(rings, this::isAlive, config.journal());
        watch.begin(nowNs);
    }

    private boolean isAlive()
    {
        if (isFaulty)
        {
            throw new IllegalStateException("test");
        }
        return isAlive;
    }

    @AfterEach
    void end()
    {
        pipeline.close();
    }

    /** A slot is delivered, if there is space. */
    private void deliver()
    {
        if (pipeline.publisher(0).tryPublish(EventKind.TICK, ConnectionId.NONE, 0, nowNs))
        {
            pipeline.runStages();
            pipeline.poller(0).poll();
            deliveredAtNs.add(nowNs);
        }
    }

    /**
     * Lets time pass, with a slot and a look of the watch each so often.
     *
     * @param moreMs  for how long.
     * @param isStuck whether the journal's thread is in a write all the time, or else polls each millisecond.
     * @return true if the watch has taken the rings.
     */
    private boolean pass(final long moreMs, final boolean isStuck)
    {
        final long checkMs = watch.checkNs() / MS;
        for (final long untilMs = passedMs + moreMs; passedMs < untilMs; )
        {
            passedMs++;
            nowNs += MS;
            if (passedMs % 5 == 0)
            {
                deliver();
            }
            if (!isStuck)
            {
                rings.poll();
            }
            if (passedMs % checkMs == 0 && watch.doWork(nowNs))
            {
                return true;
            }
            checkLoss();
        }
        return false;
    }

    /** What a kill would lose now. */
    private void checkLoss()
    {
        final int written = (int)disk.written;
        // Who is to hold is behind what is written; so it is in the core's tests.
        assertTrue(isHolding || disk.isBroken || written >= deliveredAtNs.size() ||
            nowNs - deliveredAtNs.get(written) <= SYNC_NS, "a kill would lose what was delivered long ago");
    }

    private long count(final RelayCounter counter)
    {
        return counters.get(counter);
    }

    @Test
    void shouldTakeTheRingsGivenAThreadThatIsStuck()
    {
        begin(JournalPolicy.BREAK);
        assertFalse(pass(100, false));
        final long stuckNs = nowNs;

        assertTrue(pass(2 * DEFAULTS.syncIntervalMs(), true));

        assertTrue(nowNs - stuckNs >= (DEFAULTS.limitMs() - 50) * MS, "too early");
        assertTrue(disk.isBroken);
        assertTrue(rings.isTaken());
        final long polls = rings.polls();
        assertEquals(0, rings.poll());
        assertEquals(polls, rings.polls(), "the thread that comes back polls no more");
    }

    /** Each by itself is within the time; what was pushed back is at risk through both. */
    @ParameterizedTest
    @ValueSource(ints = {100, 400, 700})
    void shouldGiveTheJournalUpInTimeGivenADiskThatPushesBackAndThenIsStuck(final int pushedBackMs)
    {
        begin(JournalPolicy.BREAK);
        pass(100, false);
        disk.takes = 0;
        assertFalse(pass(pushedBackMs, false));
        assertFalse(disk.isBroken);
        // It takes all, and the write of it does not end.
        disk.takes = Long.MAX_VALUE;
        disk.isWriting = false;
        rings.poll();

        pass(2 * DEFAULTS.syncIntervalMs(), true);

        assertTrue(disk.isBroken);
        assertEquals(1, count(RelayCounter.JOURNAL_BREAKS));
    }

    /** It never takes nothing, and what it has yet to take is ever older. */
    @Test
    void shouldGiveTheJournalUpInTimeGivenADiskThatTakesLessThanComes()
    {
        begin(JournalPolicy.BREAK);
        for (int i = 0; i < 400 && !disk.isBroken; i++)
        {
            disk.takes = 1;
            assertFalse(pass(10, false), "its thread gives it up itself");
        }
        assertTrue(disk.isBroken);
        assertFalse(rings.isTaken());
    }

    @Test
    void shouldKeepTheJournalGivenADiskThatIsBackInTime()
    {
        begin(JournalPolicy.BREAK);
        for (int i = 0; i < 10; i++)
        {
            assertFalse(pass(DEFAULTS.limitMs() - 100, true));
            pass(50, false);
            disk.takes = 0;
            pass(DEFAULTS.limitMs() - 100, false);
            disk.takes = Long.MAX_VALUE;
            pass(50, false);
        }
        assertFalse(disk.isBroken);
    }

    /** The process was stopped, or the machine slept: all is old at once, and its thread may write it first. */
    @Test
    void shouldKeepTheJournalGivenThatNothingRanForAWhile()
    {
        begin(JournalPolicy.BREAK);
        for (int i = 0; i < 10; i++)
        {
            deliver();
            nowNs += TimeUnit.HOURS.toNanos(1);
            assertFalse(watch.doWork(nowNs));
            rings.poll();
            nowNs += watch.checkNs();
            assertFalse(watch.doWork(nowNs));
        }
        assertFalse(disk.isBroken);
    }

    /** A watch that is always late must not wait for ever. */
    @Test
    void shouldGiveTheJournalUpGivenLooksThatAreAllLate()
    {
        begin(JournalPolicy.BREAK);
        deliver();
        for (int i = 0; i < 2; i++)
        {
            nowNs += SYNC_NS;
            assertFalse(watch.doWork(nowNs));
        }
        nowNs += SYNC_NS;

        assertTrue(watch.doWork(nowNs));
    }

    /** Nothing that is not written was delivered, so a kill loses nothing. */
    @Test
    void shouldHoldDeliveryGivenThatItIsToHold()
    {
        begin(JournalPolicy.HOLD);
        assertFalse(pass(100, false));
        disk.isWriting = false;
        assertFalse(pass(10, false));
        assertFalse(pass(5_000, true));
        assertFalse(disk.isBroken);
        assertEquals(1, count(RelayCounter.JOURNAL_HOLDS));

        disk.isWriting = true;
        pass(100, false);
        assertFalse(pass(5_000, true));
        assertEquals(2, count(RelayCounter.JOURNAL_HOLDS), "a second time is one more");
    }

    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldTakeThemGivenAThreadThatHasEndedWhateverTheSettings(final JournalPolicy policy)
    {
        begin(policy);
        isAlive = false;
        nowNs += watch.checkNs();

        assertTrue(watch.doWork(nowNs));
        assertTrue(disk.isBroken);
    }

    /** The last sync may take the disk as long as it likes; a run that is recorded to its end stays whole. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldLeaveThemGivenThatAllIsRecordedToItsEnd(final JournalPolicy policy)
    {
        begin(policy);
        pass(100, false);
        rings.all().clear();
        assertTrue(rings.tryEnd());

        for (int i = 0; i < 100; i++)
        {
            nowNs += watch.checkNs();
            assertFalse(watch.doWork(nowNs));
        }
        isAlive = false;
        assertFalse(watch.doWork(nowNs));
        assertFalse(rings.isTaken());
    }

    /** Who polls in the place of a dead thread must not die of what it meets. */
    @Test
    void shouldGoOnPollingGivenSomethingThatIsThrown()
    {
        begin(JournalPolicy.BREAK);
        isAlive = false;
        nowNs += watch.checkNs();
        assertTrue(watch.doWork(nowNs));
        rings.add(null);

        for (int i = 0; i < 3; i++)
        {
            watch.doWork(++nowNs);
        }
        rings.all().remove(null);
        deliver();
        watch.doWork(++nowNs);

        assertEquals(RING_SLOTS, pipeline.remainingCapacitySlots(), "it does not poll any more");
        assertEquals(3, count(RelayCounter.JOURNAL_FAILURES));
    }

    @Test
    void shouldGoOnLookingGivenSomethingThatIsThrown()
    {
        begin(JournalPolicy.BREAK);
        isFaulty = true;
        for (int i = 0; i < 3; i++)
        {
            nowNs += watch.checkNs();
            assertFalse(watch.doWork(nowNs));
        }
        isFaulty = false;
        isAlive = false;
        nowNs += watch.checkNs();

        assertTrue(watch.doWork(nowNs));
        assertTrue(disk.isBroken);
        assertEquals(3, count(RelayCounter.JOURNAL_FAILURES));
    }

    /** Whoever takes the rings polls them, whatever comes in between. */
    @Test
    void shouldPollWhatItHasTakenGivenThatItCouldNotHaveThemGivenUp()
    {
        begin(JournalPolicy.BREAK);
        rings.add(null);
        isAlive = false;

        assertTrue(watch.doWork(++nowNs));
        assertTrue(rings.isTaken());
        rings.all().remove(null);
        deliver();
        watch.doWork(++nowNs);
        assertEquals(RING_SLOTS, pipeline.remainingCapacitySlots());
    }
}
