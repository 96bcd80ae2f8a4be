package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Who asks for items in intervals gets at most one in each, in order, and always the last one; what the others were is
 * counted. The replay of the journal says the same.
 */
class IntervalLawTest
{
    private static final int HEADS = 300;
    private static final long MS = 1_000_000L;
    private static final Pattern ITEM = Pattern.compile(
        "\"number\":\"0x([0-9a-f]+)\".*\"q\":(\\d+)(?:.*\"merged\":(\\d+))?");

    /** One subscriber. */
    private static final class Client
    {
        private final FakeOutlet outlet;
        private final long everyNs;
        private int last;
        private int merged;
        private int items;
        private long lastNs;

        Client(final FakeOutlet outlet, final long everyNs)
        {
            this.outlet = outlet;
            this.everyNs = everyNs;
        }

        void read(final long nowNs)
        {
            for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
            {
                final Matcher item = ITEM.matcher(text);
                if (item.find())
                {
                    final int number = Integer.parseInt(item.group(1), 16);
                    final int since = item.group(3) == null ? 0 : Integer.parseInt(item.group(3));
                    assertTrue(number > last, number + " behind " + last);
                    assertTrue(items == 0 || nowNs - lastNs >= everyNs, "too soon: " + (nowNs - lastNs));
                    assertEquals(number - 1, last + since, "those that it stands for");
                    last = number;
                    lastNs = nowNs;
                    merged += since;
                    items++;
                }
            }
        }
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 30).map(i -> i < 15 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldGiveOneItemAnIntervalAndTheLastOneAlways(final long seed)
    {
        final Random random = new Random(seed);
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(1_024).build()),
            NetworkConfig.builder()))
        {
            final FakeOutlet witness = ResumeTest.subscribe(relay, "");
            final List<Client> clients = LongStream.of(1, 20, 130, 1_000).mapToObj(ms -> new Client(ResumeTest.ask(
                relay, ",{\"relay\":{\"stamps\":true,\"everyMs\":" + ms + "}}"), ms * MS)).toList();
            clients.forEach(client -> relay.pongs(client.outlet));
            relay.run();
            for (int head = 0; head < HEADS; )
            {
                if (random.nextInt(3) == 0)
                {
                    relay.tick(random.nextInt(40) * MS);
                    relay.run();
                }
                else
                {
                    relay.nowNs += random.nextInt(4) * MS;
                    ResumeTest.heads(relay, head + 1, ++head);
                }
                clients.forEach(client -> client.read(relay.nowNs));
            }
            relay.tick(1_000 * MS);
            relay.run();
            for (final Client client : clients)
            {
                client.read(relay.nowNs);
                assertEquals(HEADS, client.last);
                assertEquals(HEADS, client.items + client.merged);
            }
            assertEquals(HEADS, ResumeTest.numbers(witness).size());
            assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
        }
    }

    @Test
    void shouldGiveAnItemAtOnceGivenThatTheLastOneIsLongAgo()
    {
        try (FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder()))
        {
            ResumeTest.subscribe(relay, "");
            final FakeOutlet client = ResumeTest.ask(relay, ",{\"relay\":{\"everyMs\":50}}");
            relay.pongs(client);
            relay.run();
            for (int i = 1; i <= 3; i++)
            {
                ResumeTest.heads(relay, i, i);
                assertEquals(List.of(i), ResumeTest.numbers(client));
                relay.tick(60 * MS);
                relay.run();
            }
        }
    }

    @Test
    void shouldRefuseAnotherPolicyAndAnIntervalWithoutAHistory()
    {
        try (FakeRelay relay = FakeRelay.recorded(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyBytes(0).build()), NetworkConfig.builder()))
        {
            ResumeTest.subscribe(relay, "");
            final String spill = "{\"everyMs\":5,\"lag\":{\"policy\":\"spill\"}}";
            assertTrue(ResumeTest.ask(relay, ",{\"relay\":" + spill + "}").received.poll().contains(
                "relay option everyMs with lag.policy=spill; allowed: conflate"));
            assertTrue(ResumeTest.ask(relay, ",{\"relay\":{\"everyMs\":5}}").received.poll()
                .contains("historyBytes is 0"));
        }
    }
}
