package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Only so many subscribers read the past at once, also if all of them have waited for the same upstream. */
class HistoryBoundTest
{
    private static final int LIMIT_READERS = 1_024;
    private static final int LIMIT_READERS_PER_CONNECTION = 256;
    private static final int CLIENTS = 5;

    private static final String TOKEN = "relay.session=0123456789abcdef";

    private final FakeRelay relay = new FakeRelay(
        RelayConfig.builder().delivery(DeliveryConfig.builder().sessionTtlMs(60_000).build()),
        NetworkConfig.builder());

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldRefuseThoseBeyondTheBoundWhenTheUpstreamAcceptsWhatAllWaitFor()
    {
        relay.nodeUp();
        final List<FakeOutlet> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.add(relay.connect());
        }
        for (int i = 0; i < LIMIT_READERS + 6; i++)
        {
            subscribe(clients.get(i % CLIENTS), i, "0x1");
        }
        acceptAll();

        assertEquals(LIMIT_READERS, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
        assertEquals(6, relay.count(RelayCounter.LIMIT_REFUSALS));
        assertEquals(6, clients.stream().mapToLong(client -> count(client, "-32005")).sum());
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @Test
    void shouldLeaveRoomForOthersGivenOneConnectionThatReadsAsMuchAsItMay()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        for (int i = 0; i < LIMIT_READERS_PER_CONNECTION + 3; i++)
        {
            subscribe(alice, i, "0x1");
        }
        acceptAll();
        subscribe(alice, 1, "0x1");
        final FakeOutlet bob = relay.connect();
        subscribe(bob, 2, "0x1");

        assertEquals(3 + 1, relay.count(RelayCounter.LIMIT_REFUSALS));
        assertEquals(3 + 1, count(alice, "-32005"));
        assertEquals(LIMIT_READERS_PER_CONNECTION, count(alice, "\"result\":\"0x"));
        assertEquals(1, count(bob, "\"result\":\"0x"));

        final String id = alice.received.stream().filter(text -> text.contains("\"result\":\"0x")).findFirst()
            .orElseThrow().replaceAll(".*\"result\":\"|\".*", "");
        relay.says(alice, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}");
        subscribe(alice, 4, "0x1");
        assertEquals(LIMIT_READERS_PER_CONNECTION + 1, count(alice, "\"result\":\"0x"));
    }

    /** Who has not read all of the past begins it anew, and needs a place like any other; until then it is kept. */
    @Test
    void shouldKeepWhatASessionReadsAnewWhenAllPlacesAreTaken()
    {
        relay.nodeUp();
        final FakeOutlet first = relay.connect(TOKEN);
        subscribe(first, 1, "0x1");
        acceptAll();
        final String id = idOf(first);
        close(first);
        assertEquals(1, relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_KEPT));
        final List<FakeOutlet> others = readers("0x1");
        assertEquals(LIMIT_READERS + 1, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));

        final FakeOutlet second = relay.connect(TOKEN + "&relay=restore");
        relay.run();
        assertEquals(1, relay.count(RelayCounter.RESUMES_REFUSED));
        subscribe(second, 2, "0x1");
        assertEquals(1, count(second, "-32005"), second.received::toString);
        assertEquals(1, relay.count(RelayCounter.LIMIT_REFUSALS));

        close(others.get(0));
        close(second);
        final FakeOutlet third = relay.connect(TOKEN + "&relay=restore");
        subscribe(third, 3, "0x1");
        assertEquals(id, idOf(third), "begun by itself, under the id that it had");
        assertEquals(LIMIT_READERS + 2, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    /** Who waits for what may never come holds no place of those who read what is there. */
    @Test
    void shouldLeaveRoomForReadersGivenThoseWhoWaitForABlockThatIsYetToCome()
    {
        publish(0x10);
        final List<FakeOutlet> waiting = readers("0x410");
        assertEquals(LIMIT_READERS, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));

        final FakeOutlet reader = relay.connect();
        subscribe(reader, 1, "0x410");
        assertEquals(1, count(reader, "-32005"), "of those who wait there are as many as may be");
        subscribe(reader, 2, "0x1");
        assertEquals(1, count(reader, "\"result\":\"0x"), reader.received::toString);
        relay.closes(waiting.get(0));
        relay.run();
        subscribe(reader, 3, "0x410");
        assertEquals(2, count(reader, "\"result\":\"0x"), reader.received::toString);
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    /** No tick comes between. */
    @Test
    void shouldFreeThePlaceAtOnceGivenAnUnsubscribe()
    {
        publish(0x10);
        final FakeOutlet alice = relay.connect();
        subscribe(alice, 1, "0x1");
        acceptAll();
        final String id = idOf(alice);
        for (int i = 0; i < LIMIT_READERS + 1; i++)
        {
            relay.says(alice,
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"eth_unsubscribe\",\"params\":[\"" + id + "\"]}");
            subscribe(alice, 1, "0x1");
        }

        assertEquals(0, count(alice, "-32005"));
        assertEquals(LIMIT_READERS + 2, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));
    }

    /** Some filters take tens of megabytes of a few hundred blocks, and a reader may be gone before they come. */
    @Test
    void shouldBeginWithFewBlocks()
    {
        publish(0x200);
        final FakeOutlet alice = relay.connect();
        subscribe(alice, 1, "0x1");
        String call = "";
        for (int i = 0; i < 20 && !call.contains("eth_getLogs"); i++)
        {
            call = relay.node.received.isEmpty() ? "" : relay.node.received.poll();
            if (call.contains("eth_subscribe"))
            {
                relay.nodeSays(call.replaceAll(",\"method\".*", ",\"result\":\"0xa1\"}"));
            }
            relay.pongs(alice);
            relay.tick(50_000_000L);
            relay.run();
        }

        assertTrue(call.contains("\"fromBlock\":\"0x1\",\"toBlock\":\"0x4\""), call);
    }

    /** Of those who read what is there, however many connections they share. */
    @Test
    void shouldRefuseMoreThanMayReadWhatIsThereAtOnce()
    {
        publish(0x10);
        readers("0x1");
        assertEquals(LIMIT_READERS, relay.count(RelayCounter.SUBSCRIBES_WITH_HISTORY));

        final FakeOutlet another = relay.connect();
        subscribe(another, 1, "0x1");
        assertEquals(1, count(another, "-32005"), another.received::toString);
    }

    /** So many heads were published. */
    private void publish(final int heads)
    {
        ResumeTest.subscribe(relay, "");
        ResumeTest.heads(relay, 1, heads);
    }

    /** As many as may read at once, over as few connections as may have so many. */
    private List<FakeOutlet> readers(final String fromBlock)
    {
        final List<FakeOutlet> connections = new ArrayList<>();
        for (int i = 0; i < LIMIT_READERS; i++)
        {
            if (i % LIMIT_READERS_PER_CONNECTION == 0)
            {
                connections.add(relay.connect());
            }
            subscribe(connections.get(i / LIMIT_READERS_PER_CONNECTION), i, fromBlock);
        }
        acceptAll();
        return connections;
    }

    private void close(final FakeOutlet client)
    {
        relay.closes(client);
        relay.run();
    }

    private static String idOf(final FakeOutlet client)
    {
        return client.received.stream().filter(text -> text.contains("\"result\":\"0x")).findFirst().orElseThrow()
            .replaceAll(".*\"result\":\"|\".*", "");
    }

    /** Nobody is to hold a reader's place for a block that may never be there. */
    @Test
    void shouldRefuseABlockThatIsFarAheadOfTheNewest()
    {
        publish(0x10);
        final FakeOutlet alice = relay.connect();
        subscribe(alice, 1, "0x411");
        subscribe(alice, 2, "0x7fffffffffffffff");
        acceptAll();
        assertEquals(2, count(alice, "-32602"));
        assertEquals(2, relay.count(RelayCounter.SUBSCRIBES_REFUSED));

        subscribe(alice, 3, "0x410");
        acceptAll();
        assertEquals(1, count(alice, "\"result\":\"0x"));
    }

    /** At first nobody knows how far that is; then its connection goes, and the next subscribe is refused. */
    @Test
    void shouldCutOffWhoWaitsForABlockThatTurnsOutToBeFarAhead()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        subscribe(alice, 1, "0x411");
        final FakeOutlet bob = relay.connect();
        subscribe(bob, 2, "0x410");
        acceptAll();
        final List<FakeOutlet> cutOff = new ArrayList<>();
        alice.onCutOff = () -> cutOff.add(alice);
        bob.onCutOff = () -> cutOff.add(bob);
        relay.pongs(alice);
        relay.pongs(bob);
        relay.run();
        assertEquals(List.of(), cutOff);

        for (String asked = relay.node.received.poll(); asked != null; asked = relay.node.received.poll())
        {
            assertTrue(asked.contains("\"latest\""), asked);
            relay.nodeSays(asked.replaceAll(",\"method\".*", ",\"result\":{\"number\":\"0x10\",\"hash\":\"" +
                ResumeTest.hash(16) + "\",\"parentHash\":\"" + ResumeTest.hash(15) + "\"}}"));
            relay.run();
        }
        assertEquals(List.of(alice), cutOff);
        relay.closes(alice);
        relay.tick(50_000_000L);
        relay.run();
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    private void subscribe(final FakeOutlet client, final int id, final String fromBlock)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":" + id +
            ",\"method\":\"eth_subscribe\",\"params\":[\"logs\",{\"fromBlock\":\"" + fromBlock + "\"}," +
            "{\"relay\":{\"history\":true}}]}");
        relay.run();
    }

    /** The node accepts what it is asked for. */
    private void acceptAll()
    {
        for (String asked = relay.node.received.poll(); asked != null; asked = relay.node.received.poll())
        {
            relay.nodeSays(asked.replaceAll(",\"method\".*", ",\"result\":\"0xa1\"}"));
            relay.run();
        }
        for (int i = 0; i < 4; i++)
        {
            relay.tick(50_000_000L);
            relay.run();
        }
    }

    private static long count(final FakeOutlet client, final String part)
    {
        return client.received.stream().filter(text -> text.contains(part)).count();
    }
}
