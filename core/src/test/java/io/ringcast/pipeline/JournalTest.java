package io.ringcast.pipeline;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever a publisher can put into a slot is recorded, and a journal that falls behind does as the settings say. */
class JournalTest
{
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
    private static final int RING_SLOTS = 64;
    private static final int SEEDS = 200;
    private static final long LIMIT_NS = 750_000_000L;

    @Test
    void shouldGiveEachKindACodeOfItsOwn()
    {
        final Set<Integer> codes = new HashSet<>();
        for (final EventKind kind : EventKind.values())
        {
            assertTrue(codes.add(EventCodes.codeOf(kind)), kind + " shares its code");
            assertSame(kind, EventCodes.kindOf(EventCodes.codeOf(kind)));
        }
    }

    /** A new field that publishers write has to be recorded and replayed; then it may be named here. */
    @Test
    void shouldRecordEachFieldThatPublishersWrite()
    {
        final Set<String> recorded = Set.of("kind", "connectionId", "laneIndex", "nowNs", "beganAtNs", "frame",
            "connectionOptions", "verdicts", "readings");
        // What the rights said is recorded as verdicts.
        final Set<String> ofOthers = Set.of("rights", "largeBytes", "correlated", "matched", "egress");
        final Set<String> all = new HashSet<>(recorded);
        all.addAll(ofOthers);

        assertEquals(all, new HashSet<>(
            Arrays.stream(RelayEvent.class.getDeclaredFields()).map(Field::getName).toList()));
    }

    @Test
    void shouldRecordEverythingGivenAJournalThatTakesItsTime()
    {
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            final FakeOutlet client = relay.connect();
            for (int i = 0; i < 10; i++)
            {
                relay.recording().refuse(3);
                relay.says(client, CALL);
                relay.run();
            }

            assertFalse(relay.pipeline.journal().isBroken());
            assertEquals(10, relay.recording().slots());
        }
    }

    @Test
    void shouldHoldTheRelayBackGivenAJournalThatTakesNothing()
    {
        try (FakeRelay relay = relay(JournalPolicy.HOLD))
        {
            final FakeOutlet client = relay.connect();
            relay.recording().refuse(Integer.MAX_VALUE);
            int taken = 0;
            while (relay.tryClientSays(client, CALL))
            {
                taken++;
                pollJournal(relay);
            }

            assertTrue(taken < RING_SLOTS);
            assertFalse(relay.pipeline.journal().isBroken());
            assertEquals(1, relay.parts.journalCounters().get(RelayCounter.JOURNAL_PUSH_BACKS));
            relay.recording().refuse(0);
            relay.run();
            assertTrue(relay.tryClientSays(client, CALL));
            relay.run();
            assertEquals(taken + 1, relay.recording().slots());
        }
    }

    /** What is taken but not written goes with the process; nobody may have it before. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldDeliverWhatIsNotWrittenOnlyGivenThatItIsNotToHold(final JournalPolicy policy)
    {
        try (FakeRelay relay = relay(policy))
        {
            relay.nodeUp();
            final FakeOutlet client = relay.connect();
            relay.run();
            relay.node.received.clear();
            relay.recording().write(false);
            relay.says(client, CALL);
            for (int i = 0; i < 3; i++)
            {
                pollJournal(relay);
            }
            assertEquals(policy == JournalPolicy.HOLD ? 0 : 1, relay.node.received.size());

            relay.recording().write(true);
            pollJournal(relay);
            relay.pipeline.poller(0).poll();
            assertEquals(1, relay.node.received.size());
        }
    }

    /** A journal that is given up holds nothing back. */
    @ParameterizedTest
    @EnumSource(JournalPolicy.class)
    void shouldLetAllPassGivenThatItIsGivenUp(final JournalPolicy policy)
    {
        try (FakeRelay relay = relay(policy))
        {
            final FakeOutlet client = relay.connect();
            relay.recording().refuse(Integer.MAX_VALUE);
            relay.recording().write(false);
            relay.says(client, CALL);
            pollJournal(relay);
            assertFalse(relay.pipeline.journal().isBroken());

            relay.pipeline.journal().giveUp("test");

            assertTrue(relay.pipeline.journal().isBroken());
            assertTrue(relay.recording().isBroken);
            assertEquals(1, relay.parts.journalCounters().get(RelayCounter.JOURNAL_BREAKS));
            for (int i = 0; i < 3 * RING_SLOTS; i++)
            {
                relay.says(client, CALL);
                relay.run();
            }
        }
    }

    /** Never less than the truth, or a kill could lose more than was promised; and not much more. */
    @Test
    void shouldTellTheAgeOfTheOldestThatIsNotWritten()
    {
        for (int seed = 0; seed < SEEDS; seed++)
        {
            checkAge(seed);
        }
    }

    private static void checkAge(final long seed)
    {
        final Random random = new Random(seed);
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            final FakeOutlet client = relay.connect();
            relay.run();
            final long stepNs = LIMIT_NS / 32;
            final JournalLag lag = relay.pipeline.journal().newLag(LIMIT_NS, relay.nowNs);
            final List<Long> encodedAtNs = new ArrayList<>();
            final int before = relay.recording().records.size();
            long lookedNs = relay.nowNs;
            for (int i = 0; i < 200; i++)
            {
                for (int n = random.nextInt(3); n > 0 && relay.tryClientSays(client, CALL); n--)
                {
                    relay.pipeline.runStages();
                    encodedAtNs.add(relay.nowNs);
                }
                relay.nowNs += 1 + (long)(random.nextDouble() * stepNs);
                relay.recording().takeOnly(random.nextInt(4) == 0 ? RING_SLOTS : random.nextInt(2));
                relay.recording().write(random.nextInt(3) > 0);
                pollJournal(relay);
                final int written = (int)relay.recording().writtenPosition() - before;
                final long ageNs = written >= encodedAtNs.size() ? 0 : relay.nowNs - encodedAtNs.get(written);
                final long toldNs = lag.ageNs(relay.nowNs);

                final String name = "seed " + seed + ", look " + i + ": " + ageNs + " ns, told " + toldNs;
                assertTrue(toldNs >= ageNs, name);
                if (ageNs < LIMIT_NS)
                {
                    assertTrue(toldNs <= ageNs + 2 * stepNs + 2 * (relay.nowNs - lookedNs), name);
                }
                lookedNs = relay.nowNs;
            }
            relay.recording().takeOnly(Integer.MAX_VALUE);
            relay.recording().write(true);
            relay.run();
        }
    }

    /** Their clock goes on where that of an earlier process was; the loops go by the system's. */
    @Test
    void shouldRecordTheTimeOfTheStagesClockGivenAnother()
    {
        final long offsetNs = -77_000_000_000L;
        final List<Long> toldNs = new ArrayList<>();
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            relay.pipeline.setClockOffsetNs(offsetNs);
            final FakeOutlet client = relay.connect();
            relay.says(client, CALL);
            relay.run();
            for (int i = 0; i < relay.recording().slots(); i++)
            {
                toldNs.add(relay.pipeline.slot(i).nowNs);
            }
            assertTrue(toldNs.size() > 0);
            assertEquals(Set.of(relay.nowNs + offsetNs), new HashSet<>(toldNs));
            assertEquals(relay.pipeline.slot(0).nowNs, relay.pipeline.slot(0).beganAtNs);
        }
    }

    private static FakeRelay relay(final JournalPolicy policy)
    {
        final JournalConfig journal = JournalConfig.builder().whenBehind(policy).build();
        final FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().ringSlots(RING_SLOTS).journal(journal), NetworkConfig.builder());
        return relay;
    }

    /** Lets the stages run, and the journal poll once. */
    private static void pollJournal(final FakeRelay relay)
    {
        relay.pipeline.runStages();
        relay.pipeline.poller(0).poll();
        relay.pipeline.journal().poll();
    }
}
