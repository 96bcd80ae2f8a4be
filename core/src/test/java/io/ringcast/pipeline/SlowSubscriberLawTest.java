package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Clients with every policy, whose sockets fill and drain and who go and come back when they like, or when they are
 * cut off: what each saw, joined together, is the stream once, but for what its policy left out, and of that each item
 * tells how much it was. And a replay of what was recorded of it sends the same bytes.
 */
class SlowSubscriberLawTest
{
    private static final int HEADS = 400;
    private static final String[] POLICIES = {
        null,
        "{\"policy\":\"disconnect\"}",
        "{\"policy\":\"spill\"}",
        "{\"policy\":\"dropOldest\",\"maxItems\":5}",
        "{\"policy\":\"dropOldest\",\"maxBytes\":1500}",
        "{\"policy\":\"dropNew\",\"maxItems\":5}",
        "{\"policy\":\"dropNew\",\"maxBytes\":1500}",
        "{\"policy\":\"conflate\"}",
        "{\"policy\":\"conflate\",\"maxItems\":5}",
        "{\"policy\":\"conflate\",\"maxAgeMs\":15}",
        "{\"policy\":\"disconnect\",\"maxItems\":9}",
        "{\"policy\":\"disconnect\",\"maxAgeMs\":25}",
        "{\"policy\":\"spill\",\"maxBytes\":2500}"};
    private static final Pattern ITEM = Pattern.compile(".*\"number\":\"0x([0-9a-f]+)\".*?\"relay\":\\{(.*)");
    private static final Pattern LOST = Pattern.compile("\"lost\":\\{\"n\":(\\d+)");
    private static final Pattern MERGED = Pattern.compile("\"merged\":(\\d+)");

    /** One client through all its connections. */
    private static final class Client
    {
        private final String policy;
        private final List<Integer> seen = new ArrayList<>();
        private FakeOutlet outlet;
        private boolean isCongested;
        private boolean isCutOff;
        private int cuts;
        private long lost;
        private long merged;

        Client(final String policy)
        {
            this.policy = policy;
        }

        /** What is missing before an item is told with it, to the last one. */
        void read()
        {
            for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
            {
                final Matcher item = ITEM.matcher(text);
                if (item.matches())
                {
                    final int number = Integer.parseInt(item.group(1), 16);
                    final long lostNow = told(LOST, item.group(2));
                    final long mergedNow = told(MERGED, item.group(2));
                    lost += lostNow;
                    merged += mergedNow;
                    final boolean isFirst = seen.isEmpty();
                    assertTrue(isFirst || lostNow + mergedNow == number - last() - 1, policy + " " + seen + text);
                    seen.add(number);
                }
            }
        }

        private static long told(final Pattern pattern, final String relay)
        {
            final Matcher matcher = pattern.matcher(relay);
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        }

        int last()
        {
            return seen.isEmpty() ? 0 : seen.get(seen.size() - 1);
        }
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 30).map(i -> i < 15 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldJoinToTheStreamOnceWhateverHappensToClients(final long seed)
    {
        final Random random = new Random(seed);
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(1_024).build()),
            NetworkConfig.builder()))
        {
            relay.clockStepNs = 17;
            final FakeOutlet witness = ResumeTest.subscribe(relay, "");
            // What is left out for a connection that ends before it is told of it comes to the next one.
            final boolean mayLeave = seed % 2 != 0;
            final List<Client> clients = new ArrayList<>();
            for (final String policy : POLICIES)
            {
                clients.add(new Client(policy));
                clients.add(new Client(policy));
            }
            int head = 0;
            while (head < HEADS)
            {
                if (random.nextInt(3) == 0)
                {
                    final int burst = 1 + random.nextInt(12);
                    head = tell(relay, head, Math.min(HEADS, head + burst), random);
                }
                act(relay, clients.get(random.nextInt(clients.size())), random, mayLeave);
            }
            for (final Client client : clients)
            {
                settle(relay, client);
            }
            // What was left out at the end is told with the next one.
            relay.nodeSays(ResumeTest.head(HEADS + 1));
            clients.forEach(client -> settle(relay, client));
            check(relay, clients, seed, mayLeave);
            assertEquals(HEADS + 1, ResumeTest.numbers(witness).size());
        }
    }

    /** Sometimes several heads are in the ring before anything runs. */
    private static int tell(final FakeRelay relay, final int head, final int to, final Random random)
    {
        for (int number = head + 1; number <= to; number++)
        {
            relay.nodeSays(ResumeTest.head(number));
            if (random.nextBoolean())
            {
                relay.run();
            }
        }
        return to;
    }

    private static void act(
        final FakeRelay relay, final Client client, final Random random, final boolean mayLeave)
    {
        if (client.outlet == null)
        {
            connect(relay, client);
            return;
        }
        switch (random.nextInt(6))
        {
            case 0 ->
            {
                if (mayLeave && random.nextInt(4) == 0)
                {
                    leave(relay, client);
                }
            }
            case 1 -> relay.pongs(client.outlet);
            case 2 ->
            {
                if (client.outlet.mayWait())
                {
                    client.isCongested = true;
                    relay.parts.loops[0].onCongested(client.outlet);
                }
            }
            case 3 -> drain(relay, client);
            case 4 -> relay.tick(10_000_000);
            default -> relay.run();
        }
        if (client.outlet != null)
        {
            client.read();
        }
        if (client.isCutOff)
        {
            client.isCutOff = false;
            client.cuts++;
            if (client.outlet != null)
            {
                leave(relay, client);
            }
        }
    }

    private static void connect(final FakeRelay relay, final Client client)
    {
        final String resume = client.seen.isEmpty() ? "" :
            "\"resume\":{\"e\":\"" + relay.parts.epoch() + "\",\"q\":" + client.last() + "}";
        final String lag = client.policy == null ? "" : "\"lag\":" + client.policy;
        client.outlet = ResumeTest.ask(relay, ",{\"relay\":{\"stamps\":true" + further(resume) + further(lag) + "}}");
        client.outlet.onCutOff = () -> client.isCutOff = true;
    }

    private static String further(final String option)
    {
        return option.isEmpty() ? "" : "," + option;
    }

    private static void leave(final FakeRelay relay, final Client client)
    {
        client.read();
        relay.closes(client.outlet);
        client.outlet = null;
        client.isCongested = false;
    }

    private static void drain(final FakeRelay relay, final Client client)
    {
        if (client.isCongested)
        {
            client.isCongested = false;
            relay.parts.loops[0].onDrained(client.outlet, relay.nowNs);
        }
    }

    private static void settle(final FakeRelay relay, final Client client)
    {
        if (client.isCutOff)
        {
            client.isCutOff = false;
            client.cuts++;
            if (client.outlet != null)
            {
                leave(relay, client);
            }
        }
        if (client.outlet == null)
        {
            connect(relay, client);
        }
        relay.pongs(client.outlet);
        drain(relay, client);
        relay.run();
        client.read();
    }

    private static void check(
        final FakeRelay relay, final List<Client> clients, final long seed, final boolean mayLeave)
    {
        long skipped = 0;
        long merged = 0;
        long cuts = 0;
        for (final Client client : clients)
        {
            final String what = "seed " + seed + " " + client.policy + " " + client.seen;
            int gaps = 0;
            for (int i = 1; i < client.seen.size(); i++)
            {
                assertTrue(client.seen.get(i) > client.seen.get(i - 1), what);
                gaps += client.seen.get(i) - client.seen.get(i - 1) - 1;
            }
            assertEquals(HEADS + 1, client.last(), what);
            cuts += client.cuts;
            skipped += client.lost;
            merged += client.merged;
            assertTrue(client.policy != null && client.policy.contains("drop") || client.lost == 0, what);
            assertTrue(client.policy != null && client.policy.contains("conflate") || client.merged == 0, what);
            assertTrue(client.lost + client.merged >= gaps, what);
        }
        final long counted =
            relay.count(RelayCounter.SKIPPED_BY_ITEMS) + relay.count(RelayCounter.SKIPPED_BY_BYTES) +
                relay.count(RelayCounter.SKIPPED_BY_AGE) + relay.count(RelayCounter.SKIPPED_BY_HISTORY);
        final long countedMerged = relay.count(RelayCounter.ITEMS_MERGED);
        assertTrue(mayLeave ? counted >= skipped : counted == skipped, "seed " + seed + ": " + counted);
        assertTrue(mayLeave ? countedMerged >= merged : countedMerged == merged, "seed " + seed + ": " + countedMerged);
        assertEquals(cuts, relay.count(RelayCounter.LAGS_BEYOND_BOUNDS), "seed " + seed);
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }
}
