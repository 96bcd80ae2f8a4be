package io.ringcast.pipeline;

import io.ringcast.config.JournalConfig;
import io.ringcast.config.JournalPolicy;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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
    private static final long PUSH_BACK_MS = 100;

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
        final Set<String> recorded =
            Set.of("kind", "connectionId", "laneIndex", "nowNs", "frame", "connectionOptions", "verdicts", "readings");
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
                pollJournal(relay, 2 * PUSH_BACK_MS);
            }

            assertTrue(taken < RING_SLOTS);
            assertFalse(relay.pipeline.journal().isBroken());
            assertEquals(1, relay.parts.journalCounters().get(RelayCounter.JOURNAL_HOLDS));
            relay.recording().refuse(0);
            relay.run();
            assertTrue(relay.tryClientSays(client, CALL));
            relay.run();
            assertEquals(taken + 1, relay.recording().slots());
        }
    }

    @Test
    void shouldGiveTheJournalUpGivenOneThatTakesNothing()
    {
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            final FakeOutlet client = relay.connect();
            relay.recording().refuse(Integer.MAX_VALUE);
            relay.says(client, CALL);
            pollJournal(relay, 0);
            assertFalse(relay.pipeline.journal().isBroken());

            pollJournal(relay, PUSH_BACK_MS);

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

    /** It never takes nothing for as long as it may, and what it has yet to take is ever older. */
    @Test
    void shouldGiveTheJournalUpGivenOneThatTakesLessThanComes()
    {
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            final FakeOutlet client = relay.connect();
            relay.run();
            final long before = relay.recording().slots();
            final List<Long> encodedAtNs = new ArrayList<>();
            while (!relay.pipeline.journal().isBroken())
            {
                final int unrecorded = (int)(relay.recording().slots() - before);
                assertTrue(unrecorded == encodedAtNs.size() ||
                    relay.nowNs - encodedAtNs.get(unrecorded) <= PUSH_BACK_MS * 5 / 4 * 1_000_000L,
                    "it waits too long");
                for (int i = 0; i < 3; i++)
                {
                    relay.says(client, CALL);
                    encodedAtNs.add(relay.nowNs);
                }
                relay.recording().takeOnly(1);
                pollJournal(relay, PUSH_BACK_MS / 10);
            }
        }
    }

    @Test
    void shouldKeepAJournalThatTakesAllWithinTheTime()
    {
        try (FakeRelay relay = relay(JournalPolicy.BREAK))
        {
            final FakeOutlet client = relay.connect();
            relay.run();
            for (int i = 0; i < 100; i++)
            {
                relay.says(client, CALL);
                relay.says(client, CALL);
                relay.recording().takeOnly(i % 10 == 9 ? Integer.MAX_VALUE : 1);
                pollJournal(relay, PUSH_BACK_MS / 12);
            }

            assertFalse(relay.pipeline.journal().isBroken());
            assertTrue(relay.parts.journalCounters().get(RelayCounter.JOURNAL_PUSH_BACKS) >= 10);
        }
    }

    private static FakeRelay relay(final JournalPolicy policy)
    {
        final JournalConfig journal = JournalConfig.builder().whenBehind(policy)
            .set(JournalConfig.PUSH_BACK_MS, PUSH_BACK_MS).build();
        final FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().ringSlots(RING_SLOTS).journal(journal), NetworkConfig.builder());
        return relay;
    }

    /** Lets the stages run, and the journal poll once after the time has passed. */
    private static void pollJournal(final FakeRelay relay, final long passedMs)
    {
        relay.pipeline.runStages();
        relay.pipeline.poller(0).poll();
        relay.nowNs += passedMs * 1_000_000L;
        relay.pipeline.journal().poll(relay.nowNs);
    }
}
