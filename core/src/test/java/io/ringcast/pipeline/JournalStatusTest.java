package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The journal is given up while clients listen to the status, and others come later. */
class JournalStatusTest
{
    private static final long HEARTBEAT_NS = 1_100_000_000L;

    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldTellOnceThatTheJournalIsBrokenAndWithEachHeartbeatFromThenOn()
    {
        final FakeOutlet alice = listener();
        beat();
        assertTrue(told(alice, "\"journal").isEmpty(), alice.received::toString);

        relay.pipeline.journal().giveUp("the disk is full");
        beat();
        beat();

        assertEquals(1, told(alice, "\"event\":\"journalBroken\",\"feedsLive\":0").size(), alice.received::toString);
        assertEquals(2, told(alice, "\"event\":\"heartbeat\",\"journal\":\"broken\"").size(),
            alice.received::toString);

        final FakeOutlet bob = listener();
        beat();
        assertEquals(List.of(), told(bob, "journalBroken"));
        assertEquals(1, told(bob, "\"event\":\"heartbeat\",\"journal\":\"broken\"").size(), bob.received::toString);
    }

    private FakeOutlet listener()
    {
        final FakeOutlet client = relay.connect("relay=status");
        relay.run();
        relay.pongs(client);
        relay.run();
        return client;
    }

    private void beat()
    {
        relay.tick(HEARTBEAT_NS);
        relay.run();
    }

    private static List<String> told(final FakeOutlet client, final String what)
    {
        return client.received.stream().filter(text -> text.contains(what)).toList();
    }
}
