package io.ringcast.pipeline;

import io.ringcast.config.DeliveryConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A subscriber that reads at its own pace, and so slowly that what it has yet to get is no longer kept: it gets that
 * from the nodes if it asked to, each item once and in order, and else it is told how much it lost.
 */
class SpillPastMemoryTest
{
    private static final int KEPT_ITEMS = 512;
    private static final int ROUNDS = 10;
    private static final Pattern ITEM = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",.*\"result\":(\\{.*?}),\"relay\":(\\{.*})}}");
    private static final Pattern LOST = Pattern.compile(".*\"lost\":\\{\"n\":(\\d+),.*\"why\":\"history\"}.*");

    private FakeRelay relay;
    private PastChain chain;
    private FakeOutlet client;
    private boolean isCongested;
    /** Of the query of its URL; null if it has no session. */
    private String token;
    private final List<String> got = new ArrayList<>();
    private long lost;
    private long past;

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 12).map(i -> i < 8 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldReadOnFromTheNodesGivenThatTheSubscriberAskedTo(final long seed)
    {
        final boolean isOfHeads = seed % 3 == 0;
        run(seed, isOfHeads, ",\"onGap\":\"backfill\"");

        final List<String> wanted = isOfHeads ? chain.heads(1) : chain.logs(1, Long.MAX_VALUE, true);
        assertEquals(0, lost, () -> "seed " + seed);
        for (int i = 0; i < Math.min(wanted.size(), got.size()); i++)
        {
            assertEquals(wanted.get(i), got.get(i), "seed " + seed + " item " + i);
        }
        assertEquals(wanted.size(), got.size(), () -> "seed " + seed);
        assertTrue(relay.count(RelayCounter.GAPS_FILLED) > 0 && past > KEPT_ITEMS, () -> past + " read anew");
        assertEquals(past, client.pastItems, "those whose place a door has to note");
        assertEquals(0, relay.count(RelayCounter.SKIPPED_BY_HISTORY));
        assertEquals(0, relay.count(RelayCounter.STAGE_FAILURES));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, false"})
    void shouldTellWhatIsLostGivenThatTheSubscriberDidNotAsk(final long seed, final boolean isOfHeads)
    {
        run(seed, isOfHeads, "");

        final List<String> all = isOfHeads ? chain.heads(1) : chain.logs(1, Long.MAX_VALUE, true);
        assertTrue(lost > KEPT_ITEMS, () -> lost + " lost");
        assertEquals(all.size(), got.size() + lost);
        assertEquals(lost, relay.count(RelayCounter.SKIPPED_BY_HISTORY));
        assertEquals(0, relay.count(RelayCounter.GAPS_FILLED));
        assertEquals(all.get(all.size() - 1), got.get(got.size() - 1));
    }

    @ParameterizedTest
    @CsvSource({"11, true", "12, false"})
    void shouldReadOnFromTheNodesGivenASessionThatComesBackInTheMidst(final long seed, final boolean isOfHeads)
    {
        token = "relay.session=0123456789abcdef";
        run(seed, isOfHeads, ",\"onGap\":\"backfill\"");

        final List<String> wanted = isOfHeads ? chain.heads(1) : chain.logs(1, Long.MAX_VALUE, true);
        assertTrue(relay.count(RelayCounter.SESSION_SUBSCRIPTIONS_KEPT) > 0);
        assertEquals(0, lost);
        assertEquals(wanted, new ArrayList<>(new LinkedHashSet<>(got)));
    }

    /** The subscriber takes an answer or two now and then, while more and more is published; at last it takes all. */
    private void run(final long seed, final boolean isOfHeads, final String options)
    {
        final Random random = new Random(seed);
        chain = new PastChain(random);
        relay = new FakeRelay(
            RelayConfig.builder().delivery(DeliveryConfig.builder().historyItems(KEPT_ITEMS).build()),
            NetworkConfig.builder());
        try (FakeRelay closed = relay)
        {
            chain.grow();
            relay.nodeUp();
            subscribe(isOfHeads, options);
            tell(4);
            for (int round = 0; round < ROUNDS; round++)
            {
                congest();
                // Its place is noted as it begins to lag, so it need not take anything in time; but it has to have one.
                tell(random.nextInt(2 * KEPT_ITEMS));
                takeSome(1 + random.nextInt(2));
                if (token != null && relay.count(RelayCounter.GAPS_FILLED) == 1)
                {
                    relay.closes(client);
                    relay.run();
                    subscribe(isOfHeads, options);
                    token = null;
                }
            }
            drain();
            for (int i = 0; i < 50; i++)
            {
                tell(2);
                relay.tick(400_000_000L);
                answerAll();
            }
            assertEquals(0, closed.count(RelayCounter.EGRESS_FAILURES));
        }
    }

    private void subscribe(final boolean isOfHeads, final String options)
    {
        client = token == null ? relay.connect() : relay.connect(token);
        isCongested = false;
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[" +
            (isOfHeads ? "\"newHeads\"" : "\"logs\",{}") + ",{\"relay\":{\"stamps\":true,\"lag\":{\"policy\":" +
            "\"spill\"}" + options + "}}]}");
        answerAll();
        relay.pongs(client);
        answerAll();
        client.notesPast = true;
    }

    /** As a socket does with each flush: it may have become live meanwhile. */
    private void congest()
    {
        isCongested = true;
        relay.parts.loops[0].onCongested(client);
    }

    private void drain()
    {
        if (isCongested)
        {
            isCongested = false;
            relay.parts.loops[0].onDrained(client, relay.nowNs);
        }
        answerAll();
    }

    /** The socket fills again before it has taken all. */
    private void takeSome(final int polls)
    {
        isCongested = false;
        relay.parts.loops[0].onDrained(client, relay.nowNs);
        for (int i = 0; i < polls; i++)
        {
            relay.pipeline.runStages();
            relay.pipeline.poller(0).poll();
        }
        congest();
        answerAll();
        congest();
    }

    private void tell(final int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            final PastChain.Block block = chain.grow();
            relay.nodeSays(PastChain.item("0xaa", block.head()));
            block.logs().forEach(log -> relay.nodeSays(PastChain.item("0xbb", log)));
            answerAll();
        }
    }

    private void answerAll()
    {
        chain.answerAll(relay);
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            final Matcher item = ITEM.matcher(text);
            if (item.matches())
            {
                got.add(item.group(1));
                past += item.group(2).startsWith("{\"phase\":\"history\"") ? 1 : 0;
                final Matcher loss = LOST.matcher(item.group(2));
                lost += loss.matches() ? Long.parseLong(loss.group(1)) : 0;
            }
        }
    }
}
