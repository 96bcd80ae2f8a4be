package io.ringcast.pipeline;

import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What one connection lets wait leaves room for the calls of others. */
class WaitingCallBoundTest
{
    private static final int LIMIT = 1_024;
    private static final int LIMIT_PER_CONNECTION = 256;
    private static final int BEYOND = 3;

    private final FakeRelay relay = FakeRelay.withDefaults();

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldLeaveRoomForTheFilterQueriesOfOthers()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        final String id = newFilter(alice);
        for (int i = 0; i < LIMIT_PER_CONNECTION + BEYOND; i++)
        {
            queryLogs(alice, id);
        }
        assertEquals(LIMIT_PER_CONNECTION, relay.node.received.size());
        assertEquals(BEYOND, refusals(alice));
        assertEquals(BEYOND, relay.count(RelayCounter.LIMIT_REFUSALS));

        final FakeOutlet bob = relay.connect();
        queryLogs(bob, newFilter(bob));
        assertEquals(0, refusals(bob));
        assertEquals(LIMIT_PER_CONNECTION + 1, relay.node.received.size());
    }

    @Test
    void shouldHaveRoomAgainGivenAnAnswer()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect();
        final String id = newFilter(alice);
        for (int i = 0; i < LIMIT_PER_CONNECTION; i++)
        {
            queryLogs(alice, id);
        }
        relay.nodeSays(relay.node.received.poll().replaceAll(",\"method\".*", ",\"result\":[]}"));
        relay.run();
        queryLogs(alice, id);

        assertEquals(0, refusals(alice));
    }

    @Test
    void shouldRefuseEverybodyWhenAllPlacesAreTaken()
    {
        relay.nodeUp();
        for (int i = 0; i < LIMIT / LIMIT_PER_CONNECTION; i++)
        {
            final FakeOutlet client = relay.connect();
            final String id = newFilter(client);
            for (int call = 0; call < LIMIT_PER_CONNECTION; call++)
            {
                queryLogs(client, id);
            }
            assertEquals(0, refusals(client));
        }
        final FakeOutlet late = relay.connect();
        queryLogs(late, newFilter(late));

        assertEquals(1, refusals(late));
    }

    /** A loop that answers nothing is one that is busy. */
    @Test
    void shouldLeaveRoomForOthersThatAskForTheirFigures()
    {
        final FakeOutlet alice = relay.connect();
        for (int i = 0; i < LIMIT_PER_CONNECTION + BEYOND; i++)
        {
            askForFigures(alice);
        }
        final FakeOutlet bob = relay.connect();
        askForFigures(bob);

        assertEquals(BEYOND, refusals(alice));
        assertEquals(0, refusals(bob));
        assertEquals(BEYOND, relay.count(RelayCounter.LIMIT_REFUSALS));
    }

    private String newFilter(final FakeOutlet client)
    {
        final int asked = relay.node.received.size();
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_newFilter\",\"params\":[{}]}");
        relay.run();
        while (relay.node.received.size() > asked)
        {
            relay.nodeSays(relay.node.received.pollLast().replaceAll(",\"method\".*", ",\"result\":\"0xa1\"}"));
            relay.run();
        }
        return client.received.poll().replaceAll(".*\"result\":\"|\".*", "");
    }

    private void queryLogs(final FakeOutlet client, final String id)
    {
        relay.says(client,
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_getFilterLogs\",\"params\":[\"" + id + "\"]}");
        relay.run();
    }

    private void askForFigures(final FakeOutlet client)
    {
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"relay_myLatency\"}");
        relay.run();
    }

    private static long refusals(final FakeOutlet client)
    {
        return client.received.stream().filter(text -> text.contains("-32005")).count();
    }
}
