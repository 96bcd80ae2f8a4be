package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Clients with a token that can say nothing about where they were, read when they like and lose their connections at
 * any item: what each of their subscriptions saw, joined together over all connections, is the stream. An item comes
 * again only if the client had not yet shown that it had read it.
 */
class SessionLawTest
{
    private static final int HEADS = 300;
    private static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"%s]}";

    /** One client through all its connections. */
    private static final class Client
    {
        private final String token;
        /** Whether its subscriptions begin again by themselves; else it subscribes again, as viem does. */
        private final boolean restores;
        private final String[] options;
        /** By subscription id: what was read over all connections. */
        private final Map<String, List<Integer>> seen = new HashMap<>();
        /** By subscription id: the last that was read when a ping was answered that proves it. */
        private final Map<String, Integer> proved = new HashMap<>();
        private final List<String> ids = new ArrayList<>();
        /** Those of which this connection has had an item: from there on each item is the next one. */
        private final Set<String> running = new HashSet<>();
        private FakeOutlet outlet;
        private int answers;

        Client(final String token, final boolean restores, final String... options)
        {
            this.token = token;
            this.restores = restores;
            this.options = options;
        }

        int last(final String id)
        {
            final List<Integer> numbers = seen.getOrDefault(id, List.of());
            return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
        }
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 20).map(i -> i < 10 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldJoinToTheStreamOverAllConnections(final long seed)
    {
        final Random random = new Random(seed);
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(1_024).build()),
            NetworkConfig.builder()))
        {
            ResumeTest.subscribe(relay, "");
            final List<Client> clients = List.of(
                new Client("0123456789abcdef", false, ""),
                new Client("0123456789abcdeg", false, "", ""),
                new Client("0123456789abcdeh", true, "", ",{\"relay\":{\"stamps\":true}}"),
                new Client("0123456789abcdei", false, ",{\"relay\":{\"lag\":{\"policy\":\"spill\"}}}"));
            for (int head = 0; head < HEADS; )
            {
                final Client client = clients.get(random.nextInt(clients.size()));
                switch (random.nextInt(6))
                {
                    case 0 -> connect(relay, client, random);
                    case 1 -> read(relay, client, random.nextInt(20));
                    case 2 -> read(relay, client, Integer.MAX_VALUE);
                    case 3 ->
                    {
                        relay.tick(50_000_000L);
                        relay.run();
                    }
                    default ->
                    {
                        final int first = head + 1;
                        head = Math.min(HEADS, head + 1 + random.nextInt(4));
                        ResumeTest.heads(relay, first, head);
                    }
                }
            }
            clients.forEach(client -> finish(relay, client));
            assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
            assertEquals(0, relay.count(RelayCounter.SESSION_GAPS));
        }
    }

    private static void connect(final FakeRelay relay, final Client client, final Random random)
    {
        if (client.outlet != null && random.nextBoolean())
        {
            // It tells the relay nothing, and what it has not read is lost; the relay finds out some time.
            relay.closes(client.outlet);
            relay.run();
        }
        final boolean isFirst = client.ids.isEmpty();
        client.outlet = relay.connect("relay.session=" + client.token + (client.restores ? "&relay=restore" : ""));
        client.answers = 0;
        client.running.clear();
        if (isFirst || !client.restores)
        {
            for (int i = 0; i < client.options.length; i++)
            {
                relay.says(client.outlet, String.format(SUBSCRIBE, i, client.options[i]));
            }
        }
        relay.run();
        if (isFirst)
        {
            read(relay, client, client.options.length);
        }
    }

    private static void read(final FakeRelay relay, final Client client, final int texts)
    {
        for (int i = 0; client.outlet != null && i < texts && !client.outlet.received.isEmpty(); i++)
        {
            final String text = client.outlet.received.poll();
            if (FakeOutlet.PING.equals(text))
            {
                pong(relay, client);
            }
            else if (text.contains("\"method\""))
            {
                item(client, text);
            }
            else
            {
                answer(client, text);
            }
        }
    }

    private static void pong(final FakeRelay relay, final Client client)
    {
        final Object before = client.outlet.readPositions();
        relay.pongs(client.outlet, client.outlet.pingTokens.poll());
        if (client.outlet.readPositions() != before)
        {
            client.running.forEach(id -> client.proved.put(id, client.last(id)));
        }
        relay.run();
    }

    private static void answer(final Client client, final String text)
    {
        final String id = text.replaceAll(".*\"result\":\"(0x[0-9a-f]+)\".*", "$1");
        if (client.ids.size() < client.options.length)
        {
            client.ids.add(id);
        }
        assertEquals(client.ids.get(client.answers++), id, "the id that it had");
    }

    private static void item(final Client client, final String text)
    {
        final String id = text.replaceAll(".*\"subscription\":\"(0x[0-9a-f]+)\".*", "$1");
        assertTrue(client.ids.contains(id), text);
        final int number = Integer.parseInt(text.replaceAll(".*\"number\":\"0x([0-9a-f]+)\".*", "$1"), 16);
        final List<Integer> seen = client.seen.computeIfAbsent(id, key -> new ArrayList<>());
        final boolean isRunning = !client.running.add(id) || seen.isEmpty();
        final boolean isNext = seen.isEmpty() || number == client.last(id) + 1;
        assertTrue(isNext || !isRunning && number <= client.last(id), () -> number + " behind " + seen);
        assertTrue(number > client.proved.getOrDefault(id, 0), () -> number + " again, though proved: " + seen);
        seen.add(number);
    }

    private static void finish(final FakeRelay relay, final Client client)
    {
        if (client.outlet == null)
        {
            return;
        }
        do
        {
            read(relay, client, Integer.MAX_VALUE);
            relay.tick(300_000_000L);
            relay.run();
        }
        while (!client.outlet.received.isEmpty());
        for (final String id : client.ids)
        {
            assertEquals(HEADS, client.last(id), "the newest head");
        }

        // All is proved now: who comes back gets nothing twice.
        relay.closes(client.outlet);
        relay.run();
        client.outlet = relay.connect("relay.session=" + client.token + "&relay=restore");
        relay.run();
        relay.tick(300_000_000L);
        relay.run();
        assertTrue(client.outlet.received.stream().noneMatch(text -> text.contains("number")),
            client.outlet.received::toString);
        relay.closes(client.outlet);
        relay.run();
    }
}
