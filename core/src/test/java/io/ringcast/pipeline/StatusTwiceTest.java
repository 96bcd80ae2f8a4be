package io.ringcast.pipeline;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A connection may subscribe to the status by its URL and by a call: each subscription tells all, once. */
class StatusTwiceTest
{
    private static final long HEARTBEAT_NS = 1_100_000_000L;

    private final FakeRelay relay = FakeRelay.withDefaults();
    private final List<Integer> asked = new ArrayList<>();

    @AfterEach
    void close()
    {
        relay.close();
    }

    @Test
    void shouldTellTheConnectionsOwnFiguresOverEachSubscriptionOnce()
    {
        relay.nodeUp();
        final FakeOutlet alice = relay.connect("relay=status");
        alice.onFiguresAsked = asked::add;
        relay.run();
        relay.says(alice,
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"relay_status\"]}");
        relay.run();
        final String second = alice.received.stream().filter(text -> text.contains("\"id\":1")).findFirst()
            .orElseThrow().replaceAll(".*\"result\":\"|\".*", "");
        relay.pongs(alice);
        relay.run();

        final List<String> both = idsOfOwnAtAHeartbeat(alice);
        assertEquals(2, both.stream().distinct().count(), both::toString);
        assertEquals(2, both.size(), both::toString);

        relay.says(alice,
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_unsubscribe\",\"params\":[\"" + second + "\"]}");
        relay.run();
        final List<String> one = idsOfOwnAtAHeartbeat(alice);
        assertEquals(1, one.size(), one::toString);
        assertEquals(both.stream().filter(id -> !id.equals(second)).toList(), one);

        relay.closes(alice);
        relay.run();
        asked.clear();
        relay.tick(HEARTBEAT_NS);
        relay.run();
        assertEquals(List.of(), asked);
    }

    /** The ids under which what its loop has measured comes, which is asked for once. */
    private List<String> idsOfOwnAtAHeartbeat(final FakeOutlet client)
    {
        asked.clear();
        client.received.clear();
        relay.tick(HEARTBEAT_NS);
        relay.run();
        assertEquals(1, asked.size());
        relay.tellsFigures(client, asked.get(0), "\"queue\":{\"items\":1,\"bytes\":2}");
        relay.run();
        return client.received.stream().filter(text -> text.contains("\"event\":\"own\""))
            .map(text -> text.replaceAll(".*\"subscription\":\"|\".*", "")).toList();
    }
}
